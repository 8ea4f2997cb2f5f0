/** A scribe document in words. */
import { plural } from '../../../protocol/base/plural.ts';
import { expandVariables, objectsByName, type ScribeDocument, type ScribeObject, type ScribeTest } from './document.ts';

function toObjectText(document: ScribeDocument, object: ScribeObject | undefined): string {
  if (object === undefined) return 'nothing';
  const { package: wanted, filecontent, filename, raw, hasline } = object;
  const expand = (text: string): string => expandVariables(document, text);
  if (wanted !== undefined)
    return (wanted.collectmatch ?? '') === ''
      ? `package ${expand(wanted.name)}`
      : `packages that match ${wanted.collectmatch}${wanted.onlynewest === true ? ', the newest' : ''}`;
  if (filecontent !== undefined) {
    const chain = filecontent['import-chain'] ?? [];
    const then = chain.length === 0 ? '' : `, then ${chain.join(', ')}`;
    return `what ${filecontent.expression} captures in files ${expand(filecontent.file)} below ${expand(filecontent.path)}${then}`;
  }
  if (filename !== undefined) return `names of files ${filename.file} below ${expand(filename.path)}`;
  if (raw !== undefined) return plural(raw.identifiers.length, 'given value', 'given values');
  if (hasline === undefined) return 'nothing';
  return `whether a line matches ${hasline.expression} in files ${expand(hasline.file)} below ${expand(hasline.path)}`;
}

function toTestText({ evr, regexp, exactmatch }: ScribeTest): string {
  if ((evr?.value ?? '') !== '') return `version ${evr?.operation ?? '?'} ${evr?.value}`;
  if ((regexp?.value ?? '') !== '') return `matches ${regexp?.value}`;
  return (exactmatch?.value ?? '') === '' ? 'is there' : `is ${exactmatch?.value}`;
}

/** What a test asks. */
function toScribeText(document: ScribeDocument, objects: ReadonlyMap<string, ScribeObject>, test: ScribeTest): string {
  const required = test.if ?? [];
  const only = required.length === 0 ? '' : `, if ${required.join(', ')}`;
  return `${toObjectText(document, objects.get(test.object))} ${toTestText(test)}${only}`;
}

/** A line for the document, and one for each test. */
export function describeScribe(document: ScribeDocument): string[] {
  const objects = objectsByName(document);
  return [
    `a document of scribe, ${plural(document.tests.length, 'test', 'tests')}`,
    ...document.tests.map((test) => {
      const name = (test.name ?? '') === '' ? '' : ` (${test.name})`;
      return `${test.test}${name}: ${toScribeText(document, objects, test)}`;
    }),
  ];
}

/** All that the document says of a test. */
export function explainScribe(document: ScribeDocument, test: ScribeTest): string[] {
  const line = (name: string, value = ''): string[] => (value === '' ? [] : [`${name}: ${value}`]);
  return [
    `${test.test}${(test.name ?? '') === '' ? '' : `: ${test.name}`}`,
    ...line('why', test.description),
    `true where: ${toScribeText(document, objectsByName(document), test)}`,
    `passes where it is ${test.expectedresult === true ? 'true' : 'false'}`,
    ...line('tags', (test.tags ?? []).map(({ key = '', value = '' }) => `${key} ${value}`).join(', ')),
  ];
}
