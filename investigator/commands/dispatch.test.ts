/** From the words of the command line to what is called. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, it } from 'node:test';
import { exitCodes } from '../cli/exit-codes.ts';
import { startToyPlatform, type ToyPlatform } from '../testing/toy-platform.ts';

let platform: ToyPlatform;

beforeEach(async () => {
  platform = await startToyPlatform();
});
afterEach(() => platform.close());

it('refuses a wrong question before it asks anyone', async () => {
  for (const [argv, code] of [
    [['toy'], 'usage'],
    [['toy', '-word', 'wget', 'extra'], 'usage'],
    [['toy', '-wrd', 'wget'], 'usage'],
    [['toy', '-word', 'wget', '-t', "name LIKE 'a' AND"], 'target-malformed'],
    [['tyo'], 'usage'],
    [[], 'usage'],
    [['show', 'xyz'], 'usage'],
    [['actions', '-limit', '0'], 'usage'],
  ] as const)
    await assert.rejects(platform.mig(...argv), { code });
  assert.deepEqual(platform.relay.requests, []);
});

it('says what was meant', async () => {
  const hints = [
    [['tyo', '-word', 'wget'], 'did you mean mig toy?'],
    [
      ['ping'],
      'ping is a module of the original that this mig does not have; no module sends anything to other machines',
    ],
    [['toy', '-word', 'wget', 'curl'], /give it again for the next.*mig toy -h/],
    [['show'], 'mig actions lists them'],
    [['toy', '-wrd', 'wget'], 'did you mean -word?'],
    [['-p', 'toy', '-word', 'wget'], /^in place of the original's -p: -print/],
    [['toy', '-word', 'wget', '-z'], /^in place of the original's -z/],
    [['toy', '-word', 'wget', '-target-notfound', '1'], /notfound:ID/],
    [['toy', '-word', 'wget', '-u', 'x'], /^in place of the original's -u: MIG_SERVER/],
    [['toy', '-searchfor', 'x'], /^in place of the original's -searchfor: mig agents -t/],
    [['search', 'action'], "in place of the original's search: mig agents -t TARGET, mig actions"],
    [['showcfg'], "in place of the original's showcfg: mig config"],
  ] as const;
  for (const [argv, hint] of hints) await assert.rejects(platform.mig(...argv), { code: 'usage', hint });
});

it('help and version need no settings', async () => {
  for (const name of Object.keys(platform.environment)) delete platform.environment[name];
  for (const argv of [
    ['help'],
    ['toy', 'help'],
    ['toy', '-h'],
    ['help', 'toy'],
    ['show', '-h'],
    ['show', 'x', '-h'],
    ['--help'],
    ['help', 'help'],
  ]) {
    const { exitCode, lines } = await platform.mig(...argv);
    assert.equal(exitCode, exitCodes.found);
    assert.ok(lines.length > 0 && lines.every((line) => line.startsWith('out: ')));
  }
  assert.deepEqual((await platform.mig('--version')).lines, ['out: 1.2.3']);
});
