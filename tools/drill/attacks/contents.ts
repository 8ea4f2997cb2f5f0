/** Attacks by the content of messages: validly signed, but made to break or mislead the reader. */
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Action } from '../../../protocol/action/action.ts';
import { actionContext } from '../../../protocol/action/envelope.ts';
import { toCanonicalJson } from '../../../protocol/base/strict-json.ts';
import type { OperationResult } from '../../../protocol/result/result.ts';
import { ResultOpener } from '../../../protocol/result/sealed.ts';
import { signBytes } from '../../lab/compose.ts';
import { type Attack, must, type Noticed, noticedIn } from '../attack.ts';
import type { Stage } from '../stage.ts';

type SearchInput = Readonly<Record<string, unknown>>;

/** The answer of an agent to one search, asked directly over the broker. */
async function search(stage: Stage, search: SearchInput, changes: Partial<Action> = {}): Promise<OperationResult> {
  const operations = [{ module: 'file', parameters: { searches: { s1: search } } }];
  const { action, replyKey } = await stage.compose({ operations, ...changes });
  const report = await stage.send(action, await stage.envelope(action, stage.people.alice));
  if (report.kind !== 'result') throw new Error(`expected an answer, got ${JSON.stringify(report)}`);
  const result = new ResultOpener(replyKey.privateKey).open(report.sealed, { action: action.id, agent: stage.agentId });
  const [operation] = result.operations;
  if (operation === undefined) throw new Error('expected an operation');
  return operation;
}

/** Signed by alice: only its form is wrong. */
function signedText(name: string, tried: string, change: (json: string) => string): Attack {
  return {
    name,
    tried,
    run: async (stage) => {
      const { action } = await stage.compose();
      const json = toCanonicalJson(action).toString('utf8');
      const changed = change(json);
      must(changed !== json, 'the attack changed nothing');
      const bytes = Buffer.from(actionContext + changed);
      const signatures = [await signBytes(bytes, stage.people.alice)];
      return stage.refuses(action, { payload: bytes.toString('base64'), signatures }, ['malformed']);
    },
  };
}

const deep = 100_000;

const json: readonly Attack[] = [
  signedText('100,000-deep JSON', 'signed parameters nested 100,000 deep', (text) =>
    text.replace('"parameters":{', `"parameters":{"a":${'['.repeat(deep)}${']'.repeat(deep)},`),
  ),
  signedText('duplicate JSON keys', 'a signed action with two targets', (text) =>
    text.replace('"target":"all"', '"target":"all","target":"online"'),
  ),
  signedText('huge numbers', 'a limit that no double holds', (text) =>
    text.replace('"limits":{}', '"limits":{"seconds":90071992547409931}'),
  ),
  signedText('prototype pollution', '__proto__ among the searches', (text) =>
    text.replace('"searches":{', '"searches":{"__proto__":{"paths":["/"]},'),
  ),
  signedText('lone surrogates', 'half of a character in the name', (text) =>
    text.replace('"name":"test"', '"name":"\\ud800"'),
  ),
  signedText('unknown fields', 'a field that no version has', (text) => text.replace('{', '{"also":true,')),
  {
    name: 'garbage to the agent',
    tried: 'no JSON, half of it, and 100,000 brackets, unsigned',
    run: async (stage) => {
      const before = (await stage.audit()).length;
      const garbage = ['', '{', '['.repeat(deep), '{"id":"x"}', '\u0000'];
      for (const text of garbage) await stage.broker.send(stage.agentId, Buffer.from(text));
      await assertAnswers(stage);
      const noted = (await stage.audit()).slice(before).filter((line) => line.includes(': malformed ')).length;
      must(noted >= garbage.length, `${noted} of ${garbage.length} in the audit log`);
      return { by: 'owner', how: `${noted} messages in the audit log as malformed; the next question was answered` };
    },
  },
];

