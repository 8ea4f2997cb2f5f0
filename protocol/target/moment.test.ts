import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isOfTheMoment } from './moment.ts';
import { parseTarget } from './parser.ts';

const ofTheMoment = [
  'online',
  "status = 'idle'",
  "name = 'web1' OR NOT status IN ('offline')",
  'heartbeattime IS NULL',
  "heartbeattime > '2026-01-31T07:00:00Z'",
  "starttime > NOW() - INTERVAL '1 hour'",
];
const lasting = ['all', "name LIKE 'web%'", "tags->>'status' = 'online'", "starttime > '2026-01-31T07:00:00Z'"];

for (const target of ofTheMoment)
  test(`${target} means who fits when it is asked`, () => assert.equal(isOfTheMoment(parseTarget(target)), true));
for (const target of lasting)
  test(`${target} means late-comers, too`, () => assert.equal(isOfTheMoment(parseTarget(target)), false));
