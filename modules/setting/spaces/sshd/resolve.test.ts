/** Values of sshd's keywords, compared with what `sshd -T -C` says of the same configuration. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { readSshdConfig } from '../../../kit/sshd/config.ts';
import { makeHost, type TestHost } from '../../../kit/testing/host.ts';
import { makeSshdHost, openTestHost, skipWithoutSshd } from '../../../kit/testing/sshd-host.ts';
import { linesOfTools } from '../../../kit/testing/system-tools.ts';
import { Connections, parseSshdKey } from './connection.ts';
import { keywordNames, keywordOf } from './keywords.ts';
import { resolveKeyword } from './resolve.ts';

const connections = [
  'user=alice,host=web1.example.org,addr=192.0.2.1,laddr=192.0.2.254,lport=22',
  'user=bob,host=10.1.2.3,addr=10.1.2.3,laddr=127.0.0.1,lport=2222',
  'user=root,host=h,addr=2001:db8::1,laddr=2001:db8::2,lport=22',
];

const names = [...keywordNames()];

interface Files {
  readonly main: string;
  readonly others?: Readonly<Record<string, string>>;
}

type Told = Readonly<Record<string, string>>;

const key = makeHost({});
if (!('skip' in skipWithoutSshd)) spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key.at('/key')]);

/** Several lines of one keyword are one text. */
function toTold(lines: readonly string[]): Told {
  const told: Record<string, string> = {};
  for (const line of lines) {
    const [, name = '', value = ''] = /^(\S+) (.*)$/.exec(line) ?? [];
    if (name === 'hostkey' && value === key.at('/key')) continue;
    told[name] = told[name] === undefined ? value : `${told[name]} ${value}`;
  }
  return told;
}

/** The connections in turn. */
function connectionOf(at: number): string {
  return connections[at % connections.length] ?? '';
}

/** By host, of which each is asked about one connection; null where the configuration is refused. */
function askSshd(hosts: readonly TestHost[]): (Told | null)[] {
  const scripts = hosts.map((host, at) => {
    const ask = `"$sshd" -T -h '${key.at('/key')}' -C '${connectionOf(at)}' 2>/dev/null`;
    return `echo '=== '; mount --bind '${host.at('/etc/ssh')}' /etc/ssh; ${ask}; umount /etc/ssh`;
  });
  const [first] = hosts;
  if (first === undefined) return [];
  const lines = linesOfTools(first, `mkdir -p /run/sshd; sshd=$(command -v sshd); ${scripts.join('; ')}; true`);
  return lines
    .join('\n')
    .split(/^=== $/m)
    .slice(1)
    .map((section) => {
      const own = section.split('\n').filter((line) => line !== '');
      return own.length === 0 ? null : toTold(own);
    });
}

/** `unknown` is a keyword whose value is not told, `default` one that is compiled in and not known. */
function askOurs(testHost: TestHost, connection: string): Told {
  const host = openTestHost(testHost);
  const config = readSshdConfig(host);
  const told: Record<string, string> = {};
  for (const name of names) {
    const parsed = parseSshdKey(`[${connection}]:${name}`);
    const keyword = keywordOf(name);
    assert.ok(typeof parsed !== 'string' && keyword !== undefined);
    const resolved = resolveKeyword(config, new Connections(host).of(parsed), name, keyword);
    if (resolved.kind === 'unknown') told[name] = resolved.reason;
    else {
      assert.equal(resolved.candidates.length, 1);
      told[name] = [resolved.candidates[0]?.value ?? 'default'].flat().join(keyword.form === 'algorithms' ? ',' : ' ');
    }
  }
  return told;
}

/** Without the differences between what sshd prints and what its manual page says. */
function toCompared(name: string, value: string): string {
  if (name === 'permitrootlogin') return value.replace('without-password', 'prohibit-password');
  if (name === 'loglevel') return value.replace('SILENT', 'QUIET');
  if (name === 'listenaddress') return value.split(' ').sort().join(' ');
  return value;
}

