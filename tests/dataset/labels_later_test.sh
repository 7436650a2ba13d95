#!/usr/bin/env bash
# Labels that are made later have the bytes of labels that were asked for at once, whatever stops the work in between; images that are
# made again have the bytes of the files; sets of earlier releases are read. The oracle is `diff -r` of whole sets.
set -u
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failures=0 tried=0
: "${DIFFUSE:?the program}" "${MODEL:?a face model}"
all=segmentation,depth,normals,gaze,albedo,uv,mesh,matte,landmarks

check() { # SENTENCE COMMAND...
    local sentence=$1
    shift
    tried=$((tried + 1))
    if "$@"; then
        echo "ok: $sentence"
    else
        echo "FAILED: $sentence"
        failures=$((failures + 1))
    fi
}

exits() { # STATUS COMMAND...: and on status 1 exactly one line of error
    local want=$1 status
    shift
    "$@" >out 2>err </dev/null
    status=$?
    if [ $status -ne "$want" ] || { [ $status -eq 1 ] && [ "$(grep -c . err)" -ne 1 ]; }; then
        echo "exit $status: $(head -c 300 err)"
        return 1
    fi
}

says() { # WORDS: in the last sentence
    grep -q -e "$1" err || { echo "said: $(head -c 300 err)"; return 1; }
}

render() { # OUT OPTIONS...
    local out=$1
    shift
    "$DIFFUSE" render --model model.safetensors --identities ids.jsonl --per-identity 3 --size 48 --seed 7 --glasses 0.5 --hat 0.3 --quiet --out "$out" "$@"
}

add() { # DIR OPTIONS...
    local set=$1
    shift
    "$DIFFUSE" render "$set" --quiet "$@"
}

same() { # DIR DIR: everything, hidden files too
    diff -r "$1" "$2" >difference || { head -3 difference; return 1; }
}

cp "$MODEL" model.safetensors
"$DIFFUSE" sample --model model.safetensors --count 4 --seed 2 --out ids.jsonl --quiet >/dev/null || exit 1
seq 3 7 30 >vertices.txt
render whole --labels $all --normals16 --landmarks vertices.txt >/dev/null || exit 1
render bare >/dev/null && render some --labels depth,gaze >/dev/null || exit 1

# ---- what a set keeps ----
check "a set keeps its people" cmp whole/identities.jsonl ids.jsonl
check "all of them where one image is drawn" bash -c "$(printf '%q ' "$DIFFUSE") render --model model.safetensors --identities ids.jsonl --size 32 --only 000001/0 --out single --quiet >/dev/null && cmp single/identities.jsonl ids.jsonl"
check "shards share the copy" bash -c "for k in 1 0; do $(printf '%q ' "$DIFFUSE") render --model model.safetensors --identities ids.jsonl --per-identity 1 --size 32 --shard \$k/2 --out parts --quiet >/dev/null || exit 1; cmp parts/identities.jsonl ids.jsonl || exit 1; done"
check "a set may be replaced from its own copy" exits 0 "$DIFFUSE" render --model model.safetensors --identities parts/identities.jsonl --per-identity 2 --size 32 --out parts --quiet --force
check "which stays" cmp parts/identities.jsonl ids.jsonl
mkdir outside && cp ids.jsonl outside/kept && rm parts/identities.jsonl && echo precious >outside/other && ln -s ../outside/other parts/identities.jsonl
check "a link in its place is not written through" exits 0 "$DIFFUSE" render --model model.safetensors --identities outside/kept --per-identity 2 --size 32 --out parts --quiet --force
check "what it points to stays" grep -qx precious outside/other
check "and the copy is there" cmp parts/identities.jsonl ids.jsonl

# ---- the same bytes ----
for threads in 1 2; do
    cp -a bare set$threads
    check "labels are made for a set without any, with $threads threads" exits 0 add set$threads --add $all --normals16 --landmarks vertices.txt --threads $threads
    check "the set is as if they had been asked for at once" same whole set$threads
