/**
 * The names and the systemd unit of an agent on a host. Separate from agent/ and builder/, which both need it: `mig-agent
 * install` writes the unit, packages carry it.
 */
import type { BakedEnvironment } from '../protocol/environment/environment.ts';
import { capabilitiesOf } from './capabilities.ts';

/** Has the environment's name: two environments live side by side on one host. */
export function serviceName(environment: string): string {
  return `mig-agent-${environment}`;
}

/** Places of an agent's parts on a host with systemd. */
export interface Placement {
  readonly executable: string;
  readonly unit: string;
}

/** The link that systemctl enable makes. */
export function wantedLink(environment: string): string {
  return `/etc/systemd/system/multi-user.target.wants/${serviceName(environment)}.service`;
}

/** Where `mig-agent install` puts them: systemd prefers this unit to a package's. */
export function installedPlacement(environment: string): Placement {
  const service = serviceName(environment);
  return { executable: `/usr/local/sbin/${service}`, unit: `/etc/systemd/system/${service}.service` };
}

/** Places of a package's files. */
export function packagedPlacement(environment: string): Placement {
  const service = serviceName(environment);
  return { executable: `/usr/sbin/${service}`, unit: `/usr/lib/systemd/system/${service}.service` };
}

/** The agent's own share; the limits have that of modules. */
const agentMemoryMiB = 384;
/** Memory of an unpacker, one for each thread of a module: see native/unpack/rights_linux.h. */
const unpackerMemoryMiB = 144;

function memoryMiBOf({ needs, limits }: BakedEnvironment): number {
  const unpackersMiB = needs.includes('unpackers') ? limits.moduleThreads * unpackerMemoryMiB : 0;
  // Another process is started ahead.
  return agentMemoryMiB + limits.moduleMemoryMiB * (limits.parallelModules + 1) + unpackersMiB * limits.parallelModules;
}

/** A little longer than the agent waits for running modules when it stops. */
const stopTimeoutSeconds = 40;

/**
 * Closes off everything that the modules do not need. Open on purpose: reading the whole file system (intruders' files may
 * be in /tmp, /home, /dev/shm or /lib/modules), all processes, the network, and memory that is writable and executable
 * (JavaScript is compiled).
 * @see systemd.exec(5)
 */
export function toUnit(environment: BakedEnvironment, executable: string): string {
  const { name, needs } = environment;
  const service = serviceName(name);
  // Nobody may ask about a protected clock. Setting it takes a capability, which the agent never has.
  const readsClock = needs.includes('clock');
  const state = `/var/lib/mig-agent/${name}`;
  return `[Unit]
Description=MIG agent (${name})
Wants=network-online.target
After=network-online.target
StartLimitIntervalSec=0

[Service]
ExecStart=${executable}
Restart=always
RestartSec=5
# Running modules may finish first; then the agent, then whatever is left.
KillMode=mixed
TimeoutStopSec=${stopTimeoutSeconds}
SyslogIdentifier=${service}

# Nothing of the surroundings may add to what the agent trusts. The native part is loaded from a file in TMPDIR.
UnsetEnvironment=NODE_OPTIONS NODE_EXTRA_CA_CERTS SSL_CERT_FILE SSL_CERT_DIR OPENSSL_CONF LD_PRELOAD LD_LIBRARY_PATH
Environment=TMPDIR=${state}
StateDirectory=mig-agent/${name}
StateDirectoryMode=0700
UMask=0077

# A module that takes too much is ended; the agent goes on.
MemoryMax=${memoryMiBOf(environment)}M
OOMPolicy=continue
TasksMax=128
CPUWeight=20
IOWeight=20
LimitCORE=0

NoNewPrivileges=yes
CapabilityBoundingSet=${capabilitiesOf(needs).join(' ')}
AmbientCapabilities=
# Reads everywhere, writes nowhere but in its state; reading leaves no access times behind.
ProtectSystem=strict
ProtectHome=read-only
ProtectControlGroups=yes
ProtectKernelTunables=yes
ProtectKernelLogs=yes
ProtectClock=${readsClock ? 'no' : 'yes'}
DevicePolicy=closed
PrivateMounts=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
RestrictNamespaces=${needs.includes('network-namespaces') ? 'net' : 'yes'}
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
KeyringMode=private
SystemCallArchitectures=native
SystemCallFilter=@system-service
# What a module process gives up its own rights with; older systems do not know all of these.
SystemCallFilter=seccomp landlock_create_ruleset landlock_add_rule landlock_restrict_self
${readsClock ? 'SystemCallFilter=adjtimex\n' : ''}SystemCallFilter=~@chown @keyring @setuid userfaultfd
SystemCallErrorNumber=EPERM

[Install]
WantedBy=multi-user.target
`;
}
