/** `mig policy compile FILE…`: one document of policies of other tools, and what they have that no search says. */
import { CodedError } from '../../../protocol/base/coded-error.ts';
import { plural } from '../../../protocol/base/plural.ts';
import type { PrintedText } from '../../kit/laptop-part.ts';
import { PolicyDocument } from '../document/policy-document.ts';
import { parseSourceFile } from '../document/source-file.ts';
import { compileSca, toDocument } from './sca.ts';

/** @throws CodedError usage, document-unreadable, document-malformed, nothing-translated */
export function compile(files: readonly string[], readFile: (path: string) => Buffer): PrintedText {
  if (files.length === 0)
    throw new CodedError('usage', 'expected at least one policy', { hint: 'mig policy compile FILE… > policy.json' });
  const compiled = files.map((file) => compileSca(parseSourceFile(readFile(file), file), file));
  const left = compiled.flatMap((one) => one.left);
  const notes = left.map(({ id, why }) => `${id}: not translated: ${why}`);
  const count = compiled.reduce((sum, { tests }) => sum + tests.length, 0);
  if (count === 0)
    throw new CodedError('nothing-translated', `expected a check that translates, got none\n${notes.join('\n')}`);
  const parsed = PolicyDocument.safeParse(toDocument(compiled));
  if (!parsed.success)
    throw new CodedError('document-malformed', `expected each check once\n${parsed.error.issues[0]?.message ?? ''}`);
  return {
    text: JSON.stringify(parsed.data, undefined, 1),
    notes: [...notes, `${count} of ${plural(count + left.length, 'check', 'checks')} translated`],
  };
}
