#!/usr/bin/env bash
# Tries `diffuse render` and `diffuse dataset verify` as a person's shell does: exit codes, one sentence, signals, places, locales,
# closed outputs, several processes at once.
set -u
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failures=0
: "${DIFFUSE:?the program}" "${MODEL:?a face model}"

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

exits() { # STATUS COMMAND...: and on status 1 exactly one line of error
    local want=$1 status lines
    shift
    "$@" >out 2>err </dev/null
    status=$?
    lines=$(grep -c . err)
    if [ $status -ne "$want" ] || { [ $status -eq 1 ] && [ "$lines" -ne 1 ]; }; then
        echo "exit $status, $lines lines: $(head -c 300 err)"
        return 1
    fi
}

render() { # OUT OPTIONS...
    local out=$1
    shift
    "$DIFFUSE" render --model "$MODEL" --identities ids.jsonl --per-identity 3 --size 32 --threads 2 --quiet --out "$out" "$@"
}

digest() { # DIR: of the manifest and all images
    (cd "$1" && find . -type f ! -path './.*' | LC_ALL=C sort | xargs -d '\n' sha256sum | sha256sum)
}

same() {
    [ "$(digest "$1")" = "$(digest "$2")" ]
}

"$DIFFUSE" sample --model "$MODEL" --count 5 --seed 1 --out ids.jsonl --quiet >/dev/null || exit 1
check "a set is rendered" exits 0 render set
check "and verified" exits 0 "$DIFFUSE" dataset verify set
check "verified as JSON" grep -q '"problem_count":0' <("$DIFFUSE" dataset verify set --json | tr -d ' ')
check "a set that is there is refused" exits 1 render set
check "the refusal names the ways out" grep -q -e '--resume.*--force' err

for bad in "--shard 3/3" "--shard 1" "--shard -1/2" "--shard 0/99999999999" "--only x" "--only /1" "--only 000000/3" "--yaw 20:10" "--yaw nan" \
    "--labels nonsense" "--resume --force" "--shard 0/2 --force" "--size 15" "--size 8193" "--per-identity 0" \
    "--normals16" "--lamps 0 --ambient 0" "--bits 12"; do
    # shellcheck disable=SC2086 # several words each
    check "$bad is wrong usage" exits 2 render never $bad
done
check "wrong usage writes nothing" [ ! -e never ]
check "an unknown identity is a sentence" exits 1 render never --only nobody/0
check "a missing model is a sentence" exits 1 "$DIFFUSE" render --model nothing --identities ids.jsonl --out never
check "a missing folder of backgrounds is a sentence" exits 1 render never --background nothing
check "failures write nothing" [ ! -e never ]

mkdir -p "deutsch ü/$(printf 'x%.0s' {1..200})"
place="deutsch ü/$(printf 'x%.0s' {1..200})/set"
check "another locale, time zone and mask write the same bytes" env LC_ALL=de_DE.UTF-8 TZ=Asia/Tokyo HOME= bash -c \
    'umask 077; "$0" render --model "$1" --identities ids.jsonl --per-identity 3 --size 32 --threads 1 --quiet --out "$2" >/dev/null' \
    "$DIFFUSE" "$MODEL" "$place"
check "in a long place with blanks" same set "$place"
render closed >&- 2>closed.err
check "a closed standard output does not spoil the set" same set closed

if [ "$(id -u)" -ne 0 ]; then
    mkdir locked && chmod a-w locked
    check "a read-only place is a sentence" exits 1 render locked/set
fi
check "a device as output is a sentence" exits 1 render /dev/null

for signal in INT TERM; do
    status=$([ $signal = INT ] && echo 130 || echo 143)
    [ $signal = INT ] && many="--per-identity 5000 --size 128" || many="--per-identity 5000 --size 4096 --samples 1 --threads 2" # seconds an image
    rm -rf stopped
    # A script's background jobs ignore SIGINT unless they ask for it again.
    # shellcheck disable=SC2086 # several words
    python3 -c 'import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); os.execv(sys.argv[1], sys.argv[1:])' \
        "$DIFFUSE" render --model "$MODEL" --identities ids.jsonl $many --quiet --out stopped >/dev/null 2>stop.err &
    process=$!
    for _ in $(seq 200); do
        [ -s stopped/.diffuse/shard-0-of-1.jsonl ] || { [ $signal = TERM ] && [ -d stopped/000000 ]; } && break
        sleep 0.05
    done
    before=$(date +%s%N)
    kill -s $signal $process
    wait $process
    check "SIG$signal exits with $status" [ $? -eq "$status" ]
    check "within two seconds" [ $((($(date +%s%N) - before) / 1000000)) -lt 2000 ]
    check "in one sentence that says how to go on" grep -q -e '--resume' stop.err
    check "and what is done stays" [ -e stopped/.diffuse/shard-0-of-1.jsonl ]
done

check "a shard goes first" exits 0 render shards --shard 1/2
render shards --shard 0/2 >/dev/null 2>err.a &
first=$!
render shards --shard 0/2 >/dev/null 2>err.b &
second=$!
wait $first
a=$?
wait $second
b=$?
check "of two processes with one shard one is refused" [ $((a + b)) -eq 1 ]
check "and the set is right" same set shards
check "going on with a complete set changes nothing" exits 0 render shards --resume --shard 0/2
check "nor without shards" exits 0 render shards --resume
check "it is still right" same set shards

rm -f set/*/0001.png
"$DIFFUSE" dataset verify set >out 2>err
check "verify fails on missing images" [ $? -eq 1 ]
check "and names each" [ "$(grep -c '/0001.png: missing' out)" -eq 5 ]
exit $((failures > 0))
