/** Keys of `systemd:`: `ssh.service#ProtectSystem`, `ssh.service#Service.User`, `journald.conf#Storage`. */
import { parseUnitName } from '../../../kit/systemd/unit-name.ts';

export interface SystemdKey {
  readonly kind: 'unit' | 'manager';
  /** `ssh.service`, `journald.conf` */
  readonly name: string;
  readonly section: string | undefined;
  readonly property: string;
}

/** A text says what is wrong. */
export function parseSystemdKey(key: string): SystemdKey | string {
  const [, name = '', section, property] = /^([^#/]+)#(?:([A-Za-z][\w-]*)\.)?([A-Za-z][\w-]*)$/.exec(key) ?? [];
  const kind = /^[\w-]+\.conf$/.test(name) ? 'manager' : parseUnitName(name) === undefined ? undefined : 'unit';
  if (property === undefined || kind === undefined)
    return `expected a unit or a configuration of systemd, # and a property, such as ssh.service#User or journald.conf#Storage, got ${JSON.stringify(key)}`;
  return { kind, name, section, property };
}

/** Properties whose assignments add up. @see systemd.directives(7) */
const adding =
  /^(?:Exec|Listen|OnCalendar|OnActive|OnBoot|OnStartup|OnUnit|Condition|Assert|After|Before|Wants|Requires|Requisite|BindsTo|PartOf|Upholds|Conflicts|OnFailure|OnSuccess|PropagatesReloadTo|WantedBy|RequiredBy|UpheldBy|Also|Alias|Environment|PassEnvironment|UnsetEnvironment|Documentation|SystemCall|Restrict(?:AddressFamilies|Namespaces|FileSystems|NetworkInterfaces)|Capability|AmbientCapabilities|Device(?:Allow)|IPAddress|SupplementaryGroups|Load|SetCredential|Path(?:Exists|Changed|Modified)|Directory|Socket|DNS|NTP|FallbackDNS|FallbackNTP|Domains)|(?:Paths|Directories|Directory|Files?)$/;

export function addsUp(property: string): boolean {
  return (
    adding.test(property) &&
    !/^(?:RootDirectory|WorkingDirectory|DirectoryMode|SocketMode|DNSSEC|DNSOverTLS|DNSStub)/.test(property)
  );
}
