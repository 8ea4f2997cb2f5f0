import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import fc from 'fast-check';
import type { Action } from '../../protocol/action/action.ts';
import type { Report } from '../../protocol/api/api.ts';
import { sha256Hex } from '../../protocol/base/identifiers.ts';
import { newReplyKey } from '../../protocol/result/sealed.ts';
import { countsOf } from '../commands/follow.ts';
import { ToyAgent } from '../testing/toy-agent.ts';
import { toyResult } from '../testing/toy-module.ts';
import { newToyQuestion } from '../testing/toy-question.ts';
import type { Answer, Expected, ResultAnswer } from './answer.ts';
import { Answers } from './answers.ts';

let expected: Expected;
let action: Action;
let digest: string;

before(() => {
  expected = newToyQuestion();
  ({ action, digest } = expected);
});

function answersTo(...reports: readonly Report[]) {
  const results: ResultAnswer[] = [];
  const onAnswer = (answer: Answer): void => {
    if (answer.kind === 'result') results.push(answer);
  };
  const answers = new Answers(expected, { onAnswer, signal: new AbortController().signal });
  for (const report of reports) assert.equal(answers.add(report), undefined);
  const { reportedAgents } = answers.tally;
  const { refusals, repeats, notGenuine } = answers.tally.toOutcome(action, countsOf('succeeded', reports.length));
  return { results, refusals, repeats, notGenuine: notGenuine.examples, reportedAgents };
}

describe('answers', () => {
  it('take a result and a refusal, each agent once', () => {
    const [web1, web2] = [new ToyAgent('web1'), new ToyAgent('web2')];
    const result = web1.result(action, digest, [toyResult(['wget'])]);
    const refusal = web2.refusal(action, digest, 'target-mismatch');
    const answers = answersTo(result, refusal, result, refusal, web1.refusal(action, digest, 'replayed'));
    assert.deepEqual(
      answers.results.map(({ name, agent, state }) => ({ name, agent, state })),
      [{ name: 'web1', agent: web1.id, state: 'succeeded' }],
    );
    const refused = { kind: 'refusal', agent: web2.id, code: 'target-mismatch', altered: false };
    assert.deepEqual(answers.refusals, [refused]);
    assert.deepEqual(answers.repeats, [{ kind: 'refusal', agent: web1.id, code: 'replayed', altered: false }]);
    assert.deepEqual(answers.notGenuine, []);
    assert.equal(answers.reportedAgents, 2);
  });

  const agent = new ToyAgent('web1');
  const other = new ToyAgent('web2');
  const genuine = (): Report => agent.result(action, digest, [toyResult(['wget'])]);
  const falsified: readonly (readonly [string, string, () => Report])[] = [
    [
      'sealed to another key',
      'seal-broken',
      () => agent.result(action, digest, [toyResult([])], { replykey: newReplyKey().publicKey }),
    ],
    ['another agent claims', 'other-agent', () => ({ ...genuine(), agent: other.id })],
    [
      'of another action',
      'other-action',
      () => {
        const elsewhere = newToyQuestion();
        return agent.result(elsewhere.action, elsewhere.digest, [toyResult([])]);
      },
    ],
    ['to altered bytes', 'other-digest', () => agent.result(action, sha256Hex('altered'), [toyResult([])])],
    [
      'whose inside is to altered bytes',
      'other-digest',
      () => agent.result(action, digest, [toyResult([])], { inside: { actiondigest: sha256Hex('altered') } }),
    ],
    ['shown as a refusal', 'not-a-report', () => ({ ...genuine(), kind: 'refusal' })],
    ['that is a heartbeat', 'not-a-report', () => agent.heartbeat(action)],
    [
      'with an operation too many',
      'operations-mismatch',
      () => agent.result(action, digest, [toyResult([]), toyResult([])]),
    ],
    [
      'with elements of another form',
      'elements-malformed',
      () => agent.result(action, digest, [toyResult([], { elements: { words: 1 } })]),
    ],
    ['that is empty', 'agent-message-malformed', () => ({ ...genuine(), message: '' })],
  ];
  for (const [name, code, make] of falsified)
    it(`leave out an answer ${name}`, () => {
      const report = make();
      const answers = answersTo(report);
      assert.deepEqual(answers.results, []);
      assert.deepEqual(answers.refusals, []);
      assert.deepEqual(answers.notGenuine, [{ agent: report.agent, code }]);
    });

  it('name a refusal of bytes that are not the signed ones as that', () => {
    const answers = answersTo(agent.refusal(action, sha256Hex('altered'), 'bad-signature'));
    const refused = { kind: 'refusal', agent: agent.id, code: 'bad-signature', altered: true };
    assert.deepEqual(answers.refusals, [refused]);
  });

  it('leave out an answer with any one bit flipped', async () => {
    const report = await genuine();
    const bytes = Buffer.from(report.message, 'base64');
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(7), async (index, bit) => {
        const flipped = Buffer.from(bytes);
        flipped[index] = (flipped[index] ?? 0) ^ (1 << bit);
        const answers = answersTo({ ...report, message: flipped.toString('base64') });
        assert.equal(answers.results.length, 0);
        assert.equal(answers.notGenuine.length, 1);
      }),
    );
  });

  it('keep an operation that failed without elements that are of another form', () => {
    const failed = toyResult([], { success: false, elements: { words: 1 }, errors: ['out of memory'] });
    const answers = answersTo(agent.result(action, digest, [failed], { state: 'failed' }));
    const [result] = answers.results;
    assert.equal(result?.state, 'failed');
    assert.deepEqual(result?.operations, [{ ...failed, elements: null }]);
  });
});
