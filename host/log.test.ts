/** The lines of a log, and of an outage in it. */
import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { createLog } from './log.ts';
import { OutageLog } from './outage-log.ts';

let lines: Record<string, unknown>[] = [];
const log = createLog('info', 'mig-test', { write: (line) => lines.push(JSON.parse(line)) });
beforeEach(() => {
  lines = [];
});

test('a line has an ISO time and a word for its level', () => {
  log.warn({ reason: 'none' }, 'something');
  const [{ time, ...others } = {}] = lines;
  assert.match(String(time), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  assert.deepEqual(others, { level: 'warn', name: 'mig-test', reason: 'none', msg: 'something' });
});

describe('an outage', () => {
  let nowMs = 0;
  const at = (seconds: number): void => {
    nowMs = seconds * 1000;
  };
  const told = (): unknown[] => lines.map(({ level, msg, failures, seconds }) => [level, msg, failures, seconds]);
  const makeOutages = (): OutageLog => new OutageLog(log, { lost: 'away', back: 'there' }, () => nowMs);

  test('is told at its beginning, once a minute and at its end', () => {
    const outages = makeOutages();
    for (let second = 0; second <= 130; second += 0.5) {
      at(second);
      outages.failed({ reason: 'refused' });
    }
    outages.recovered();
    assert.deepEqual(told(), [
      ['warn', 'away', undefined, undefined],
      ['warn', 'away', 121, undefined],
      ['warn', 'away', 241, undefined],
      ['info', 'there', 261, 130],
    ]);
  });

  test('that comes and goes is told of three times a minute', () => {
    const outages = makeOutages();
    for (let second = 0; second < 59; second += 1) {
      at(second);
      outages.failed({ reason: 'refused' });
      outages.recovered();
    }
    assert.equal(lines.length, 6);
    at(90);
    outages.failed({ reason: 'refused' });
    assert.equal(lines.length, 7);
  });

  test('that never was has no end', () => {
    makeOutages().recovered();
    assert.deepEqual(lines, []);
  });
});
