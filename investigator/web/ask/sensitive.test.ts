/** Which questions a page cannot ask without the person at the terminal. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { packDocument } from '../../../modules/policy/document/packed.ts';
import { loadModules } from '../../../modules/registry.ts';
import { toQuestion } from './compose.ts';
import { findSensitive } from './sensitive.ts';

const modules = await loadModules();

function ofLine(line: string) {
  return findSensitive(toQuestion(line, modules).template.operations, modules);
}

describe('a question', () => {
  const lines: readonly (readonly [line: string, sensitive: ReturnType<typeof findSensitive>])[] = [
    ['mig file -path /etc -name passwd', undefined],
    ['mig file -path /etc -name passwd -matchlimit 10', undefined],
    ['mig netstat -lp 443', undefined],
    ['mig package -name openssl', undefined],
    ['mig file -path /etc -content root', 'content'],
    [`mig file -path /usr/bin -sha2 ${'a'.repeat(64)}`, 'content'],
    ['mig process -cmd secret', 'content'],
    ["mig log -content 'Failed password'", 'content'],
    ['mig memory -content secret', 'memory'],
    ['mig memory -name ^sshd$', 'memory'],
    ['mig memory -lib libssl', 'memory'],
  ];
  for (const [line, sensitive] of lines)
    it(`${line}: ${sensitive ?? 'the page alone'}`, () => assert.equal(ofLine(line), sensitive));

  it('is known by what its parameters are, whatever flags they came of', () => {
    const searches = { s1: { paths: ['/etc'], contents: ['root'] } };
    assert.equal(findSensitive([{ module: 'file', parameters: { searches } }], modules), 'content');
  });

  it('counts when it stands within another', () => {
    const ofPolicy = (file: Readonly<Record<string, unknown>>) => {
      const found = { file: { paths: ['/etc'], names: ['^passwd$'], ...file } };
      const tests = [{ id: 'a', title: 'a', check: { found } }];
      const searches = { s1: packDocument({ version: 2, name: 'a', tests }) };
      return findSensitive([{ module: 'policy', parameters: { searches } }], modules);
    };
    assert.equal(ofPolicy({}), undefined);
    assert.equal(ofPolicy({ contents: ['root'] }), 'content');
  });

  it('of a module that this mig has not, or with other fields, needs the person', () => {
    assert.equal(findSensitive([{ module: 'other', parameters: {} }], modules), 'unknown');
    assert.equal(findSensitive([{ module: 'file', parameters: { more: 1 } }], modules), 'unknown');
  });
});
