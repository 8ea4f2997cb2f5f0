/** The parsers of an endpoint's tables of accounts, rules of sudo, keys and logins: whoever owns the endpoint wrote them. */
import assert from 'node:assert/strict';
import { parseAuthorizedKey } from '../../../modules/account/keys/authorized-keys.ts';
import { parsePrivateKey } from '../../../modules/account/keys/private-key.ts';
import type { PublicKey } from '../../../modules/account/keys/public-key.ts';
import { toWireString } from '../../../modules/account/keys/wire.ts';
import { PasswordFields } from '../../../modules/account/password/verdict.ts';
import { parseShadowLine } from '../../../modules/account/tables/shadow.ts';
import { parseGroupLine } from '../../../modules/kit/accounts/group.ts';
import { parsePasswdLine } from '../../../modules/kit/accounts/passwd.ts';
import { toTableLines } from '../../../modules/kit/files/table-line.ts';
import { layoutOf, parseUtmp } from '../../../modules/kit/logins/records.ts';
import { SudoersParser } from '../../../modules/kit/sudo/parse.ts';
import { type FuzzTarget, toSeeds } from '../target.ts';

function assertKey(key: PublicKey): void {
  assert.match(key.fingerprint, /^SHA256:[\w+/]{43}$/);
  assert.match(key.md5, /^MD5(?::[\da-f]{2}){16}$/);
  assert.ok(key.bits === undefined || (key.bits >= 0 && key.bits <= 8 * 2 ** 20));
}

const accountTables: FuzzTarget = {
  name: 'account-tables',
  side: 'agent',
  holds: 'a number has 32 bits, and a verdict on a password has no part of its hash',
  prepare: async () => ({
    seeds: toSeeds(
      'root:x:0:0:root:/root:/bin/bash\n+@admins::::::\n',
      'docker:x:990:alice,bob\n',
      `alice:$6$salt$${'a'.repeat(86)}:20000:0:99999:7:30:21000:\n`,
    ),
    take: (input) => {
      let taken = 0;
      for (const line of toTableLines(input)) {
        const [user, group, shadow] = [parsePasswdLine(line), parseGroupLine(line), parseShadowLine(line)];
        if (user?.kind === 'account') assert.ok(user.uid >= 0 && user.uid < 2 ** 32);
        if (group?.kind === 'group') assert.ok(group.gid >= 0 && group.gid < 2 ** 32);
        if (shadow !== null) {
          const said = JSON.stringify(new PasswordFields([shadow.password]).judge(shadow.password));
          assert.ok(shadow.password.length < 20 || !said.includes(shadow.password.slice(-10)));
        }
        if (user !== null || group !== null || shadow !== null) taken += 1;
      }
      return taken > 0;
    },
  }),
};

const sudoers: FuzzTarget = {
  name: 'sudoers',
  side: 'agent',
  holds: 'every rule has a user, a host and a command, and lines only grow',
  prepare: async () => ({
    seeds: toSeeds(
      'alice, %sudo ALL = (root : adm) NOPASSWD: /bin/ls -l *, !SH, sudoedit /etc/motd\n',
      'User_Alias ADM = alice, "two words" : OPS = #1000\nCmnd_Alias SH = /bin/sh, \\\n /bin/bash ""\n',
      'Defaults:alice !authenticate, env_keep += "A B"\n@includedir /etc/sudoers.d\n',
    ),
    take: (input) => {
      let [line, taken] = [0, 0];
      for (const statement of new SudoersParser(input.toString('latin1'), '/etc/sudoers').statements()) {
        assert.ok(statement.line >= line);
        line = statement.line;
        if (statement.kind !== 'malformed') taken += 1;
        if (statement.kind === 'rule')
          assert.ok(statement.users.length > 0 && statement.hosts.length > 0 && statement.commands.length > 0);
      }
      return taken > 0;
    },
  }),
};

const publicKey = Buffer.concat(['ssh-ed25519', Buffer.alloc(32, 7)].map(toWireString));

const authorizedKeys: FuzzTarget = {
  name: 'authorized-keys',
  side: 'agent',
  holds: 'a key has fingerprints, and nothing of its comment is kept',
  prepare: async () => ({
    seeds: toSeeds(
      `from="10.0.0.0/8",command="echo \\"a, b\\"" ssh-ed25519 ${publicKey.toString('base64')} comment\n`,
      `ssh-ed25519 ${publicKey.toString('base64')}\n`,
    ),
    take: (input) => {
      const keys = [...toTableLines(input)].flatMap(({ number, text }) => parseAuthorizedKey(number, text) ?? []);
      for (const key of keys) assertKey(key);
      return keys.length > 0;
    },
  }),
};

/** A container without a passphrase, as far as it is read. */
function makeContainer(): string {
  const count = Buffer.from([0, 0, 0, 1]);
  const parts = ['none', 'none', ''].map(toWireString);
  const body = Buffer.concat([Buffer.from('openssh-key-v1\0'), ...parts, count, toWireString(publicKey)]);
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${body.toString('base64')}\n-----END OPENSSH PRIVATE KEY-----\n`;
}

const privateKeys: FuzzTarget = {
  name: 'private-keys',
  side: 'agent',
  holds: 'only the public half is taken',
  prepare: async () => ({
    seeds: toSeeds(
      makeContainer(),
      '-----BEGIN RSA PRIVATE KEY-----\nMAkCAQACAQMCAQU=\n-----END RSA PRIVATE KEY-----\n',
      '-----BEGIN PRIVATE KEY-----\nMAkCAQACAQMCAQU=\n-----END PRIVATE KEY-----\n',
      `PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nComment: x\nPublic-Lines: 1\n${publicKey.toString('base64')}\n`,
    ),
    take: (input) => {
      const key = parsePrivateKey(input);
      if (key?.publicKey !== undefined) assertKey(key.publicKey);
      return key !== undefined;
    },
  }),
};

const logins: FuzzTarget = {
  name: 'logins',
  side: 'agent',
  holds: 'a login has a name and a time',
  prepare: async () => {
    const layout = layoutOf('x64');
    const record = Buffer.alloc(layout.utmpBytes);
    record.writeInt16LE(7, 0);
    record.write('alice', 44);
    record.writeUInt32LE(1_780_000_000, layout.utmpTime);
    return {
      seeds: [record],
      take: (input) => {
        if (input.length < layout.utmpBytes) return false;
        const login = parseUtmp(input.subarray(0, layout.utmpBytes), layout);
        if (login !== null) assert.ok(login.name !== '' && login.timeMs > 0);
        return login !== null;
      },
    };
  },
};

export const accountTargets: readonly FuzzTarget[] = [accountTables, sudoers, authorizedKeys, privateKeys, logins];
