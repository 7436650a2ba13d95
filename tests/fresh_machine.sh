#!/usr/bin/env bash
# tests/fresh_machine.sh [TARGET...]: proves that a fresh machine needs nothing but a clone: makes a minimal Debian by
# debootstrap (mirrors and proxy from this host's apt configuration), copies a clone of this repository's HEAD into it and runs
# `make test` and `make demo` there, or the targets given. Needs root, debootstrap and git. KEEP=1 keeps the machine,
# MACHINE=DIR makes it there (an existing base system in it is used again).
set -euo pipefail
source_tree=$(cd "$(dirname "$0")/.." && pwd)
suite=bookworm
machine=${MACHINE:-$(mktemp -d /var/tmp/fresh-machine.XXXXXX)}
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(test demo)

[ "$(id -u)" = 0 ] || { echo "fresh_machine.sh: needs root (debootstrap and chroot)" >&2; exit 1; }

release_mounts() {
    local place
    for place in dev proc; do
        umount --lazy "$machine/$place" 2>/dev/null || true
    done
}
finish() {
    release_mounts
    [ -n "${KEEP:-}${MACHINE:-}" ] || rm -rf --one-file-system "$machine"
}
trap finish EXIT

# The first mirror of the suite that apt here knows, and its proxy.
# shellcheck disable=SC2016 # apt's own names
mirror=$(apt-get indextargets --format '$(SITE) $(RELEASE)' 'Created-By: Packages' 2>/dev/null | awk -v suite=$suite '$2 == suite { print $1; exit }')
eval "$(apt-config shell proxy Acquire::http::Proxy)"
[ -z "${proxy:-}" ] || export http_proxy=$proxy
[ -n "$mirror" ] || { echo "fresh_machine.sh: apt knows no mirror of $suite here" >&2; exit 1; }

if [ ! -x "$machine/usr/bin/apt-get" ]; then
    debootstrap --variant=minbase $suite "$machine" "$mirror"
fi

# What makes this host's network reachable: resolver, apt's proxy, npm's settings, certificates. A machine has these of its own.
cp /etc/resolv.conf "$machine/etc/resolv.conf"
cp /etc/hosts "$machine/etc/hosts"
apt-config dump 2>/dev/null | grep -i '^Acquire::https\?::Proxy' >"$machine/etc/apt/apt.conf.d/50proxy" || true
certificates=/etc/host-certificates.crt # not in the place of Debian's own, which its package replaces
cp /etc/ssl/certs/ca-certificates.crt "$machine$certificates" 2>/dev/null || : >"$machine$certificates"

mkdir -p "$machine/dev" "$machine/proc"
release_mounts
mount -t proc proc "$machine/proc"
mount --rbind /dev "$machine/dev"
mount --make-rslave "$machine/dev"

rm -rf "$machine/root/clone" "$machine/root/.local"
git clone --quiet --no-hardlinks "$source_tree" "$machine/root/clone"

# make is the one thing to install by hand; everything else is setup.sh's.
enter() {
    env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 ${http_proxy:+http_proxy="$http_proxy"} \
        NODE_EXTRA_CA_CERTS=$certificates chroot "$machine" "$@"
}
enter sh -c 'apt-get update --quiet=2 && DEBIAN_FRONTEND=noninteractive apt-get install --quiet=2 --yes --no-install-recommends make >/dev/null'
for target in "${targets[@]}"; do
    started=$SECONDS
    enter make -C /root/clone "$target"
    echo "fresh_machine.sh: make $target passed in $((SECONDS - started)) s"
done
echo "fresh_machine.sh: passed: ${targets[*]}"
