import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { disclosureClasses } from '../../protocol/environment/disclosure.ts';
import { AclRule } from '../../protocol/environment/environment.ts';
import { ProtectedRule } from '../../protocol/environment/protection.ts';
import { ownRules, ProtectedQuestions, toProtectionRules } from './protection.ts';

const directory = mkdtempSync(join(tmpdir(), 'mig-protection-'));
after(() => rmSync(directory, { recursive: true, force: true }));

const hourMs = 3600 * 1000;

test('questions are limited within any hour, across restarts and whoever asks', () => {
  const open = (nowMs: number) => new ProtectedQuestions(directory, 10, nowMs);
  let questions = open(0);
  assert.equal(questions.reserve(0), 10);
  assert.equal(questions.reserve(0), 0, 'what runs now has them all');
  questions.settle(10, 7, 0);
  assert.equal(questions.left(1), 3);
  questions.close();
  questions = open(2);
  assert.equal(questions.left(2), 3);
  questions.settle(questions.reserve(2), 3, 2);
  assert.equal(questions.left(hourMs - 1), 0);
  assert.equal(questions.left(hourMs), 7);
  questions.close();
  questions = open(hourMs);
  assert.equal(questions.left(hourMs), 7);
  questions.close();
});

test('a clock that was set back gives no new questions', () => {
  const folder = mkdtempSync(join(directory, 'back-'));
  const questions = new ProtectedQuestions(folder, 5, 10 * hourMs);
  questions.settle(questions.reserve(10 * hourMs), 5, 10 * hourMs);
  assert.equal(questions.left(2 * hourMs), 0);
  questions.close();
});

test("the agent's own folder and executable are protected by their very names", () => {
  const { rules, contents } = ownRules('/state', '/opt/collector [1]');
  assert.ok(rules.some(({ glob }) => glob === '/opt/collector [[]1]'));
  assert.ok([...rules, ...contents].every(({ mayRead }) => !mayRead));
  assert.deepEqual(
    contents.map(({ kind }) => kind),
    ['agent-key', 'agent-executable'],
  );
  const [deep] = ownRules('/var/lib/mig-agent/a*[b]?').rules;
  assert.deepEqual(deep, { glob: '/var/lib/mig-agent/a[*][[]b][?]/**', mayRead: false, mayTell: true });
  assert.equal(ownRules('C:\\Program Files\\mig').rules[0]?.glob, '/C:/Program Files/mig/**');
});

describe('rules for the people who signed', () => {
  const rule = (fields: unknown) => ProtectedRule.parse({ paths: ['/p'], ...Object(fields) });
  const cases = [
    { says: 'two people are two', rule: { content: { minimumPeople: 2 } }, people: ['alice', 'bob'], read: true },
    { says: 'one is not', rule: { content: { minimumPeople: 2 } }, people: ['alice'], read: false },
    {
      says: 'who has no weight is nobody',
      rule: { content: { minimumPeople: 2 } },
      people: ['alice', 'eve'],
      read: false,
    },
    { says: 'weight counts', rule: { content: { minimumWeight: 3 } }, people: ['alice', 'bob'], read: true },
    { says: 'too little weight does not', rule: { content: { minimumWeight: 3 } }, people: ['alice'], read: false },
    { says: 'never is never', rule: { content: 'never' }, people: ['alice', 'bob'], read: false },
    { says: 'what is not ruled is open', rule: {}, people: ['alice'], read: true },
  ];
  for (const { says, rule: fields, people, read } of cases)
    test(says, () => {
      const acl = { default: AclRule.parse({ minimumWeight: 1, weights: { alice: 2, bob: 1 } }) };
      const environment = { acl, protected: [rule(fields)] };
      const [only] = toProtectionRules(environment, 'file', 'metadata', new Set(people)).rules;
      assert.equal(only?.mayRead, read);
    });

  test('a class of answers needs what every lower one needs', () => {
    const acl = { default: AclRule.parse({ minimumWeight: 1, weights: { alice: 1, bob: 1 } }) };
    const environment = { acl, protected: [rule({ answers: { count: { minimumPeople: 2 }, metadata: 'never' } })] };
    const told = (people: string[]) =>
      disclosureClasses.map(
        (answer) => toProtectionRules(environment, 'file', answer, new Set(people)).rules[0]?.mayTell,
      );
    assert.deepEqual(told(['alice']), [true, false, false, false]);
    assert.deepEqual(told(['alice', 'bob']), [true, true, true, false]);
  });

  test('kinds of content need what paths need', () => {
    const acl = { default: AclRule.parse({ minimumWeight: 1, weights: { alice: 1, bob: 1 } }) };
    const kinds = rule({ paths: [], kinds: ['private-key'], content: { minimumPeople: 2 } });
    for (const people of [['alice'], ['alice', 'bob']]) {
      const { rules, contents } = toProtectionRules({ acl, protected: [kinds] }, 'file', 'yesno', new Set(people));
      assert.deepEqual(rules, []);
      assert.deepEqual(contents, [{ kind: 'private-key', mayRead: people.length === 2 }]);
    }
    assert.equal(ProtectedRule.safeParse({ content: 'never' }).success, false);
  });

  test("a module's own rule adds to the environment's", () => {
    const acl = {
      file: AclRule.parse({ minimumWeight: 1, weights: { alice: 1 }, protected: [rule({ content: 'never' })] }),
    };
    assert.equal(toProtectionRules({ acl, protected: [] }, 'file', 'yesno', new Set(['alice'])).rules.length, 1);
    assert.equal(toProtectionRules({ acl, protected: [] }, 'memory', 'yesno', new Set(['alice'])).rules.length, 0);
  });
});
