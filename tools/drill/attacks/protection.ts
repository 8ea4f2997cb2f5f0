/** Attacks on secrets in unusual places: copies, images of memory, executables. Also by lists of guesses. */
import { createHash } from 'node:crypto';
import { copyFileSync, linkSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { AgentId } from '../../../protocol/base/identifiers.ts';
import type { OperationResult } from '../../../protocol/result/result.ts';
import { ResultOpener } from '../../../protocol/result/sealed.ts';
import type { LabInvestigator } from '../../lab/investigator-key.ts';
import { type Attack, must, type Noticed } from '../attack.ts';
import type { Stage } from '../stage.ts';
import { startVictim } from '../victim.ts';

interface AskOptions {
  readonly by: readonly LabInvestigator[];
  readonly agent?: AgentId;
}

/** The answer to one search, asked directly over the broker. */
async function ask(stage: Stage, search: object, { by, agent = stage.agentId }: AskOptions): Promise<OperationResult> {
  const operations = [{ module: 'file', parameters: { searches: { s1: search } } }];
  const { action, replyKey } = await stage.compose({ operations });
  const report = await stage.send(action, await stage.envelope(action, ...by), agent);
  must(report.kind === 'result', JSON.stringify(report));
  const [answer] = new ResultOpener(replyKey.privateKey).open(report.sealed, { action: action.id, agent }).operations;
  must(answer !== undefined, 'no answer');
  return answer;
}

/** Writes files below a folder of the endpoint, for the time of the attack. */
async function withFiles(
  stage: Stage,
  files: Readonly<Record<string, string | Buffer>>,
  attack: (folder: string) => Promise<Noticed>,
): Promise<Noticed> {
  const folder = join(stage.folder, 'copies');
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  try {
    return await attack(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function skippedOf({ receipt }: OperationResult): number {
  const reasons: readonly string[] = ['protected', 'question-limit'];
  return receipt.skipped.reduce((sum, { reason, count }) => (reasons.includes(reason) ? sum + count : sum), 0);
}

/** Checks that no file below the folder can be looked into, neither as one of many nor by its own path. */
async function mustHold(
  stage: Stage,
  folder: string,
  names: readonly string[],
  search: object,
  by: readonly LabInvestigator[],
): Promise<Noticed> {
  const among = await ask(stage, { paths: [folder], ...search }, { by });
  must(!among.foundanything, `told of: ${JSON.stringify(among.elements)}`);
  must(skippedOf(among) === names.length, `${skippedOf(among)} of ${names.length} counted as protected`);
  for (const name of names) {
    const named = await ask(stage, { paths: [join(folder, name)], ...search }, { by });
    must(!named.success && !named.foundanything, `told of ${name}: ${JSON.stringify(named.elements)}`);
  }
  return { by: 'investigator', how: `${names.length} of ${names.length} are protected, named or met` };
}

const both = ({ people }: Stage): readonly LabInvestigator[] => [people.alice, people.bob];

function passwordOf(stage: Stage): string {
  return new URL(stage.broker.agentUrl).password;
}

const ownExecutable: Attack = {
  name: "relay's password read out of the agent's executable",
  tried: 'two people ask for it letter by letter: by its path, through /proc, by a hard link and in a renamed copy',
  run: (stage) =>
    withFiles(stage, { 'copy/.keep': '' }, async (folder) => {
      const contents = [`:${passwordOf(stage).slice(0, 3)}`];
      linkSync(stage.executable, join(folder, 'linked'));
      copyFileSync(stage.executable, join(folder, 'copy', 'collector'));
      const paths = [stage.executable, `/proc/${stage.agent.child.pid}/exe`, join(folder, 'linked')];
      for (const path of [...paths, join(folder, 'copy', 'collector')]) {
        const named = await ask(stage, { paths: [path], contents }, { by: both(stage) });
        must(!named.success && !named.foundanything, `${path} tells: ${JSON.stringify(named.elements)}`);
      }
      const digest = { sha2: ['0'.repeat(64)], options: { returnsha256: true } };
      return mustHold(stage, folder, ['linked', 'copy/collector'], digest, both(stage)).then((noticed) => ({
        ...noticed,
        how: 'protected from everybody: its path, its inode, and the mark by which copies are known',
      }));
    }),
};

const packages: Attack = {
  name: "relay's password read out of a package of the agent",
  tried: 'two people look into packages of it, packed and not',
  run: (stage) => {
    const line = `relay: { url: 'amqps://mig-agent:${passwordOf(stage)}@relay' }\n`;
    const names = ['deb', 'rpm', 'msi', 'pkg', 'tar'].map((ending) => `pool/mig-agent_1.0_amd64.${ending}`);
    const packed = ['pool/mig-agent-production-1.0.tar.gz', 'pool/mig-agent-production-1.0.tgz'];
    const files = Object.fromEntries([
      ...names.map((name) => [name, line]),
      ...packed.map((name) => [name, gzipSync(line)]),
    ]);
    const search = { contents: ['//mig-agent:'], options: { decompress: true } };
    return withFiles(stage, files, (folder) => mustHold(stage, folder, [...names, ...packed], search, both(stage)));
  },
};

const copies: Attack = {
  name: 'copies of protected secrets',
  tried: 'one person looks for a line in layers of containers, snapshots, backups, chroots, stores and mounted secrets',
  run: (stage) => {
    const names = [
      'var/lib/docker/overlay2/abc/diff/etc/shadow',
      '.snapshots/1/snapshot/etc/gshadow',
      'backup/etc/ssh/ssh_host_ed25519_key',
      'home/ci/.ssh/deploy_key',
      'etc/letsencrypt/archive/example.org/privkey1.pem',
      'etc/wireguard/wg0.conf',
      'chroot/run/secrets/database-password',
      'run/credentials/backup.service/token',
      'var/lib/kubelet/pods/1/volumes/kubernetes.io~secret/token/token',
      'var/lib/sss/db/cache_example.org.ldb',
      'var/lib/samba/private/secrets.tdb',
      'var/lib/krb5kdc/principal',
      'srv/http.keytab',
      'srv/home/ann/.aws/credentials',
      'srv/home/ann/.mozilla/firefox/x.default/key4.db',
      'srv/home/ann/.gnupg/private-keys-v1.d/1.key',
      'srv/etc/NetworkManager/system-connections/office.nmconnection',
      'var/lib/systemd/coredump/core.sshd.0.zst',
    ];
    const files = Object.fromEntries(names.map((name) => [name, 'line of a secret\n']));
    return withFiles(stage, files, (folder) =>
      mustHold(stage, folder, names, { contents: ['^line of'] }, [stage.people.alice]),
    );
  },
};

const contents: Attack = {
  name: 'secrets under harmless names',
  tried: 'one person looks into keys, password hashes and cloned disks that are called notes, also packed ones',
  run: (stage) => {
    const key = '-----BEGIN OPENSSH PRIVATE KEY-----\nline of a secret\n';
    const shadow = 'root:$y$j9T$line of a secret:19000:0:99999:7:::\n';
    const files = {
      'notes/1': key,
      'notes/2': `-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----\n${key.replace('OPENSSH', 'RSA')}`,
      'notes/3': shadow,
      'notes/4': `PuTTY-User-Key-File-3: ssh-ed25519\nline of a secret\n`,
      'notes/5': gzipSync(key),
      'notes/6': gzipSync(shadow),
    };
    const search = { contents: ['line of a'], options: { decompress: true } };
    return withFiles(stage, files, (folder) =>
      mustHold(stage, folder, Object.keys(files), search, [stage.people.alice]),
    );
  },
};

/** A page of swap as mkswap(8) begins it, and the beginning of a core file, elf(5). */
function toMemoryImages(line: string): Readonly<Record<string, Buffer>> {
  const text = Buffer.from(line);
  const swap = Buffer.alloc(3 * 4096);
  swap.write('SWAPSPACE2', 4096 - 10);
  text.copy(swap, 2 * 4096);
  const hibernated = Buffer.from(swap);
  hibernated.write('LINHIB0001', 4096 - 10);
  const core = Buffer.alloc(4096);
  Buffer.from('7f454c4602010100000000000000000004003e0001', 'hex').copy(core);
  text.copy(core, 2048);
  return { 'disk/space': swap, 'tmp/12345': core, 'tmp/laptop.img': hibernated };
}

const memoryImages: Attack = {
  name: 'swap file and core dump',
  tried: 'one person looks for what programs had in memory, in files of any name',
  run: (stage) => {
    const files = toMemoryImages('\nline of a secret\n');
    return withFiles(stage, files, (folder) =>
      mustHold(stage, folder, Object.keys(files), { contents: ['line of a'] }, [stage.people.alice]),
    );
  },
};

const otherAgents: Attack = {
  name: "key of another environment's agent on the host",
  tried: "two people look for it in that agent's state folder, and in a backup of it under another name",
  run: (stage) => {
    const identity = stage.lab.path('second/identity.json');
    const search = { contents: ['MC4CAQ'] };
    return withFiles(stage, { 'var/lib/mig-agent/staging/identity.json': '{"x":"MC4CAQ"}' }, async (folder) => {
      copyFileSync(identity, join(folder, 'old-state'));
      const named = await ask(stage, { paths: [identity], ...search }, { by: both(stage) });
      must(!named.success && !named.foundanything, JSON.stringify(named.elements));
      const names = ['old-state', 'var/lib/mig-agent/staging/identity.json'];
      return mustHold(stage, folder, names, search, both(stage));
    });
  },
};

const ownSecrets: Attack = {
  name: "secrets of the relay and of an investigator's laptop",
  tried: "two people look into the relay's settings, keys and passwords, and into sessions and settings of mig",
  run: (stage) => {
    const names = [
      'etc/mig-server/environment',
      'var/lib/mig-server/agent-password',
      'var/lib/mig-server/ca-key.pem',
      'home/.local/state/mig-server/database/base/1/1',
      'home/.local/state/mig/session-0123456789abcdef.json',
      'home/.config/mig/config.json',
    ];
    const files = Object.fromEntries(names.map((name) => [name, 'line of a secret\n']));
    return withFiles(stage, files, (folder) => mustHold(stage, folder, names, { contents: ['^line of'] }, both(stage)));
  },
};

function sha1(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}

const manyGuesses: Attack = {
  name: '4,000 guesses in one filter',
  tried: 'two people ask which of 4,000 digests a PIN in a private key file has, with five questions left',
  run: (stage) =>
    withFiles(stage, { '.ssh/id_pin': '4711' }, async (folder) => {
      const victim = await startVictim(stage);
      const path = join(folder, '.ssh', 'id_pin');
      const pins = Array.from({ length: 4000 }, (_, index) => sha1(String(index + 1000)));
      const asking = { by: both(stage), agent: victim.id };
      const many = await ask(stage, { paths: [path], sha1: pins }, asking);
      must(!many.success && !many.foundanything, `answered: ${JSON.stringify(many.elements)}`);
      const few = await ask(stage, { paths: [path], sha1: pins.slice(3709, 3713) }, asking);
      await victim.program.stop();
      must(few.success && few.foundanything, JSON.stringify(few));
      must(few.receipt.protectedquestions === 4, 'four guesses are not counted as four');
      const named = pins.filter((pin) => JSON.stringify(few.elements).includes(`["${pin}"]`));
      must(named.length === 0, `the one that fits is named: ${JSON.stringify(few.elements)}`);
      return { by: 'agent', how: 'each value counts as a question, and the answer is whether one of them fits' };
    }),
};

export const protectionAttacks: readonly Attack[] = [
  ownExecutable,
  packages,
  copies,
  contents,
  memoryImages,
  otherAgents,
  ownSecrets,
  manyGuesses,
];
