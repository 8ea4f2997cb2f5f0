#!/bin/sh
# A small CA for the relay: it signs the certificates of broker and relay, and those that relay and agents show to the broker.
# Whoever has a CA of the organisation takes its certificates instead. Running a command again renews. See docs/operator.md.
set -eu

usage() {
  cat <<END
usage: certificates.sh ca FOLDER                   the CA itself: ca.pem for others, ca.key stays here
       certificates.sh server FOLDER NAME...       NAME.pem and NAME.key for a server; each NAME is a host name or address
       certificates.sh client FOLDER NAME          NAME.pem and NAME.key to show to the broker
END
}

fail() {
  echo "error: $1" >&2
  echo "hint: $2" >&2
  exit 2
}

# make OUT SUBJECT DAYS EXTENSIONS...: a key on the curve P-256, and a certificate for it. Both appear complete or not at all.
make() {
  out=$1 subject=$2 days=$3
  shift 3
  umask 077
  work=$(mktemp -d "$folder/new.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  {
    printf '[req]\nprompt = no\ndistinguished_name = subject\nx509_extensions = extensions\n'
    printf '[subject]\ncommonName = %s\n[extensions]\nsubjectKeyIdentifier = hash\n' "$(printf %s "$subject" | cut -c1-64)"
    printf '%s\n' "$@"
  } >"$work/config"
  if [ "$out" = ca ]; then signer=''; else signer="-CA $folder/ca.pem -CAkey $folder/ca.key"; fi
  # shellcheck disable=SC2086
  openssl req -x509 -new -sha256 -config "$work/config" -days "$days" $signer \
    -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$work/key" -out "$work/pem" 2>"$work/said" ||
    fail "openssl: $(tail -n 1 "$work/said")" "it takes OpenSSL 3.0 or later"
  chmod 644 "$work/pem"
  mv "$work/key" "$folder/$out.key"
  mv "$work/pem" "$folder/$out.pem"
  echo "$folder/$out.pem is valid until $(openssl x509 -noout -enddate -in "$folder/$out.pem" | cut -d= -f2); its key is in $folder/$out.key"
}

require_name() {
  case $1 in '' | *[!A-Za-z0-9.:-]*) fail "expected a host name or an address, got '$1'" "see certificates.sh --help" ;; esac
}

require_ca() {
  [ -e "$folder/ca.key" ] || fail "expected a CA in $folder, found no ca.key" "certificates.sh ca $folder makes one"
}

# An address has digits and dots alone, or a colon.
to_names() {
  for name; do
    case $name in *:* | *[0-9].*[0-9].*[0-9].*[0-9]) case $name in *[!0-9a-fA-F.:]*) echo "DNS:$name" ;; *) echo "IP:$name" ;; esac ;;
      *) echo "DNS:$name" ;;
    esac
  done | paste -s -d, -
}

if [ $# -lt 2 ]; then
  usage >&2
  [ "${1:-}" = --help ] && exit 0 || exit 2
fi
command=$1 folder=$2
shift 2
case $command:$# in
  ca:0)
    [ ! -e "$folder/ca.key" ] || fail "expected no CA in $folder yet" "a new one makes every certificate of the old one worthless; move it away first"
    (umask 077 && mkdir -p "$folder")
    make ca 'MIG relay CA' 3650 'basicConstraints = critical, CA:true, pathlen:0' 'keyUsage = critical, keyCertSign, cRLSign'
    ;;
  server:[1-9]*)
    require_ca
    for name; do require_name "$name"; done
    names=$(to_names "$@")
    make "$1" "$1" 397 'basicConstraints = critical, CA:false' 'keyUsage = critical, digitalSignature' \
      'extendedKeyUsage = serverAuth' "subjectAltName = $names"
    ;;
  client:1)
    require_ca
    require_name "$1"
    # Agents have it compiled in: a short life would mean a build and a rollout each year.
    make "$1" "$1" 1825 'basicConstraints = critical, CA:false' 'keyUsage = critical, digitalSignature' \
      'extendedKeyUsage = clientAuth'
    ;;
  *)
    usage >&2
    exit 2
    ;;
esac
