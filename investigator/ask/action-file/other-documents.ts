/** Documents of the original that are no action files: the action in them, or what they are by name. */
import { evaluate, type ObjectNode, type ValueNode } from '@humanwhocodes/momoa';
import { insteadOfScribe } from '../../../modules/former.ts';
import { findMember, findValue, malformed } from './json-source.ts';

/** By the lists of a scribe document, also when it is too large to be read. */
export function isScribeText(text: string): boolean {
  return /"tests"\s*:\s*\[/.test(text) && /"objects"\s*:\s*\[/.test(text) && !/"operations"\s*:/.test(text);
}

/** @throws CodedError action-file-malformed, always. */
export function refuseScribe(file: string, tests: string): never {
  const message = `expected an action, got a scribe document${tests}, which is a file for another command`;
  throw malformed(file, [{ place: { line: 1, column: 1 }, field: '', message }], insteadOfScribe);
}

/** The values of the name among the data of an answer of the original's server. */
function findData(root: ObjectNode, name: string): ValueNode[] {
  const items = findValue(root, ['collection', 'items']);
  if (items?.type !== 'Array') return [];
  return items.elements.flatMap(({ value: item }) => {
    const data = findValue(item, ['data']);
    if (data?.type !== 'Array') return [];
    return data.elements.flatMap(({ value: entry }) => {
      const label = findValue(entry, ['name']);
      const value = findValue(entry, ['value']);
      return label?.type === 'String' && label.value === name && value !== undefined ? [value] : [];
    });
  });
}

/**
 * The action of a document: itself, or the one in an answer of the original's server.
 * @throws CodedError action-file-malformed for any other document of the original.
 */
export function findAction(root: ObjectNode, file: string): ObjectNode {
  if (findMember(root, 'operations') !== undefined) return root;
  const tests = findValue(root, ['tests']);
  if (tests?.type === 'Array' && (findMember(root, 'objects') ?? findMember(root, 'variables')) !== undefined)
    refuseScribe(file, ` of ${tests.elements.length} tests`);
  if (findMember(root, 'class') !== undefined && findMember(root, 'parameters') !== undefined) {
    const kind: unknown = evaluate(findValue(root, ['class']) ?? root);
    const message = `expected an action, got the message of class ${JSON.stringify(kind)} for one module`;
    const hint = 'put its parameters into an action: "operations": [{ "module": NAME, "parameters": … }]';
    throw malformed(file, [{ place: root.loc.start, field: '', message }], hint);
  }
  if (findMember(root, 'collection') === undefined) return root;
  const [action, ...others] = findData(root, 'action');
  if (action?.type === 'Object' && others.length === 0) return action;
  const message = `expected one action, got an answer of the server with ${action === undefined ? 'none' : others.length + 1}`;
  throw malformed(file, [{ place: root.loc.start, field: 'collection', message }]);
}
