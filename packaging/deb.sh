#!/bin/bash
# usage: packaging/deb.sh [FOLDER [BINARY]]   builds portolan_VERSION_ARCH.deb into FOLDER (default: .build/deb), of
# BINARY, or else of one that it builds
# The binary carries Swift's libraries; Debian's OpenSSL, nghttp2 and SQLite are dependencies, so that their security
# updates reach it.
set -euo pipefail
cd "$(dirname "$0")/.."
out=${1:-.build/deb}
binary=${2:-}
if [ -z "$binary" ]; then
    swift build -c release --static-swift-stdlib --scratch-path .build/static --product portolan
    binary=.build/static/release/portolan
fi
version=$("$binary" --version)
architecture=$(dpkg --print-architecture)
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT

install -D -m 0755 "$binary" "$root/usr/bin/portolan"
strip --strip-unneeded "$root/usr/bin/portolan"
install -D -m 0644 packaging/portolan.service "$root/lib/systemd/system/portolan.service"
install -D -m 0644 packaging/debian/sysusers.conf "$root/usr/lib/sysusers.d/portolan.conf"
install -D -m 0640 packaging/portolan.yaml "$root/etc/portolan/portolan.yaml"
install -D -m 0644 packaging/logrotate "$root/etc/logrotate.d/portolan"
mkdir -p "$root/usr/share/man/man1" "$root/usr/share/doc/portolan"
gzip -9n < packaging/man/portolan.1 > "$root/usr/share/man/man1/portolan.1.gz"
for shell in bash zsh fish; do
    case $shell in
        bash) place=usr/share/bash-completion/completions/portolan ;;
        zsh) place=usr/share/zsh/vendor-completions/_portolan ;;
        fish) place=usr/share/fish/vendor_completions.d/portolan.fish ;;
    esac
    mkdir -p "$root/$(dirname "$place")"
    "$binary" --generate-completion-script "$shell" > "$root/$place"
    chmod 0644 "$root/$place"
done
cp docs/*.md "$root/usr/share/doc/portolan/"
cp -r monitoring "$root/usr/share/doc/portolan/"
cp LICENSE "$root/usr/share/doc/portolan/copyright"
gzip -9n < CHANGELOG.md > "$root/usr/share/doc/portolan/changelog.gz"
find "$root/usr/share" -type f -exec chmod 0644 {} +
find "$root" -type d -exec chmod 0755 {} +

mkdir "$root/DEBIAN"
install -m 0755 packaging/debian/postinst packaging/debian/prerm packaging/debian/postrm "$root/DEBIAN/"
printf '%s\n' /etc/portolan/portolan.yaml /etc/logrotate.d/portolan > "$root/DEBIAN/conffiles"
# What the binary is linked with, as Debian calls it.
depends=$(packaging/depends.sh "$root/usr/bin/portolan")
cat > "$root/DEBIAN/control" <<CONTROL
Package: portolan
Version: $version
Architecture: $architecture
Maintainer: Portolan <portolan@localhost>
Section: net
Priority: optional
Installed-Size: $(du -sk --exclude=DEBIAN "$root" | cut -f1)
Depends: $depends, adduser | systemd-sysusers
Recommends: ca-certificates, logrotate
Description: edge traffic router for services in several regions
 Decides for every request which region and cell serve it, and keeps deciding
 while regions fail, links lag and operators drain: latency and health aware
 routing, sticky sessions, weights and drains, tenants pinned to regions.
CONTROL
mkdir -p "$out"
dpkg-deb --root-owner-group --build "$root" "$out/portolan_${version}_${architecture}.deb"
