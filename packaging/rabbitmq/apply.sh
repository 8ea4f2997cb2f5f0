#!/bin/sh
# Sets up a RabbitMQ node or cluster for the relay: virtual host, two users, permissions, limits, policies. May be run again.
# It needs a working rabbitmqctl, and the two passwords in the environment:
#   MIG_SERVER_PASSWORD=... MIG_AGENT_PASSWORD=... ./apply.sh
set -eu
definitions=$(dirname -- "$0")/definitions.json

require_password() {
  if [ "$(printf %s "$2" | wc -c)" -lt 16 ]; then
    echo "error: expected at least 16 characters in $1" >&2
    echo "hint: openssl rand -hex 24 makes a good one" >&2
    exit 2
  fi
}

# On standard input: other users can see the parameters of processes.
set_password() {
  printf '%s\n' "$2" | rabbitmqctl --quiet change_password "$1" >/dev/null
}

require_password MIG_SERVER_PASSWORD "${MIG_SERVER_PASSWORD:-}"
require_password MIG_AGENT_PASSWORD "${MIG_AGENT_PASSWORD:-}"
rabbitmqctl --quiet import_definitions "$definitions"
set_password mig-server "$MIG_SERVER_PASSWORD"
set_password mig-agent "$MIG_AGENT_PASSWORD"
echo "the virtual host mig is ready for mig-server and mig-agent"
