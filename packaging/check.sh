#!/bin/bash
# usage: packaging/check.sh DEB [SUITE]   installs the package into a fresh Debian (debootstrap), runs the edge there, asks
# it, upgrades, removes and purges it; and lets systemd judge the unit. As root. Everything is gone afterwards.
set -euo pipefail
cd "$(dirname "$0")/.."
deb=$(readlink -f "$1")
suite=${2:-bookworm}
root=$(mktemp -d /tmp/portolan-deb-XXXXXX)
edge=
cleanup() {
    [ -z "$edge" ] || kill "$edge" 2>/dev/null || true
    for place in proc dev; do mountpoint -q "$root/$place" && umount "$root/$place"; done
    rm -rf --one-file-system "$root"
}
trap cleanup EXIT
say() { printf '%-64s %s\n' "$1" "${2:-ok}"; }
fail() { echo "packaging/check.sh: $1" >&2; exit 1; }

mirror=$(sed -n 's/^deb \(\[[^]]*\] \)\?\([^ ]*\) .*/\2/p; s/^URIs: *//p' \
    /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources 2>/dev/null | head -1 || true)
debootstrap --variant=minbase "$suite" "$root" "$mirror" > "$root.log" 2>&1 || { tail "$root.log"; fail "debootstrap"; }
rm -f "$root.log"
mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"
cp /etc/apt/apt.conf.d/*proxy* "$root/etc/apt/apt.conf.d/" 2>/dev/null || true
cp "$deb" "$root/tmp/portolan.deb"
inside() { chroot "$root" env DEBIAN_FRONTEND=noninteractive LC_ALL=C "$@"; }
inside apt-get install -q -y --no-install-recommends /tmp/portolan.deb > "$root/tmp/install.log" 2>&1 \
    || { tail "$root/tmp/install.log"; fail "the package does not install"; }
say "installed into a fresh $suite, with" "$(inside dpkg-query -W -f='${Package} ${Version}' portolan)"
inside portolan check /etc/portolan/portolan.yaml > /dev/null
say "its configuration is valid"
[ "$(stat -c '%U:%G %a' "$root/var/lib/portolan" | sed "s/^[^ ]*/$(inside stat -c '%U:%G' /var/lib/portolan)/")" \
    = "portolan:portolan 700" ] || fail "/var/lib/portolan is not the service's alone"
say "state in /var/lib/portolan, 0700, of user portolan"
inside bash -n /usr/share/bash-completion/completions/portolan
gzip -t "$root/usr/share/man/man1/portolan.1.gz"
say "man page and completions are there"

# As the unit starts it: its user, its folders.
install -d -m 0700 "$root/run/portolan"
inside chown portolan:portolan /run/portolan
sed -i 's/127.0.0.1:8080/127.0.0.1:0/; s/127.0.0.1:9443/127.0.0.1:0/' "$root/etc/portolan/portolan.yaml"
chroot --userspec=portolan:portolan "$root" env HOME=/var/lib/portolan \
    /usr/bin/portolan serve --config /etc/portolan/portolan.yaml 2> "$root/tmp/edge.log" &
edge=$!
for _ in $(seq 100); do [ -S "$root/run/portolan/portolan.sock" ] && break; sleep 0.1; done
inside portolan status --admin unix:/run/portolan/portolan.sock > /dev/null \
    || { tail "$root/tmp/edge.log"; fail "the edge does not answer"; }
say "runs as user portolan and answers on /run/portolan"
kill -TERM "$edge"
wait "$edge" || fail "the edge ended with exit code $?"
edge=
[ -f "$root/var/lib/portolan/portolan.db" ] || fail "no state was written"
say "stops with exit code 0 and leaves its state"
inside dpkg -i /tmp/portolan.deb > /dev/null 2>&1 || fail "the package does not install over itself"
[ -f "$root/var/lib/portolan/portolan.db" ] || fail "an upgrade lost the state"
say "an upgrade keeps configuration and state"
inside dpkg --remove portolan > /dev/null 2>&1
[ -f "$root/var/lib/portolan/portolan.db" ] || fail "removal lost the state"
inside dpkg --purge portolan > /dev/null 2>&1
[ ! -e "$root/var/lib/portolan" ] || fail "purge left /var/lib/portolan"
say "removal keeps the state, purge takes it"