async function assertAnswers(stage: Stage): Promise<void> {
  const operation = await search(stage, { paths: [stage.folder], names: ['^found$'] });
  must(operation.foundanything, 'the agent does not answer any more');
}

const sizes: readonly Attack[] = [
  {
    name: '1 GB message',
    tried: 'the relay sends the agent a message of 1 GB',
    // RabbitMQ takes no message of that size.
    only: 'embedded',
    run: async (stage) => {
      const before = await stage.peakMemoryMiB();
      await stage.broker.send(stage.agentId, Buffer.alloc(1024 * 1024 * 1024));
      await assertAnswers(stage);
      const grown = (await stage.peakMemoryMiB()) - before;
      must(grown < 256, `the agent's memory grew by ${grown} MiB`);
      return noticedIn('owner', (await stage.audit()).join('\n'), /malformed \(a message of \d+ bytes.*/);
    },
  },
  {
    name: 'decompression bomb on the endpoint',
    tried: 'a gzip file of 4 MB that unpacks to 4 GB, searched with decompress',
    run: async (stage) => {
      const folder = join(stage.folder, 'bomb');
      mkdirSync(folder);
      const zeros = gzipSync(Buffer.alloc(64 * 1024 * 1024), { level: 9 });
      writeFileSync(join(folder, 'bomb.gz'), Buffer.concat(Array.from({ length: 64 }, () => zeros)));
      const operation = await search(stage, {
        paths: [folder],
        contents: ['needle'],
        options: { decompress: true },
      });
      rmSync(folder, { recursive: true });
      must(operation.receipt.skipped.length > 0, `unpacked in silence: ${JSON.stringify(operation.receipt)}`);
      const [skip] = operation.receipt.skipped;
      return { by: 'investigator', how: `the receipt says ${skip?.count} skipped for ${skip?.reason}` };
    },
  },
  {
    name: 'regex meant to explode',
    tried: "(a+)+$ over a file of 5 MB of a's, in contents and in the target",
    run: async (stage) => {
      const folder = join(stage.folder, 'regex');
      mkdirSync(folder);
      writeFileSync(join(folder, 'a'), `${'a'.repeat(5_000_000)}!`);
      const target = "name ~* '(a+)+$' OR TRUE";
      const operation = await search(stage, { paths: [folder], contents: ['(a+)+$'] }, { target });
      rmSync(folder, { recursive: true });
      const { cutshort, cost } = operation.receipt;
      must(operation.success && cutshort === null && cost.cpums < 20_000, JSON.stringify(operation));
      return { by: 'agent', how: 'answered in linear time: RE2 on the endpoint' };
    },
  },
];

const paths: readonly Attack[] = [
  {
    name: 'path that escapes by a symlink race',
    tried: 'a folder that turns into a link to another one, again and again, while it is read',
    run: async (stage) => {
      const [inside, outside] = [join(stage.folder, 'race'), stage.lab.path('outside')];
      mkdirSync(join(inside, 'folder'), { recursive: true });
      mkdirSync(outside);
      for (let index = 0; index < 200; index += 1) writeFileSync(join(outside, `secret${index}`), 'secret\n');
      symlinkSync(outside, join(inside, 'link'));
      let swaps = 0;
      const swap = (): void => {
        renameSync(join(inside, 'folder'), join(inside, 'kept'));
        renameSync(join(inside, 'link'), join(inside, 'folder'));
        renameSync(join(inside, 'folder'), join(inside, 'link'));
        renameSync(join(inside, 'kept'), join(inside, 'folder'));
        swaps += 1;
      };
      const timer = setInterval(() => {
        for (let times = 0; times < 50; times += 1) swap();
      }, 1);
      try {
        for (let round = 0; round < 10; round += 1) {
          const operation = await search(stage, { paths: [inside], names: ['secret'], contents: ['secret'] });
          must(!operation.foundanything, `found outside of its path: ${JSON.stringify(operation.elements)}`);
        }
      } finally {
        clearInterval(timer);
        rmSync(inside, { recursive: true });
        rmSync(outside, { recursive: true });
      }
      return {
        by: 'agent',
        how: `nothing from outside in 10 searches and ${swaps} swaps: folders are opened without following links`,
      };
    },
  },
  {
    name: 'private key through /proc/*/root',
    tried: "content of .ssh/id_ed25519 by the path of a process's root, by one person",
    run: async (stage) => {
      const folder = join(stage.folder, 'home', '.ssh');
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'id_ed25519'), 'private\n');
      const path = `/proc/self/root${folder}/id_ed25519`;
      const operation = await search(stage, { paths: [path], contents: ['^private$'] });
      must(!operation.success && !operation.foundanything, JSON.stringify(operation));
      const below = await search(stage, {
        paths: [`/proc/self/root${join(stage.folder, 'home')}`],
        contents: ['^private$'],
      });
      must(!below.foundanything, JSON.stringify(below));
      return noticedIn('investigator', operation.errors.join('\n'), /^protected here[^:]*/);
    },
  },
  {
    name: 'secret read out letter by letter',
    tried: 'two people ask yes-or-no questions on a private key until the limit of the hour',
    run: async (stage) => {
      const path = join(stage.folder, 'home', '.ssh', 'id_ed25519');
      mkdirSync(join(stage.folder, 'home', '.ssh'), { recursive: true });
      writeFileSync(path, 'private\n');
      const { alice, bob } = stage.people;
      let answered = 0;
      for (const letter of 'abcdefgh') {
        const searches = { s1: { paths: [path], contents: [`^${letter}`] } };
        const { action, replyKey } = await stage.compose({
          operations: [{ module: 'file', parameters: { searches } }],
        });
        const report = await stage.send(action, await stage.envelope(action, alice, bob));
        must(report.kind === 'result', JSON.stringify(report));
        const opener = new ResultOpener(replyKey.privateKey);
        const { operations } = opener.open(report.sealed, { action: action.id, agent: stage.agentId });
        if (operations[0]?.success === true) answered += 1;
      }
      must(answered === 5, `${answered} of 8 questions answered, 5 are allowed within an hour`);
      await stage.restartAgent();
      const left = (await stage.audit()).join('\n');
      return noticedIn('owner', left, /1 question about protected content, 0 left this hour/);
    },
  },
];

