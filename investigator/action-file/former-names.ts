/** Names that the original MIG had in earlier versions, changed to those of today before the file is checked. */
import type { MemberNode, ObjectNode, ValueNode } from '@humanwhocodes/momoa';
import { findMember, findValue, keyOf } from './json-source.ts';

const searchNames: ReadonlyMap<string, string> = new Map([
  ['regexes', 'contents'],
  ['sha256', 'sha2'],
  ['sha384', 'sha2'],
  ['sha512', 'sha2'],
  ['sha3_224', 'sha3'],
  ['sha3_256', 'sha3'],
  ['sha3_384', 'sha3'],
  ['sha3_512', 'sha3'],
]);
const netstatNames: ReadonlyMap<string, string> = new Map([['namespaces', 'searchnamespaces']]);

/** Two lists that go by one name today become one list. */
function rename(node: ValueNode | undefined, names: ReadonlyMap<string, string>): void {
  if (node?.type !== 'Object') return;
  for (const member of [...node.members]) {
    const name = names.get(keyOf(member));
    if (name === undefined || member.name.type !== 'String') continue;
    const present = findMember(node, name);
    if (present === undefined) member.name.value = name;
    else if (present.value.type === 'Array' && member.value.type === 'Array') {
      present.value.elements.push(...member.value.elements);
      node.members.splice(node.members.indexOf(member), 1);
    }
  }
}

/** `{"why": ["192.0.2.1"], …}` of the module `connected` is `{"connectedip": ["192.0.2.1", …]}` of netstat. */
function toConnectedAddresses(parameters: ObjectNode): void {
  const known = (member: MemberNode): boolean => member.value.type === 'Array';
  const [first, ...others] = parameters.members.filter(known);
  if (first === undefined || first.name.type !== 'String' || first.value.type !== 'Array') return;
  first.name.value = 'connectedip';
  for (const { value } of others) if (value.type === 'Array') first.value.elements.push(...value.elements);
  parameters.members = parameters.members.filter((member) => member === first || !others.includes(member));
}

/** Early files have the searches, by their labels, in the place of the parameters. */
function nestSearches(parameters: ObjectNode): void {
  const isSearch = ({ value }: MemberNode): boolean => findMember(value, 'paths') !== undefined;
  if (!parameters.members.some(isSearch) || !parameters.members.every(({ value }) => value.type === 'Object')) return;
  const { loc, members } = parameters;
  const searches: ObjectNode = { type: 'Object', members, loc };
  parameters.members = [{ type: 'Member', name: { type: 'String', value: 'searches', loc }, value: searches, loc }];
}

/** Options that did nothing, or only for who watched the agent. */
const droppedOptions: ReadonlySet<string> = new Set(['debug', 'remotefs']);

function dropOptions(search: ValueNode): void {
  const options = findValue(search, ['options']);
  if (options?.type === 'Object')
    options.members = options.members.filter((member) => !droppedOptions.has(keyOf(member)));
}

/** Changes the tree of a `syntaxversion: 2` file in place; places stay those of the file. */
export function updateFormerNames(root: ObjectNode): void {
  const target = findValue(root, ['target']);
  // The original's table was called agents, and some files say so.
  if (target?.type === 'String')
    target.value = target.value.replaceAll(/'[^']*'|\bagents\.(?=[a-z])/g, (found) =>
      found.startsWith("'") ? found : '',
    );
  const operations = findValue(root, ['operations']);
  if (operations?.type !== 'Array') return;
  for (const { value: operation } of operations.elements) {
    const module = findValue(operation, ['module']);
    const parameters = findValue(operation, ['parameters']);
    if (module?.type !== 'String' || parameters?.type !== 'Object') continue;
    if (module.value === 'connected') {
      module.value = 'netstat';
      toConnectedAddresses(parameters);
    }
    if (module.value === 'netstat') rename(parameters, netstatNames);
    if (module.value === 'file') nestSearches(parameters);
    const searches = findValue(parameters, ['searches']);
    if (searches?.type !== 'Object') continue;
    for (const { value: search } of searches.members) {
      rename(search, searchNames);
      dropOptions(search);
    }
  }
}