done
cp -a some steps
for kind in ${all//,/ }; do
    options=()
    [ "$kind" = normals ] && options=(--normals16)
    [ "$kind" = landmarks ] && options=(--landmarks vertices.txt)
    check "one kind after another: $kind" exits 0 add steps --add "$kind" ${options[@]+"${options[@]}"}
done
check "in steps too, and over those that are there" same whole steps
check "verified" exits 0 "$DIFFUSE" dataset verify steps
render one --only 000002/1 >/dev/null && render onewhole --only 000002/1 --labels $all >/dev/null
check "a set of one image gets labels" exits 0 add one --add $all
check "and is as if made at once" same onewhole one
check "the image is that of the whole set" cmp one/000002/0001.png whole/000002/0001.png
check "and so are its labels" cmp one/labels/mesh/000002/0001.ply whole/labels/mesh/000002/0001.ply
rm set2/labels/uv/000001/0002.png && rm -r set2/labels/depth
check "lost files come back" exits 0 add set2 --add uv,depth
check "as they were" same whole set2
cp -a bare cards && rm cards/README.md cards/croissant.json
check "a set that lost its cards" exits 0 add cards --add depth
check "has them then" [ -e cards/README.md ]

# ---- stops ----
kills=0
cp -a bare killed
for delay in 0.02 0.05 0.1 0.15 0.2 0.3; do
    "$DIFFUSE" render killed --add $all --normals16 --landmarks vertices.txt --threads 1 --quiet >/dev/null 2>&1 &
    process=$!
    sleep $delay
    kill -KILL $process 2>/dev/null && kills=$((kills + 1))
    wait $process 2>/dev/null
done
check "after $kills kills the same command goes on" exits 0 add killed --add $all --normals16 --landmarks vertices.txt
check "and ends with the same set" same whole killed
cp -a bare moved && mkdir -p moved/.diffuse/adding moved/labels && cp -a whole/labels/depth moved/labels/depth
check "a kill after folders were moved harms nothing" exits 0 add moved --add $all --normals16 --landmarks vertices.txt
check "the set is the same" same whole moved
"$DIFFUSE" render --model model.safetensors --identities ids.jsonl --per-identity 60 --size 256 --quiet --out large >/dev/null
cp -a large before
python3 -c 'import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); os.execv(sys.argv[1], sys.argv[1:])' \
    "$DIFFUSE" render large --add depth,mesh --quiet >/dev/null 2>err &
process=$!
for _ in $(seq 100); do
    [ -e large/.diffuse/adding/mesh/000000/0001.ply ] && break
    sleep 0.02
done
kill -INT $process
wait $process
check "SIGINT exits with 130" [ $? -eq 130 ]
check "in one sentence" says stopped
check "the set is as it was" same <(cd before && find . -path ./.diffuse -prune -o -type f -print | sort) <(cd large && find . -path ./.diffuse -prune -o -type f ! -path './labels/*' -print | sort)
check "and whole" exits 0 "$DIFFUSE" dataset verify large
check "another process that draws into it keeps others out" flock -s large/.diffuse/run.lock bash -c "! $(printf '%q ' "$DIFFUSE") render large --add depth --quiet 2>err"
check "it says so" says "another process"
lines=$(wc -l <large/.diffuse/adding/manifest.jsonl)
check "it goes on" exits 0 "$DIFFUSE" render large --add depth,mesh --quiet
check "behind the $lines images that were done" grep -q " $(((240 - lines) * 2)) files of labels" out
check "and is whole" exits 0 "$DIFFUSE" dataset verify large
mkdir -p large/.diffuse/adding/depth/000000
check "--force takes away what was begun" exits 0 "$DIFFUSE" render --model model.safetensors --identities ids.jsonl --per-identity 1 --size 32 --quiet --out large --force
check "all of it" [ ! -e large/.diffuse/adding ]

# ---- what is not right ----
cp -a bare odd && cp odd/manifest.jsonl manifest.kept
python3 - <<'P'
data = bytearray(open("model.safetensors", "rb").read())
data[-1] ^= 1
open("other.safetensors", "wb").write(data)
P
check "another model is refused" exits 1 add odd --add depth --model other.safetensors
check "by its hash" says SHA-256
mkdir elsewhere && mv model.safetensors elsewhere/moved.safetensors
check "a model that is nowhere is a sentence" exits 1 add odd --add depth
check "that says where it was looked for" says 'model.safetensors.*--model FILE'
check "it is found in \$DIFFUSE_MODELS by its hash" exits 0 env DIFFUSE_MODELS=/nonexistent:elsewhere "$DIFFUSE" render odd --add matte --quiet
mv elsewhere/moved.safetensors model.safetensors
check "a vertex that the model lacks is a sentence" exits 1 add odd --landmarks <(echo 99999999) --add landmarks
echo x >bad.txt
check "so is a list that is none" exits 1 add odd --add landmarks --landmarks bad.txt
check "which names the line" says 'bad.txt, line 1'
mkdir odd/labels/depth
check "a folder that nobody here made is not touched" exits 1 add odd --add depth
rmdir odd/labels/depth
mv odd/identities.jsonl kept.jsonl
check "without its people a set is a sentence" exits 1 add odd --add depth
check "that says the way out" says '--identities FILE'
check "people may be given" exits 0 add odd --add depth --identities ids.jsonl
check "and are kept again" cmp odd/identities.jsonl ids.jsonl
head -n 3 ids.jsonl >fewer.jsonl
check "other people are refused" exits 1 add odd --add uv --identities fewer.jsonl
sed -i '2s/"yaw":[-0-9.]*/"yaw":1.5/' odd/manifest.jsonl
check "a line that is not what comes out is a sentence" exits 1 add odd --add uv
check "that names image and key" says '000000/0001.png.*yaw'
cp manifest.kept odd/manifest.jsonl
rm -r odd/.diffuse/adding
check "a set that was taken from others gets none" bash -c "$(printf '%q ' "$DIFFUSE") dataset subset whole --where 'index < 2' --out taken --quiet >/dev/null && ! $(printf '%q ' "$DIFFUSE") render taken --add depth 2>err"
for bad in "--size 64" "--only 000000/1" "--seed 3" "--out bare" "--shard 0/2" "--resume"; do
    # shellcheck disable=SC2086 # several words each
    check "$bad beside --add is wrong usage" exits 2 add bare --add depth $bad
done
for mutation in '"size":48/"size":0' '"size":48/"size":1e99' '"seed":7/"seed":-1' '"labels":\[\]/"labels":["x"]' '"band":"940"/"band":"x"' '"glasses":0.5/"glasses":2' \
    '"engine":"raster"/"engine":"path"' '"format":2/"format":3' '"noise":"on"/"noise":"on","new":1' '"yaw":\[-35,35\]/"yaw":[-35]' '"model":"[0-9a-f]*"/"model":"x"' \
    '"per-identity":3/"per-identity":null'; do
    rm -rf hostile && cp -a bare hostile && sed -i "s/$mutation/" hostile/.diffuse/job.json
    check "job.json with ${mutation#*/} is a sentence" exits 1 add hostile --add depth
done

# ---- images again ----
check "reproduce makes images again" exits 0 "$DIFFUSE" dataset reproduce steps --sample 5 --quiet
check "and counts" grep -q '5 of 12 images made again: 50 of 50 files' out
check "all of a small set, as JSON" exits 0 "$DIFFUSE" dataset reproduce steps --json --quiet --threads 1
check "with all counts" grep -q '"files": 120, "same": 120, "lines_same": 12' out
printf x >>steps/000001/0001.png
cp whole/labels/matte/000000/0000.png steps/labels/matte/000002/0002.png
rm steps/labels/gaze/000003/0000.json
check "damage makes it fail" exits 1 "$DIFFUSE" dataset reproduce steps --quiet
check "each file is named" [ "$(grep -c -e 000001/0001.png -e labels/matte/000002/0002.png -e labels/gaze/000003/0000.json out)" -eq 3 ]
check "the share too" grep -q '117 of 120 files' out
check "a set that was taken from another is made again with its people" exits 0 "$DIFFUSE" dataset reproduce taken --identities ids.jsonl --model model.safetensors --quiet

# ---- earlier releases ----
tar xzf "$here/../data/sets/format-1.tar.gz" && cp -a format-1/set begun
head -n 3 format-1/set/manifest.jsonl >begun/.diffuse/shard-0-of-1.jsonl && rm begun/manifest.jsonl begun/000001/0001.png
check "a set that the first release began is ended" exits 0 "$DIFFUSE" render --model format-1/model.safetensors --identities format-1/identities.jsonl \
    --per-identity 2 --size 32 --seed 7 --labels segmentation,depth,normals --glasses 0.5 --out begun --resume --quiet
check "as it would have ended it" bash -c 'diff -r format-1/set begun -x identities.jsonl -x .diffuse -x README.md -x croissant.json'
for format in format-1 format-2; do
    tar xzf "$here/../data/sets/$format.tar.gz"
    arguments=(--model $format/model.safetensors --identities $format/identities.jsonl --quiet)
    check "$format is verified" exits 0 "$DIFFUSE" dataset verify $format/set
    check "$format is made again byte for byte" exits 0 "$DIFFUSE" dataset reproduce $format/set "${arguments[@]}"
    check "$format gets a label" exits 0 "$DIFFUSE" render $format/set --add mesh,gaze "${arguments[@]}"
    check "$format is verified with it" exits 0 "$DIFFUSE" dataset verify $format/set
    check "$format has its identities then" cmp $format/set/identities.jsonl $format/identities.jsonl
done
echo "$tried checks, $kills kills"
exit $((failures > 0))
