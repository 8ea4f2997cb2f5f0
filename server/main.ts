/** The `mig-server` command. */
import { reportError } from '../host/report-error.ts';
import { openStandardOutput } from '../host/standard-output.ts';
import { CodedError } from '../protocol/base/coded-error.ts';
import type { RunningServer } from './server.ts';
import { readSettings } from './settings.ts';
import { version } from './version.ts';

const help = `mig-server ${version}: relays investigators' actions to agents and their answers back.

usage: mig-server [--help | --version]

It is set up by environment variables; without any it runs on this machine alone, with an embedded database and broker.
  MIG_DATABASE_URL       postgres://user:secret@host:5432/mig (absent: embedded database)
  MIG_AMQP_URL           amqps://mig-server:secret@host:5671/mig (absent: embedded broker)
  MIG_AMQP_CA            PEM file of the CA of the broker's certificate (absent: the operating system's CAs)
  MIG_AMQP_CERT          PEM client certificate for the broker, with MIG_AMQP_KEY, where it asks for one
  MIG_AMQP_KEY           PEM private key
  MIG_STATE_DIR          what the server makes for itself (default: $XDG_STATE_HOME/mig-server or ~/.local/state/mig-server)
  MIG_LISTEN             address of the API (default: 127.0.0.1:8443; port 0 takes a free one)
  MIG_AMQP_LISTEN        address of the embedded broker (default: 127.0.0.1:5671)
  MIG_INVESTIGATORS_DIR  folder of public keys (*.asc) that may log in (default: keys)
  MIG_REMOVE_EVERYBODY   on starts also when no key of anybody from before is in that folder any more (default: off)
  MIG_ADMINS             names in that folder, separated by commas, that may manage the others (absent: nobody)
  MIG_ROOT_KEYS          JSON file that names the public halves of root keys (absent: trust lists are not carried)
  MIG_PUBLIC_ORIGINS     https://host:port, separated by commas, under which investigators reach this relay, beside the names in
                         its certificate; logins for other addresses are refused (needed behind a proxy that ends TLS)
  MIG_TRUST_PROXY        addresses or networks, separated by commas, of proxies whose X-Forwarded-For is believed (absent: none)
  MIG_TLS_CERT           PEM certificate chain, with MIG_TLS_KEY (absent: a certificate for this machine, by a CA in the state folder)
  MIG_TLS_KEY            PEM private key
  MIG_AGENT_PASSWORD     what agents log in with at the embedded broker (absent: made once, in the state folder)
  MIG_TLS                off serves the API as plain HTTP, on a loopback address only (default: on)
  MIG_ONLINE_SECONDS     how long after its last heartbeat an agent counts as online (default: 180)
  MIG_IDLE_SECONDS       and as idle (default: 1800); later it counts as offline
  MIG_ACTION_DAYS        how long actions and answers are kept after the action's end (default: 90)
  MIG_AGENT_DAYS         how long agents are remembered that are not heard any more (default: 90)
  MIG_LOG_LEVEL          fatal, error, warn, info (default), debug or silent

When it is ready it prints one line of JSON on stdout; its log goes to stderr.

example: MIG_LISTEN=127.0.0.1:0 MIG_INVESTIGATORS_DIR=./keys mig-server
`;

/** Flags of the original's api, scheduler and workers. */
const formerFlags: ReadonlyMap<string, string> = new Map([
  ['c', "in place of the original's -c: MIG_… variables; the service reads them from /etc/mig-server/environment"],
  ['V', "in place of the original's -V: mig-server --version"],
]);

const stopTimeoutMs = 2000;

function fail(error: unknown): never {
  reportError(error);
  process.exit(2);
}

/** Which relay this is: a wrong broker, database or folder is seen at the start. */
function toReadyLine(server: RunningServer) {
  const { apiUrl: api, amqpUrl: amqp, caFile: ca, agentPasswordFile: agentpasswordfile } = server;
  const { broker, database, investigators } = server;
  const certificates = Object.fromEntries([...server.certificates].map(([name, end]) => [name, end.toISOString()]));
  return {
    event: 'ready',
    version,
    api,
    amqp,
    ca,
    agentpasswordfile,
    broker,
    database,
    certificates,
    investigators,
  };
}

async function run(): Promise<void> {
  const settings = readSettings(process.env);
  const { startServer } = await import('./server.ts');
  const server = await startServer(settings);
  openStandardOutput().write(`${JSON.stringify(toReadyLine(server))}\n`);
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(0), stopTimeoutMs).unref();
    server.close().then(() => process.exit(0), fail);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

const [flag, ...others] = process.argv.slice(2);
if (flag === '--help' || flag === '-h' || flag === 'help') openStandardOutput().write(help);
else if (flag === '--version') openStandardOutput().write(`${version}\n`);
else if (flag !== undefined || others.length > 0) {
  const hint = formerFlags.get(flag?.replace(/^-+/, '') ?? '') ?? 'see mig-server --help';
  fail(new CodedError('usage', `expected no argument, got ${flag}`, { hint }));
} else run().catch(fail);