/** @returns how many values were compared. */
function compare(ours: Told, theirs: Told, context: string): number {
  let compared = 0;
  for (const name of names) {
    const [our = '', their] = [ours[name], theirs[name]];
    if (our === 'default' || our === 'undecided' || (their === undefined && our === keywordOf(name)?.whenUnset))
      continue;
    assert.equal(toCompared(name, our), toCompared(name, their ?? '(none)'), `${name} of ${context}`);
    compared += 1;
  }
  return compared;
}

function compareAll(files: readonly Files[]): { refused: number[]; values: number } {
  const hosts = files.map(({ main, others }) => makeSshdHost(main, others));
  const all = askSshd(hosts);
  assert.equal(all.length, files.length);
  const refused: number[] = [];
  let values = 0;
  for (const [at, host] of hosts.entries()) {
    const [theirs, connection] = [all[at] ?? null, connectionOf(at)];
    const context = `${connection}\n${JSON.stringify(files[at], null, 1).replaceAll('\\n', '\n')}`;
    if (theirs === null) refused.push(at);
    else values += compare(askOurs(host, connection), theirs, context);
  }
  return { refused, values };
}

describe('the value of a keyword is that of sshd -T', () => {
  const lines = [
    '',
    'PermitRootLogin without-password',
    'permitrootlogin YES',
    'LoginGraceTime 1h30',
    'LoginGraceTime 2M',
    'X11Forwarding=YES',
    'x11forwarding = "yes"',
    'Port 22\nPort 0022\nPort 2222',
    'ListenAddress 192.0.2.1\nPort 5\nPort 6\nListenAddress 192.0.2.2:7',
    'HostKey /etc/ssh/a\nHostKey "/etc/ssh/b"',
    'AcceptEnv A B\nAcceptEnv C # d',
    'AllowUsers a b@192.0.2.1\nAllowUsers c',
    'Banner NONE',
    'Banner /etc/issue',
    'LogLevel debug1',
    'LogLevel Verbose',
    'SyslogFacility authpriv',
    'RekeyLimit default none',
    'RekeyLimit 1G 1h',
    'RekeyLimit 1000',
    'MaxStartups 7',
    'MaxStartups 010:30:060',
    'IPQoS af21',
    'IPQoS AF21 cs1',
    'PermitTunnel point-to-point',
    'PermitTunnel ethernet',
    'Compression delayed',
    'Compression no',
    'AllowTcpForwarding all',
    'AllowTcpForwarding local',
    'AllowStreamLocalForwarding remote',
    'GatewayPorts clientspecified',
    'AddressFamily inet',
    'StreamLocalBindMask 7',
    'X11DisplayOffset 007',
    'PubkeyAuthOptions touch-required verify-required',
    'PermitUserEnvironment LANG,LC_*',
    'Ciphers aes128-ctr,aes256-ctr',
    'MACs -hmac-sha1*',
    'KexAlgorithms +diffie-hellman-group1-sha1',
    'VersionAddendum a b # c',
    'VersionAddendum none',
    'SetEnv A=b "C=d e"\nSetEnv D=e',
    'Subsystem sftp internal-sftp -f "AUTH"\nSubsystem b /bin/b',
    'FingerprintHash md5',
    'ForceCommand "a  b"   c # d',
    'ForceCommand = x',
    'PermitOpen a:1 b:*\nPermitOpen c:2',
    'PermitListen none',
    'AuthenticationMethods publickey,password password',
    'HostKeyAlgorithms ssh-ed25519',
    'RequiredRSASize 2048',
    'UnusedConnectionTimeout 1h',
    'ChannelTimeout session:*=5m direct-tcpip=0',
    'ClientAliveInterval 1m',
    'KeepAlive no',
    'ChallengeResponseAuthentication no',
    'PidFile none',
    'AuthorizedKeysFile "a b" c',
    'AuthorizedKeysFile none',
    'DenyGroups a b\nDenyGroups c',
    'UsePAM yes\nUsePAM no',
    'IgnoreRhosts shosts-only',
    'TrustedUserCAKeys /etc/x',
    'PersourceMaxStartups 3',
    'PersourceNetBlockSize 24:48',
    'AuthorizedKeysCommand /bin/x %u  y\nAuthorizedKeysCommandUser nobody',
    'MaxAuthTries 3\r\nMaxSessions 2\r',
    'PasswordAuthentication no\nMatch Address 10.0.0.0/8,2001:db8::/32\n PasswordAuthentication yes',
    'Match Address 192.0.2.*,!192.0.2.1\n X11Forwarding yes\nMatch Host *.EXAMPLE.org\n X11Forwarding yes',
    'Match LocalPort 2222 LocalAddress 127.0.0.0/8\n MaxAuthTries 1',
    'Match User bob Group adm*\n Banner /b\nMatch all\n Banner /c',
    'AcceptEnv A\nMatch User alice\n AcceptEnv B\nMatch Group alice\n AcceptEnv C',
    'AllowUsers a\nMatch User *\n AllowUsers b c\nMatch all\n AllowUsers d',
  ];
  it(`for ${lines.length} configurations`, skipWithoutSshd, () => {
    const files = lines.flatMap((main) => (/Match/.test(main) ? connections : ['']).map(() => ({ main: `${main}\n` })));
    const { refused } = compareAll(files);
    assert.deepEqual(
      refused.map((at) => files[at]?.main),
      [],
    );
  });

  it('for generated configurations with Include and Match', skipWithoutSshd, () => {
    const flag = fc.constantFrom('yes', 'no', 'YES', '"no"');
    const withValue = (keywords: readonly string[], value: fc.Arbitrary<string>) =>
      fc
        .tuple(fc.constantFrom(...keywords), fc.constantFrom(' ', '=', ' = ', '\t'), value)
        .map((parts) => parts.join(''));
    const anywhere = fc.oneof(
      withValue(
        [
          'X11Forwarding',
          'passwordauthentication',
          'PubkeyAuthentication',
          'AllowAgentForwarding',
          'KbdInteractiveAuthentication',
          'PermitTTY',
          'DisableForwarding',
        ],
        flag,
      ),
      withValue(['PermitRootLogin'], fc.constantFrom('yes', 'no', 'prohibit-password', 'forced-commands-only')),
      withValue(
        ['AllowTcpForwarding', 'AllowStreamLocalForwarding'],
        fc.constantFrom('yes', 'no', 'local', 'all', 'Remote'),
      ),
      withValue(['MaxAuthTries', 'MaxSessions', 'ClientAliveCountMax'], fc.integer({ min: 1, max: 20 }).map(String)),
      withValue(['ClientAliveInterval'], fc.constantFrom('0', '300', '5m', '1h30m')),
      withValue(
        ['Banner', 'ChrootDirectory', 'TrustedUserCAKeys', 'AuthorizedPrincipalsFile'],
        fc.constantFrom('none', '/a', '"/a"', '/a # b'),
      ),
      withValue(['ForceCommand'], fc.constantFrom('none', 'internal-sftp -l INFO', '/bin/a "b  c" # d')),
      withValue(
        ['AllowUsers', 'DenyUsers', 'AllowGroups', 'DenyGroups'],
        fc.constantFrom('a', 'a b@10.0.0.0/8', '"c" d*'),
      ),
      withValue(['AcceptEnv'], fc.constantFrom('LANG', 'LC_* X', 'X Y # Z')),
      withValue(['SetEnv'], fc.constantFrom('A=b', 'A="b c" D=e')),
      withValue(['AuthorizedKeysFile'], fc.constantFrom('.ssh/k', '/etc/k/%u .ssh/k', 'none')),
      withValue(['LogLevel'], fc.constantFrom('VERBOSE', 'debug3', 'quiet')),
      withValue(
        ['AuthenticationMethods'],
        fc.constantFrom('any', 'publickey', 'publickey,password keyboard-interactive'),
      ),
      withValue(['PermitOpen', 'PermitListen'], fc.constantFrom('any', 'none', '192.0.2.1:80 h:*')),
    );
    const general = fc.oneof(
      anywhere,
      withValue(['UsePAM', 'StrictModes', 'PrintMotd', 'UseDNS', 'TCPKeepAlive'], flag),
      withValue(['Port'], fc.integer({ min: 1, max: 65_535 }).map(String)),
      withValue(['LoginGraceTime'], fc.constantFrom('0', '90', '2m', '1H')),
      withValue(['MaxStartups'], fc.constantFrom('5', '10:30:60')),
      withValue(['HostKey'], fc.constantFrom('/etc/ssh/one', '/etc/ssh/two')),
      withValue(['Ciphers'], fc.constantFrom('aes128-ctr', '+aes128-cbc', 'aes256-ctr,aes128-ctr')),
    );
    const include = fc.constantFrom(
      'Include conf.d/*.conf',
      'include "/etc/ssh/conf.d/[12]0*"',
      'Include none/*',
      'Include Zürich/ä*.conf',
      'Include "/etc/ssh/Zürich/ä b.conf"',
      'Include Z*rich/*',
      'Include conf.d/10-a.conf conf.d/20-b.conf',
    );
    const criterion = fc.constantFrom(
      'User alice',
      'user bob,root',
      'User !bob,*',
      'User r??t',
      'User=alice',
      'Group admins',
      'GROUP al*,!root',
      'Group nogroup',
      'Address 192.0.2.0/24',
      'Address 10.*,2001:db8::/64',
      'Address *,!10.0.0.0/8',
      'Host *.example.org',
      'Host 10.1.?.3,H',
      'LocalAddress 127.0.0.1',
      'LocalPort 2222',
      'LocalPort 22',
      'User "alice"',
    );
    const head = fc.oneof(
      { weight: 5, arbitrary: fc.array(criterion, { minLength: 1, maxLength: 2 }).map((all) => all.join(' ')) },
      { weight: 1, arbitrary: fc.constant('all') },
    );
    const included = fc.oneof({ weight: 6, arbitrary: anywhere }, { weight: 1, arbitrary: include });
    const block = fc
      .tuple(head, fc.array(included, { maxLength: 4 }))
      .map(([match, body]) => [`Match ${match}`, ...body.map((line) => `  ${line}`)].join('\n'));
    const comment = fc.constantFrom('# a comment', '', '\t');
    const top = fc.array(
      fc.oneof({ weight: 8, arbitrary: general }, { weight: 2, arbitrary: include }, { weight: 1, arbitrary: comment }),
      { maxLength: 6 },
    );
    const main = fc
      .tuple(top, fc.array(block, { maxLength: 4 }))
      .map(([lines_, blocks]) => `${[...lines_, ...blocks].join('\n')}\n`);
    const plain = fc
      .tuple(
        fc.array(anywhere, { maxLength: 4 }),
        fc.array(
          fc
            .tuple(head, fc.array(anywhere, { maxLength: 3 }))
            .map(([match, body]) => [`Match ${match}`, ...body].join('\n')),
          { maxLength: 2 },
        ),
      )
      .map(([lines_, blocks]) => `${[...lines_, ...blocks].join('\r\n')}\n`);
    const files = fc.sample(fc.tuple(main, plain, plain, plain), {
      seed: 20_261_130,
      numRuns: Number(process.env.MIG_TEST_SSHD ?? 120),
    });
    const { refused, values } = compareAll(
      files.map(([text, one, two, three]) => ({
        main: text,
        others: {
          'conf.d/10-a.conf': one,
          'conf.d/20-b.conf': two,
          'conf.d/.30.conf': three,
          'Zürich/ä b.conf': three,
        },
      })),
    );
    const taken = files.length - refused.length;
    assert.ok(taken > files.length / 2 && values > 50 * taken, `${taken} configurations, ${values} values`);
    if (process.env.MIG_TEST_SSHD)
      process.stderr.write(`${taken} of ${files.length} configurations, ${values} values\n`);
  });
});
