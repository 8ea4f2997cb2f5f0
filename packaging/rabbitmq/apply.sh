#!/bin/sh
# Sets up a RabbitMQ node or cluster for the relay: virtual host, accounts, permissions, limits, policies. May be run again:
# an account that has a password keeps it. See docs/operator.md.
set -eu
definitions=$(dirname -- "$0")/definitions.json
passwords=${MIG_PASSWORDS:-/etc/rabbitmq/mig-passwords}
vhost=mig

usage() {
  cat <<END
usage: apply.sh                                 set everything up; run it again after an upgrade
       apply.sh rotate mig-server               give the relay's account a new password
       apply.sh add-agents NAME [ENVIRONMENT]   make one more account for agents, of all environments or of one
       apply.sh remove NAME                     remove an account that nobody uses any more

It needs a working rabbitmqctl. Passwords that it makes are in $passwords
(MIG_PASSWORDS names another file). MIG_SERVER_PASSWORD and MIG_AGENT_PASSWORD give the first ones instead.
END
}

fail() {
  echo "error: $1" >&2
  echo "hint: $2" >&2
  exit 2
}

ctl() { rabbitmqctl --quiet "$@"; }

# Nothing is taken for missing because RabbitMQ did not answer.
fail_to_ask() { fail "expected rabbitmqctl to work" "run this on a node of the broker, as root or rabbitmq, while it runs"; }

has_vhost() {
  listed=$(ctl list_vhosts --no-table-headers name) || fail_to_ask
  printf '%s\n' "$listed" | grep -Fqx "$vhost"
}

# As they were at the start: each call of rabbitmqctl takes a second.
is_there() {
  if [ -z "${accounts:-}" ]; then
    listed=$(ctl list_users --no-table-headers) || fail_to_ask
    accounts=$(printf '%s\n' "$listed" | cut -f1)
  fi
  printf '%s\n' "$accounts" | grep -Fqx -- "$1"
}

# On standard input: other users can see the parameters of processes.
ctl_with() {
  password=$1
  shift
  printf '%s\n' "$password" | ctl "$@" >/dev/null
}

make_password() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }

fail_to_write() { fail "expected to write $passwords" "run this as root, or name another file in MIG_PASSWORDS"; }

# The file is replaced as a whole: no moment is without the other passwords.
keep() {
  (
    umask 077
    { grep -v "^$1 " "$passwords" 2>/dev/null || :; echo "$1 $2"; } >"$passwords.new"
    mv "$passwords.new" "$passwords"
  ) || fail_to_write
}

forget() {
  [ ! -e "$passwords" ] || ( umask 077; grep -v "^$1 " "$passwords" >"$passwords.new" || :; mv "$passwords.new" "$passwords" )
}

require_length() {
  if [ "$(printf %s "$2" | wc -c)" -lt 16 ]; then
    fail "expected at least 16 characters in $1" "leave it out: a good one is made"
  fi
}

where_it_goes() {
  case $1 in
    mig-server) echo "  it goes into MIG_AMQP_URL of the relay: amqps://$1:PASSWORD@HOST:5671/$vhost" ;;
    *) echo "  it goes into relay.url in build.config.ts: amqps://$1:PASSWORD@HOST:5671/$vhost" ;;
  esac
}

# provide NAME VARIABLE VALUE: the account, with the given password or a new one, unless it is there.
provide() {
  if is_there "$1"; then
    if [ -n "$3" ] && ! ctl_with "$3" authenticate_user "$1" 2>/dev/null; then
      fail "$1 has another password than the one in $2; whoever uses it would be locked out" \
        "leave $2 out to keep it; to change it, see 'Change a password' in docs/operator.md"
    fi
    echo "$1 keeps its password"
    if grep -q "^$1 " "$passwords" 2>/dev/null; then echo "  it is in $passwords"; fi
  elif [ -n "$3" ]; then
    ctl_with "$3" add_user "$1"
    echo "$1 is new, with the password in $2"
  else
    new=$(make_password)
    (umask 077 && : >>"$passwords") || fail_to_write
    ctl_with "$new" add_user "$1"
    keep "$1" "$new"
    echo "$1 is new; its password is in $passwords"
  fi
  where_it_goes "$1"
}