/** `mig` prints the names of an endpoint's files. */
const hostileNames: Attack = {
  name: 'hostile file names',
  tried: 'newline, ESC sequence, =cmd|…, right-to-left mark and HTML in file names, in text, CSV and HTML',
  run: async (stage): Promise<Noticed> => {
    const folder = join(stage.folder, 'names');
    mkdirSync(folder);
    const names = ['new\nline', 'esc\u001b[31m', "=cmd|'!A0", 'right\u202eleft', '<script>x<'];
    for (const name of names) writeFileSync(join(folder, name), '');
    const ask = (format: string) =>
      stage.mig(['file', '-t', `id = '${stage.agentId}'`, '-path', folder, '-name', '.', '-f', format]);
    const [text, csv, html] = [await ask('text'), await ask('csv'), await ask('html')];
    rmSync(folder, { recursive: true });
    for (const { stdout, code, stderr } of [text, csv, html]) {
      must(code === 0, stderr);
      must(![...'\u001b\u202e'].some((character) => stdout.includes(character)), 'a control character in the output');
    }
    must(text.stdout.trimEnd().split('\n').length === names.length, `lines were made up:\n${text.stdout}`);
    must(!/(^|,)"?[=+@-]cmd/m.test(csv.stdout), `a formula in the CSV:\n${csv.stdout}`);
    must(!html.stdout.includes('<script>x'), 'a script in the HTML');
    return { by: 'investigator', how: 'every name is shown escaped, one line each' };
  },
};

export const contentAttacks: readonly Attack[] = [...json, ...sizes, ...paths, hostileNames];
