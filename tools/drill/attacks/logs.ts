/** Attacks that want lines of logs, or what people typed by mistake. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ResultOpener } from '../../../protocol/result/sealed.ts';
import { type Attack, must } from '../attack.ts';
import type { Stage } from '../stage.ts';

function toOperations(search: Readonly<Record<string, unknown>>) {
  return [{ module: 'log', parameters: { searches: { s1: search } } }];
}

/** Signed by alice with a tool of her own: hers does not make such a question. */
function refusedBy(name: string, by: string): Attack {
  return {
    name,
    tried: `logs counted by ${by}, which would return them`,
    run: async (stage) => {
      const { action } = await stage.compose({ operations: toOperations({ paths: ['/var/log/**'], by }) });
      return stage.refuses(action, await stage.envelope(action, stage.people.alice), ['bad-parameters']);
    },
  };
}

/** The answer in full. */
async function ask(stage: Stage, search: Readonly<Record<string, unknown>>): Promise<string> {
  const { action, replyKey } = await stage.compose({ operations: toOperations(search) });
  const report = await stage.send(action, await stage.envelope(action, stage.people.alice));
  if (report.kind !== 'result') throw new Error(`expected an answer, got ${JSON.stringify(report)}`);
  const result = new ResultOpener(replyKey.privateKey).open(report.sealed, { action: action.id, agent: stage.agentId });
  must(result.operations[0]?.foundanything === true, 'the lines were not counted at all');
  return JSON.stringify(result);
}

const lines = [
  'Jan 31 07:00:00 web1 sshd[1]: Failed password for invalid user hunter2 from 192.0.2.1 port 22 ssh2',
  'Jan 31 07:00:01 web1 --password=hunter2: started with it',
  'Jan 31 07:00:02 web1 AKIAHUNTER2HUNTER2AB: started with it',
  '192.0.2.1 - - [31/Jan/2026:07:00:03 +0000] "GET /reset/hunter2 HTTP/1.1" 200 1',
];

const passwords: Attack = {
  name: 'passwords in values of logs',
  tried: 'counts by account, program and path, where somebody typed a password',
  run: async (stage) => {
    const folder = join(stage.folder, 'logs');
    mkdirSync(folder, { recursive: true });
    try {
      writeFileSync(join(folder, 'auth.log'), `${lines.join('\n')}\n`);
      const answers: string[] = [];
      for (const by of ['identifier', 'user (?P<account>\\S+) from', 'GET (?P<path>\\S+)', 'user (?P<address>\\S+)'])
        answers.push(await ask(stage, { paths: [join(folder, '*')], by }));
      must(!/hunter2/i.test(answers.join('\n')), `a password is in the answer: ${answers.join('\n')}`);
      must(
        answers.some((answer) => answer.includes('unknown account')),
        'the name was not counted',
      );
      return { by: 'agent', how: 'counted as unknown account, no known path, no address and <redacted>' };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

export const logAttacks: readonly Attack[] = [
  refusedBy('lines of logs as values', '^(.*)$'),
  refusedBy('lines of logs under another name', '(?P<message>.*)'),
  refusedBy('messages of the journal as values', 'MESSAGE'),
  passwords,
];
