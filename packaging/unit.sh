#!/bin/bash
# usage: packaging/unit.sh [BINARY]   lets systemd judge the unit: no complaint, and an exposure of at most 2.0 (of 10;
# lower is safer); and runs the edge as the unit confines it. Default: .build/debug/portolan
set -euo pipefail
binary=$(realpath "${1:-$(dirname "$0")/../.build/debug/portolan}")
cd "$(dirname "$0")"
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
# systemd wants the programs that the unit names to be there.
mkdir -p "$root/usr/bin" "$root/bin" "$root/etc/systemd/system" "$root/usr/lib/systemd" "$root/usr/share"
install -m 0755 /bin/true "$root/usr/bin/portolan"
install -m 0755 /bin/true "$root/bin/kill"
cp -r /usr/lib/systemd/system "$root/usr/lib/systemd/"
cp portolan.service "$root/etc/systemd/system/"
complaints=$(systemd-analyze verify --man=no --root="$root" portolan.service 2>&1 | grep portolan || true)
[ -z "$complaints" ] || { echo "$complaints" >&2; exit 1; }
systemd-analyze security --offline=yes --root="$root" --threshold=20 --no-pager portolan.service | tail -1
./confined.py "$binary"
