#!/bin/sh
# Signs an executable for Windows: npm run build:agent -- --env NAME --target win-x64 --sign-with packaging/examples/sign-windows.sh
# SIGNING_CERTIFICATE and SIGNING_KEY name PEM files. TIMESTAMP_URL may name a server for timestamps (RFC 3161); without
# a timestamp the signature ends with the certificate.
set -eu
case "$1" in
*.exe) ;;
*) exit 0 ;;
esac
osslsigncode sign -certs "$SIGNING_CERTIFICATE" -key "$SIGNING_KEY" -h sha256 \
  ${TIMESTAMP_URL:+-ts "$TIMESTAMP_URL"} -in "$1" -out "$1.signed"
mv "$1.signed" "$1"
