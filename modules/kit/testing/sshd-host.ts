/** Hosts with a configuration of sshd made for tests, compared with sshd itself. */
import { Host } from '../files/host.ts';
import { Findings } from '../findings.ts';
import { Gate } from '../gate.ts';
import { makeHost, type TestHost } from './host.ts';
import { whyNoTools } from './system-tools.ts';

const reason = whyNoTools('sshd', 'ssh-keygen');
/** Options of a test that asks sshd itself. */
export const skipWithoutSshd = reason === null ? {} : { skip: reason };

const passwd = `root:x:0:0::/root:/bin/sh
sshd:x:100:65534::/run/sshd:/usr/sbin/nologin
alice:x:1000:1000::/home/alice:/bin/sh
bob:x:1001:1001::/srv/b:/bin/sh
`;
const group = 'root:x:0:\nalice:x:1000:\nbob:x:1001:\nadmins:x:27:bob\nnogroup:x:65534:\n';

/** With the accounts alice and bob, who is in admins. @param others by their names in /etc/ssh. */
export function makeSshdHost(main: string, others: Readonly<Record<string, string>> = {}): TestHost {
  const included = Object.fromEntries(Object.entries(others).map(([name, text]) => [`/etc/ssh/${name}`, text]));
  return makeHost({ '/etc/passwd': passwd, '/etc/group': group, '/etc/ssh/sshd_config': main, ...included });
}

/** The files of a host, for which nothing is protected. */
export function openTestHost({ root }: Pick<TestHost, 'root'>): Host {
  const findings = new Findings<object>({ resultBytes: 1e6, matchLimits: new Map(), answer: 'metadata' }, (one) => one);
  return new Host(root, { gate: new Gate(undefined), findings });
}
