/** docs/protocol.md against the code: the refusal table with its order, the checks of an answer, contexts and limits. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { maximumActionBytes, maximumActionValues, maximumOperations } from '../../protocol/action/action.ts';
import { actionContext } from '../../protocol/action/envelope.ts';
import { agentContext } from '../../protocol/agent-message/agent-message.ts';
import { RefusalCode } from '../../protocol/agent-message/refusal.ts';
import {
  maximumAgentMessageBytes,
  maximumAgentTextBytes,
  maximumCommandBytes,
  maximumCommandValues,
  maximumPlainBytes,
  maximumResultBytes,
  maximumSignatures,
} from '../../protocol/base/limits.ts';
import { resultInfo } from '../../protocol/result/sealed.ts';
import { maximumTrustListBytes, trustContext } from '../../protocol/trust/trust-list.ts';
import { projectRoot } from '../../tools/lab/lab.ts';
import { type Fault, faults } from '../testing/refusal-faults.ts';
import { RefusingAgent } from '../testing/refusing-agent.ts';
import { maximumPerPerson, maximumRunning } from './checks/room.ts';

interface Row {
  readonly step: string;
  readonly codes: readonly string[];
  readonly file: string;
}

const page = readFileSync(join(projectRoot, 'docs', 'protocol.md'), 'utf8');

function readRows(): Row[] {
  return [...page.matchAll(/^\| (4\.\d+) \| .+ \| (`[^|]+`) \| `([^|`]+)` \|$/gm)].map(
    ([, step = '', codes = '', file = '']) => ({ step, codes: codes.replaceAll('`', '').split(', '), file }),
  );
}

const number = (value: number): string => value.toLocaleString('en-US');
const rows = readRows();
const answerSource = readFileSync(join(projectRoot, 'investigator', 'answers', 'answer.ts'), 'utf8');
const positionOf = ({ step }: Fault): number => rows.findIndex((row) => row.step === step);

describe('the refusal table', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mig-refusing-'));
  let agent: RefusingAgent;
  before(async () => {
    agent = await RefusingAgent.make(folder);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  test('lists every code, in the order in which the codes are declared', () => {
    assert.ok(rows.length >= 14);
    assert.deepEqual([...new Set(rows.flatMap(({ codes }) => codes))], RefusalCode.options);
  });

  test('tells for how many actions there is room', () => {
    assert.ok(page.includes(`has ${maximumPerPerson} actions running, and all together fewer than ${maximumRunning}.`));
  });

  test('has numbers that stand in the files it names', () => {
    for (const { step, file } of rows) {
      const source = readFileSync(join(projectRoot, file), 'utf8');
      assert.match(source, new RegExp(`\\b${step.replace('.', '\\.')}\\b`), `expected ${step} in ${file}`);
    }
  });

  test('has the codes that the files of the checks throw', () => {
    for (const { step, codes, file } of rows) {
      if (!file.includes('/checks/')) continue;
      const documented = /@throws RefusalError ([\w-]+(?:, [\w-]+)*)/.exec(
        readFileSync(join(projectRoot, file), 'utf8'),
      );
      assert.deepEqual(documented?.[1]?.split(', ').sort(), [...codes].sort(), step);
    }
  });

  test('is shown by a fault for each of its codes', () => {
    const shown = faults.map(({ step, code }) => `${step} ${code}`);
    assert.deepEqual(
      shown,
      rows.flatMap(({ step, codes }) => codes.map((code) => `${step} ${code}`)),
    );
  });

  test('a command without a fault is answered', async () => {
    assert.equal(await agent.codeOf([]), null);
  });

  for (const fault of faults)
    test(`${fault.step} refuses as ${fault.code}`, async () => {
      assert.equal(await agent.codeOf([fault]), fault.code);
    });

  test('is in the order of the checks: of two faults that of the earlier row is told', async () => {
    for (const early of faults)
      for (const late of faults) {
        if (positionOf(early) >= positionOf(late)) continue;
        assert.equal(await agent.codeOf([late, early]), early.code, `${early.step} before ${late.step} ${late.code}`);
      }
  });
});

describe('the page of the protocol', () => {
  test('has the contexts of everything that is signed on the way', () => {
    for (const context of [actionContext, trustContext, agentContext])
      assert.ok(page.includes(JSON.stringify(context)), context);
    assert.ok(page.includes(`\`${resultInfo}\``), resultInfo);
  });

  test('has the limits of the code', () => {
    const limits = {
      'message of the relay': `${number(maximumCommandBytes)} bytes, ${number(maximumCommandValues)} values`,
      action: `${number(maximumActionBytes)} bytes, ${number(maximumActionValues)} values, ${maximumOperations} operations`,
      signatures: `${maximumSignatures}, of `,
      operations: `${number(maximumResultBytes)} bytes`,
      result: `${number(maximumPlainBytes)} bytes`,
      'text of a report': `${number(maximumAgentTextBytes)} bytes`,
      report: `${number(maximumAgentMessageBytes)} bytes`,
      'trust list': `| trust list, as canonical JSON | ${number(maximumTrustListBytes)} bytes |`,
    };
    for (const [what, text] of Object.entries(limits)) assert.ok(page.includes(text), `${what}: ${text}`);
  });

  test('has the checks of an answer in the order of the code, by number', () => {
    const steps = [...page.matchAll(/^\| (7\.\d+) \|/gm)].map(([, step]) => step);
    const code = [...answerSource.matchAll(/\/\/ (7\.\d+)/g)].map(([, step]) => step);
    assert.ok(steps.length >= 10);
    assert.deepEqual(code, steps);
  });
});