limit() { ctl set_user_limits "$1" '{"max-connections": 150000, "max-channels": 150000}' >/dev/null; }

set_up() {
  server=${MIG_SERVER_PASSWORD:-}
  agent=${MIG_AGENT_PASSWORD:-}
  [ -z "$server" ] || require_length MIG_SERVER_PASSWORD "$server"
  [ -z "$agent" ] || require_length MIG_AGENT_PASSWORD "$agent"
  provide mig-server MIG_SERVER_PASSWORD "$server"
  is_new=true
  if is_there mig-agent; then is_new=false; fi
  provide mig-agent MIG_AGENT_PASSWORD "$agent"
  # Limits that an operator has set stay.
  if $is_new; then limit mig-agent; fi
  is_new=true
  if has_vhost; then is_new=false; fi
  # On standard input: Debian's rabbitmqctl works in another folder, as a user who may not be able to read this one.
  ctl import_definitions <"$definitions"
  if $is_new; then ctl set_vhost_limits -p "$vhost" '{"max-queues": 200000}' >/dev/null; fi
  echo "the virtual host $vhost is ready"
}

rotate() {
  case $1 in
    mig-server) ;;
    *) fail "expected mig-server, got '$1': a new password would lock out every agent that has the old one" \
      "make a second account with add-agents, build agents with it, and remove the first one when nobody uses it" ;;
  esac
  is_there "$1" || fail "expected an account $1, there is none" "run apply.sh first"
  old=$(sed -n "s/^$1 //p" "$passwords" 2>/dev/null || :)
  new=$(make_password)
  keep "$1" "$new"
  if ! ctl_with "$new" change_password "$1"; then
    if [ -n "$old" ]; then keep "$1" "$old"; else forget "$1"; fi
    fail "RabbitMQ did not take the new password; the old one still holds" "see what rabbitmqctl says above"
  fi
  echo "$1 has a new password; it is in $passwords"
  where_it_goes "$1"
  echo "open connections stay; now restart the relay's instances one after the other with it"
}

add_agents() {
  case $1 in
    mig-agent-?*) ;;
    *) fail "expected a name such as mig-agent-2, got '$1'" "names of agents' accounts begin with mig-agent-" ;;
  esac
  case $2 in *[!a-z0-9-]*) fail "expected the name of an environment, got '$2'" "it is the key in build.config.ts" ;; esac
  fleet=${2:-'[a-z0-9-]+'}
  provide "$1" MIG_AGENT_PASSWORD "${MIG_AGENT_PASSWORD:-}"
  limit "$1"
  own='mig\.agent\.[0-9a-f]{64}'
  ctl set_permissions -p "$vhost" "$1" "^$own\$" "^($own|mig\.reports|mig\.heartbeats)\$" "^($own|mig\.agents)\$" >/dev/null
  ctl set_topic_permissions -p "$vhost" "$1" mig.agents '^$' "^([0-9a-f]{64}|fleet\\.$fleet)\$" >/dev/null
  for exchange in mig.reports mig.heartbeats; do
    ctl set_topic_permissions -p "$vhost" "$1" "$exchange" '^[0-9a-f]{64}$' '^$' >/dev/null
  done
}

remove() {
  is_there "$1" || fail "expected an account of the relay, got '$1'" "rabbitmqctl list_users shows them"
  case $1 in mig-?*) ;; *) fail "expected an account of the relay, got '$1'" "their names begin with mig-" ;; esac
  listed=$(ctl list_connections --no-table-headers user) || fail_to_ask
  users=$(printf '%s\n' "$listed" | grep -Fcx -- "$1" || :)
  [ "$users" = 0 ] || fail "$1 still has $users connections" "build and install their agents with another account first"
  ctl delete_user "$1" >/dev/null
  forget "$1"
  echo "$1 is removed"
}

case $# in 0) set_up ;; *) case $1:$# in
  rotate:2) rotate "$2" ;;
  add-agents:[23]) add_agents "$2" "${3:-}" ;;
  remove:2) remove "$2" ;;
  --help:1 | -h:1) usage ;;
  *) usage >&2; exit 2 ;;
esac ;; esac
