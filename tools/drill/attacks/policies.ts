/** Attacks by documents of tests: guesses about secrets, packing, and what is asked within. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type AgentId, sha256Hex } from '../../../protocol/base/identifiers.ts';
import { toCanonicalJson } from '../../../protocol/base/strict-json.ts';
import type { OperationResult } from '../../../protocol/result/result.ts';
import { ResultOpener } from '../../../protocol/result/sealed.ts';
import type { LabInvestigator } from '../../lab/investigator-key.ts';
import { type Attack, must, type Noticed, noticedIn } from '../attack.ts';
import type { Stage } from '../stage.ts';
import { startVictim } from '../victim.ts';

function toDocument(checks: readonly object[]): Buffer {
  const tests = checks.map((check, index) => ({ id: `t${index}`, title: 'a guess', check }));
  return toCanonicalJson({ version: 2, name: 'a document', tests });
}

/** @param shown whose digest is signed; the document unless given. */
function toOperations(document: Buffer, shown = document) {
  const packed = { document: gzipSync(document, { level: 9 }).toString('base64'), sha256: sha256Hex(shown) };
  const options = { verdicts: ['pass', 'fail', 'unknown', 'notapplicable'] };
  return [{ module: 'policy', parameters: { searches: { s1: { ...packed, options } } } }];
}

async function ask(
  stage: Stage,
  document: Buffer,
  by: readonly LabInvestigator[],
  agent: AgentId,
): Promise<OperationResult> {
  const { action, replyKey } = await stage.compose({ operations: toOperations(document) });
  const report = await stage.send(action, await stage.envelope(action, ...by), agent);
  must(report.kind === 'result', JSON.stringify(report));
  const [answer] = new ResultOpener(replyKey.privateKey).open(report.sealed, { action: action.id, agent }).operations;
  must(answer !== undefined, 'no answer');
  return answer;
}

/** How many tests were decided either way. */
function decidedBy({ success, errors, statistics }: OperationResult): number {
  must(success, errors.join('\n'));
  const { tests = 0, unknown = 0 } = statistics;
  return tests - unknown;
}

const guesses = 40;
/** As the stage's environment has it. */
const questionsPerHour = 5;

/** A test for each of these numbers. */
function toGuesses(place: string, first: number, count: number): Buffer {
  const contents = Array.from({ length: count }, (_, index) => [`^root:${first + index}:`]);
  return toDocument(contents.map((one) => ({ found: { file: { paths: [place], contents: one } } })));
}

async function guess(stage: Stage): Promise<Noticed> {
  const folder = join(stage.folder, 'guessed', 'etc');
  const path = join(folder, 'shadow');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, 'root:4711:19000:0:99999:7:::\n');
  const victim = await startVictim(stage);
  try {
    const { alice, bob } = stage.people;
    const alone = await ask(stage, toGuesses(path, 4690, guesses), [alice], victim.id);
    must(decidedBy(alone) === 0, `one person learnt of ${decidedBy(alone)} guesses: ${JSON.stringify(alone.elements)}`);
    const few = await ask(stage, toGuesses(path, 4709, 4), [alice, bob], victim.id);
    must(decidedBy(few) === 4 && few.statistics.pass === 1, `two people may ask: ${JSON.stringify(few)}`);
    must(few.receipt.protectedquestions === 4, 'four guesses are not counted as four');
    // By its name, and met on the way.
    for (const place of [path, folder]) {
      const many = await ask(stage, toGuesses(place, 4690, guesses), [alice, bob], victim.id);
      must(decidedBy(many) <= questionsPerHour - 4, `two people learnt of ${decidedBy(many)} guesses more`);
    }
    return {
      by: 'agent',
      how: `${guesses} of ${guesses} tests are unknown to one person, and two have the hourly limit`,
    };
  } finally {
    await victim.program.stop();
    rmSync(join(stage.folder, 'guessed'), { recursive: true, force: true });
  }
}

async function sendBomb(stage: Stage): Promise<Noticed> {
  const before = await stage.peakMemoryMiB();
  const bomb = Buffer.alloc(100 * 1024 * 1024, ' ');
  const { action } = await stage.compose({ operations: toOperations(bomb) });
  const noticed = await stage.refuses(action, await stage.envelope(action, stage.people.alice), ['bad-parameters']);
  const grown = (await stage.peakMemoryMiB()) - before;
  must(grown < 64, `the agent grew by ${grown} MiB`);
  return noticed;
}

const harmless = { found: { file: { paths: ['/etc'], names: ['^hosts$'], options: { maxdepth: 1 } } } };
const harmful = { found: { file: { paths: ['/home'], contents: ['password'] } } };

async function sendOther(stage: Stage): Promise<Noticed> {
  const { alice } = stage.people;
  const operations = toOperations(toDocument([harmful]), toDocument([harmless]));
  const { action } = await stage.compose({ operations });
  await stage.refuses(action, await stage.envelope(action, alice), ['bad-parameters']);
  const twice = toDocument([harmless]).toString().replace('"tests":', '"tests":[],"tests":');
  const { action: second } = await stage.compose({ operations: toOperations(Buffer.from(twice)) });
  await stage.refuses(second, await stage.envelope(second, alice), ['bad-parameters']);
  const file = stage.lab.path('another.json');
  writeFileSync(file, JSON.stringify({ syntaxversion: 3, name: 'shown', target: 'all', operations }));
  const { stderr } = await stage.mig(['propose', file]);
  return noticedIn('investigator', stderr, /expected the document with the SHA-256 [0-9a-f]{64}, got one with/);
}

export const policyAttacks: readonly Attack[] = [
  {
    name: 'policy as an oracle on a protected file',
    tried: `one person, then two, ask ${guesses} tests, each of which guesses a password hash`,
    run: guess,
  },
  {
    name: 'packed bomb for a policy',
    tried: 'a document of 100 KB that unpacks to 100 MiB',
    run: sendBomb,
  },
  {
    name: 'another document than its digest says',
    tried: 'the digest of a harmless document beside another one, and a document with two lists of tests',
    run: sendOther,
  },
  {
    name: 'policy that asks a module of more weight',
    tried: 'one person asks for sockets, which two must sign, in a test of a policy',
    run: async (stage) => {
      const document = toDocument([harmless, { missing: { netstat: { listeningport: ['23'] } } }]);
      const { action } = await stage.compose({ operations: toOperations(document) });
      return stage.refuses(action, await stage.envelope(action, stage.people.alice), ['insufficient-weight']);
    },
  },
];
