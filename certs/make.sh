#!/bin/sh
# Makes development certificates beside this script: ca.crt (trust this one), dev.crt and dev.key (serve these).
# Runs again without changing anything while they are good for another week; -f makes new ones. Keys stay out of git.
set -eu
umask 077
cd "$(dirname "$0")"
names='DNS:localhost,DNS:portolan.test,DNS:*.portolan.test,IP:127.0.0.1,IP:::1'
week=604800

are_good() {
    [ -s ca.crt ] && [ -s dev.crt ] && [ -s dev.key ] || return 1
    openssl x509 -in dev.crt -noout -checkend "$week" >/dev/null 2>&1 || return 1
    openssl verify -CAfile ca.crt dev.crt >/dev/null 2>&1 || return 1
    [ "$(openssl x509 -in dev.crt -noout -pubkey)" = "$(openssl pkey -in dev.key -pubout 2>/dev/null)" ] || return 1
    openssl x509 -in dev.crt -noout -checkhost a.portolan.test | grep -q 'does match'
}

if ! command -v openssl >/dev/null; then
    echo "certs/make.sh: the openssl command is missing; apt-get install openssl" >&2
    exit 1
fi
if [ "${1:-}" != -f ] && are_good; then
    echo "certs: ca.crt, dev.crt and dev.key are good; nothing to do (-f makes new ones)"
    exit 0
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
new_key() { openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1"; }

new_key "$work/ca.key"
openssl req -x509 -new -key "$work/ca.key" -sha256 -days 365 -subj "/CN=Portolan development authority" \
    -addext "keyUsage=critical,keyCertSign,cRLSign" -out "$work/ca.crt"
new_key "$work/dev.key"
openssl req -new -key "$work/dev.key" -subj "/CN=Portolan development" -out "$work/dev.csr"
cat >"$work/extensions" <<END
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = serverAuth,clientAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = $names
END
openssl x509 -req -in "$work/dev.csr" -CA "$work/ca.crt" -CAkey "$work/ca.key" -set_serial "0x$(openssl rand -hex 8)" \
    -days 365 -sha256 -extfile "$work/extensions" -out "$work/dev.crt" 2>/dev/null
chmod 644 "$work/ca.crt" "$work/dev.crt"
# The authority's key goes with the folder: nothing else can be signed with it, so to trust ca.crt is to trust dev.crt.
mv "$work/ca.crt" "$work/dev.key" "$work/dev.crt" .
echo "certs: made ca.crt (trust it: curl --cacert certs/ca.crt), dev.crt and dev.key for $names"
