#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# certificates.sh D: a certificate authority in folder D (ca.pem), a server's certificate for localhost, 127.0.0.1 and
# ::1 (server.pem, server.key), and client certificates for the names root and app. For tests: the keys are readable.
set -euo pipefail
mkdir -p "${1:?certificates.sh FOLDER}"
cd "$1"
curve=(-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes)

openssl req -x509 "${curve[@]}" -keyout ca.key -out ca.pem -days 3650 -subj "/CN=authority of the tests" \
  -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign 2>/dev/null

# issue FILE NAME USAGE [FURTHER EXTENSION]
issue() {
  openssl req "${curve[@]}" -keyout "$1.key" -out "$1.csr" -subj "/CN=$2" 2>/dev/null
  printf 'basicConstraints=CA:FALSE\nkeyUsage=digitalSignature\nextendedKeyUsage=%s\n%s\n' "$3" "${4:-}" >"$1.ext"
  openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca.key -CAcreateserial -days 3650 -extfile "$1.ext" \
    -out "$1.pem" 2>/dev/null
  rm "$1.csr" "$1.ext"
}
issue server localhost serverAuth,clientAuth "subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1"
issue client-root root clientAuth
issue client-app app clientAuth
chmod 644 ./*.key
