#!/bin/bash
# usage: packaging/check.sh DEB [SUITE]   installs the package into a fresh Debian (debootstrap), runs the edge there as
# the unit confines it, sends it a request, upgrades, removes and purges it. As root. Everything is gone afterwards.
set -euo pipefail
cd "$(dirname "$0")/.."
deb=$(readlink -f "$1")
suite=${2:-bookworm}
root=$(mktemp -d /tmp/portolan-deb-XXXXXX)
chmod 0755 "$root"
edge=
behind=
cleanup() {
    for process in $edge $behind; do kill "$process" 2>/dev/null || true; done
    for place in proc dev; do ! mountpoint -q "$root/$place" || umount "$root/$place"; done
    rm -rf --one-file-system "$root" "$root.log"
}
trap cleanup EXIT
say() { printf '%-64s %s\n' "$1" "${2:-ok}"; }
fail() { echo "packaging/check.sh: $1" >&2; exit 1; }
inside() { chroot "$root" env DEBIAN_FRONTEND=noninteractive LC_ALL=C "$@"; }
# Of a file there: owner, group and mode, as that Debian knows them.
rights() { inside stat -c '%U:%G %a' "$1"; }
has_state() { [ -f "$root/var/lib/portolan/portolan.db" ]; }
ask() { curl -s --http2-prior-knowledge "http://127.0.0.1:$port/" || true; }
status() { inside portolan status --admin unix:/run/portolan/portolan.sock "$@"; }
# A command that says nothing when it goes well.
quietly() {
    "${@:2}" > "$root.log" 2>&1 || { tail -20 "$root.log" >&2; fail "$1"; }
}

# The mirror of Debian's own archive among those that this machine installs from.
mirror=
for uri in $(cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources 2>/dev/null \
    | sed -n 's/^deb \(\[[^]]*\] \)\?\([^ ]*\) .*/\2/p; s/^URIs: *//p'); do
    if grep -qx 'Origin: Debian' < <(curl -sfL --max-time 20 "${uri%/}/dists/$suite/Release"); then
        mirror=$uri
        break
    fi
done
[ -n "$mirror" ] || fail "none of the mirrors in /etc/apt has Debian $suite"
quietly "debootstrap does not finish" debootstrap --variant=minbase "$suite" "$root" "$mirror"
mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"
cp /etc/apt/apt.conf.d/*proxy* "$root/etc/apt/apt.conf.d/" 2>/dev/null || true
cp "$deb" "$root/tmp/portolan.deb"
quietly "the package does not install" inside apt-get install -q -y --no-install-recommends /tmp/portolan.deb
say "installed into a fresh $suite" "$(inside dpkg-query -W -f='${Package} ${Version}' portolan)"

[ "$(inside getent passwd portolan | cut -d: -f6-7)" = "/var/lib/portolan:/usr/sbin/nologin" ] || fail "no user"
[ "$(rights /var/lib/portolan)" = "portolan:portolan 700" ] || fail "/var/lib/portolan is not the service's alone"
[ "$(rights /etc/portolan/portolan.yaml)" = "root:portolan 640" ] || fail "the service may not read its file"
say "user portolan; state in /var/lib, for it alone; configuration in /etc"
quietly "the shipped configuration is not valid" inside portolan check /etc/portolan/portolan.yaml
for file in $(grep -o '/usr/share/doc/portolan/[a-z.]*md' packaging/portolan.yaml); do
    [ -s "$root$file" ] || fail "the configuration refers to $file, which is not there"
done
say "the shipped configuration is valid"
quietly "bash does not read the completions" inside bash -n /usr/share/bash-completion/completions/portolan
gzip -t "$root/usr/share/man/man1/portolan.1.gz"
cmp -s packaging/portolan.service "$root/lib/systemd/system/portolan.service" || fail "no unit where systemd looks"
say "unit, man page and completions are there"

# A service behind it, on this machine; then the edge as its unit starts it, with a configuration of the operator's own.
mkdir "$root/tmp/behind"
echo served | tee "$root/tmp/behind/index.html" > "$root/tmp/behind/healthz"
port=$(python3 -c 'import socket; print(socket.create_server(("127.0.0.1", 0)).getsockname()[1])')
nghttpd --no-tls --address=127.0.0.1 -d "$root/tmp/behind" "$port" &
behind=$!
sed -i "s/127.0.0.1:8080/127.0.0.1:0/; s/127.0.0.1:9443/127.0.0.1:0/; s/127.0.0.1:8081/127.0.0.1:$port/" \
    "$root/etc/portolan/portolan.yaml"
cp "$root/etc/portolan/portolan.yaml" "$root/tmp/changed.yaml"
inside install -d -o portolan -g portolan -m 0700 /run/portolan
packaging/confine.py --root "$root" --user portolan --writable "$root/var/lib/portolan" \
    --writable "$root/var/log/portolan" --writable "$root/run/portolan" \
    /usr/bin/portolan serve --config /etc/portolan/portolan.yaml 2> "$root/tmp/edge.log" &
edge=$!
for _ in $(seq 300); do status > /dev/null 2>&1 && break; sleep 0.1; done
status > /dev/null || { tail "$root/tmp/edge.log" >&2; fail "the edge does not answer"; }
say "runs as user portolan, confined, and answers on /run/portolan"
port=$(sed -n 's/.*listening on 127.0.0.1:\([0-9]*\) (public.*/\1/p' "$root/tmp/edge.log")
for _ in $(seq 100); do [ "$(ask)" = served ] && break; sleep 0.1; done
[ "$(ask)" = served ] || { tail "$root/tmp/edge.log" >&2; fail "a request is not served"; }
say "serves a request"
kill -TERM "$edge"
wait "$edge" || fail "the edge ended with exit code $?"
edge=
has_state || fail "no state was written"
[ -s "$root/var/log/portolan/access.log" ] || fail "no access log was written"
say "stops with exit code 0, leaves state and log"

