#!/bin/bash
# usage: packaging/depends.sh BINARY   prints the Debian packages of the libraries that it is linked with
set -euo pipefail
newest=$(objdump -T "$1" | sed -n 's/.*[( ]GLIBC_\([0-9.]*\).*/\1/p' | sort -V | tail -1)
objdump -p "$1" | awk '$1 == "NEEDED" { print $2 }' | while read -r library; do
    path=$(ldconfig -p | awk -v name="$library" '$1 == name && !seen++ { print $NF }')
    [ -n "$path" ] || { echo "$1 needs $library, which no package here has" >&2; exit 1; }
    # A path may be known to dpkg with or without /usr in front.
    { dpkg -S "$path" "/usr$path" "${path#/usr}" "$(readlink -f "$path")" 2>/dev/null || true; } | sed -n '1s/:.*//p'
done | sed "s/^libc6$/libc6 (>= $newest)/" | sort -u | sed 's/$/,/' | paste -sd ' ' | sed 's/,$//'
