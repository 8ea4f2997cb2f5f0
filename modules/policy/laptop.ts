/** The commands of `mig policy` beside the question itself, and its documents. */
import { CodedError, toMessage } from '../../protocol/base/coded-error.ts';
import { plural } from '../../protocol/base/plural.ts';
import type { OperationResult } from '../../protocol/result/result.ts';
import type { LaptopPart, PrintedText } from '../kit/laptop-part.ts';
import { explainTest, listTests } from './describe.ts';
import { type AnyDocument, parseDocument } from './document/document.ts';
import { packDocument } from './document/packed.ts';
import { parseSourceFile } from './document/source-file.ts';
import { compile } from './sca/command.ts';

function readSource(bytes: Buffer, file: string): { readonly value: unknown; readonly document: AnyDocument } {
  const value = parseSourceFile(bytes, file);
  try {
    return { value, document: parseDocument(value) };
  } catch (cause) {
    throw new CodedError('document-malformed', `expected a policy document in ${file}\n${toMessage(cause)}`, { cause });
  }
}

function judge({ success, statistics, receipt }: OperationResult): 'pass' | 'fail' | 'unknown' {
  const { fail = 0, unknown = 0 } = statistics;
  if (fail > 0) return 'fail';
  return success && unknown === 0 && receipt.cutshort === null ? 'pass' : 'unknown';
}

function explain([file, id, ...more]: readonly string[], readFile: (path: string) => Buffer): PrintedText {
  if (file === undefined || more.length > 0)
    throw new CodedError('usage', 'expected a document and a test', { hint: 'mig policy explain FILE TEST' });
  const { document } = readSource(readFile(file), file);
  if (id === undefined) {
    const tests = listTests(document);
    return {
      text: tests.join('\n'),
      notes: [`${plural(tests.length, 'test', 'tests')}; mig policy explain FILE TEST explains one`],
    };
  }
  const lines = explainTest(document, id);
  if (lines === undefined)
    throw new CodedError('usage', `expected a test of ${file}, got ${JSON.stringify(id)}`, {
      hint: `mig policy explain ${file} lists them`,
    });
  return { text: lines.join('\n'), notes: [] };
}

export const laptop: LaptopPart = {
  document: {
    what: 'policy document',
    read: (bytes, file) => ({ ...packDocument(readSource(bytes, file).value) }),
  },
  commands: {
    check: {
      kind: 'check',
      operands: 'FILE [flags]',
      summary:
        'Judges the tests of a document on this machine: 0 when all pass, 1 when one fails, 3 when one is unknown.',
      example: 'mig policy check baseline.yaml',
      judge,
    },
    compile: {
      kind: 'print',
      operands: 'FILE [FILE ...]',
      summary: 'Prints a document made of SCA policies of Wazuh, and lists the checks that do not translate.',
      example: 'mig policy compile cis_debian12.yml > debian12.json',
      print: compile,
    },
    explain: {
      kind: 'print',
      operands: 'FILE [TEST]',
      summary: 'Says what a test asks, why, and how to mend it; lists the tests without one.',
      example: 'mig policy explain baseline.yaml ssh-root-login',
      print: explain,
    },
  },
};