# The next version: another number, another configuration in it.
dpkg-deb -R "$deb" "$root/tmp/next"
version=$(sed -n 's/^Version: //p' "$root/tmp/next/DEBIAN/control")
sed -i "s/^Version: .*/Version: $version+next/" "$root/tmp/next/DEBIAN/control"
echo '# Of the next version.' >> "$root/tmp/next/etc/portolan/portolan.yaml"
dpkg-deb --root-owner-group -Znone --build "$root/tmp/next" "$root/tmp/next.deb" > /dev/null
rm -rf "$root/tmp/next"
quietly "the next version does not install" \
    inside apt-get install -q -y --no-install-recommends -o Dpkg::Options::=--force-confold /tmp/next.deb
[ "$(inside dpkg-query -W -f='${Version}' portolan)" = "$version+next" ] || fail "the next version is not installed"
cmp -s "$root/etc/portolan/portolan.yaml" "$root/tmp/changed.yaml" || fail "an upgrade lost the operator's file"
grep -q 'Of the next version' "$root/etc/portolan/portolan.yaml.dpkg-dist" || fail "the new one is not beside it"
[ "$(rights /etc/portolan/portolan.yaml)" = "root:portolan 640" ] || fail "an upgrade changed its rights"
has_state || fail "an upgrade lost the state"
say "an upgrade to $version+next keeps configuration and state"
quietly "the package cannot be removed" inside dpkg --remove portolan
has_state && [ -e "$root/etc/portolan/portolan.yaml" ] || fail "removal lost state or configuration"
[ ! -e "$root/usr/bin/portolan" ] || fail "removal left the program"
say "removal keeps configuration and state"
rm "$root/etc/portolan/portolan.yaml"
quietly "the package does not install again" inside apt-get install -q -y --no-install-recommends /tmp/portolan.deb \
    -o Dpkg::Options::=--force-confold
[ ! -e "$root/etc/portolan/portolan.yaml" ] || fail "a configuration that was removed has come back"
quietly "the package cannot be purged" inside dpkg --purge portolan
left=$(find "$root/etc" "$root/var/lib" "$root/var/log" "$root/usr" -name '*portolan*' -not -path '*/apt/*' \
    -not -name '*.deb')
[ -z "$left" ] || fail "purge left $left"
say "installs again without what was removed; purge leaves nothing"
