/** What the original MIG wrote, changed to what it would be today before the file is checked. */
import { evaluate, type MemberNode, type ObjectNode, type StringNode, type ValueNode } from '@humanwhocodes/momoa';
import type { Fields } from '../../../modules/kit/field.ts';
import type { FormerModule, Module } from '../../../modules/kit/module.ts';
import { findMember, findValue, keyOf } from './json-source.ts';

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

/** Former names of fields to those of today. */
function namesOf(fields: Fields): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(fields).flatMap(([name, { former = [] }]) => former.map((one) => [one, name] as const)),
  );
}

/** `{"why": ["192.0.2.1"], …}` of a former module becomes the one list of today's. */
function joinLists(parameters: ObjectNode, name: string): void {
  const known = (member: MemberNode): boolean => member.value.type === 'Array';
  const [first, ...others] = parameters.members.filter(known);
  if (first === undefined || first.name.type !== 'String' || first.value.type !== 'Array') return;
  first.name.value = name;
  for (const { value } of others) if (value.type === 'Array') first.value.elements.push(...value.elements);
  parameters.members = parameters.members.filter((member) => member === first || !others.includes(member));
}

/** Early files have the searches, by their labels, in the place of the parameters. */
function nestSearches(parameters: ObjectNode, { search }: Module['fields']): void {
  const isSearch = ({ value }: MemberNode): boolean =>
    Object.keys(search).some((name) => findMember(value, name) !== undefined);
  if (!parameters.members.some(isSearch) || !parameters.members.every(({ value }) => value.type === 'Object')) return;
  const { loc, members } = parameters;
  const searches: ObjectNode = { type: 'Object', members, loc };
  parameters.members = [{ type: 'Member', name: { type: 'String', value: 'searches', loc }, value: searches, loc }];
}

/** All nodes get the place of what they stand for. */
function toNode(value: unknown, loc: ValueNode['loc']): ValueNode {
  if (Array.isArray(value))
    return { type: 'Array', elements: value.map((one) => ({ type: 'Element', value: toNode(one, loc), loc })), loc };
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(
      ([name, one]): MemberNode => ({
        type: 'Member',
        name: { type: 'String', value: name, loc },
        value: toNode(one, loc),
        loc,
      }),
    );
    return { type: 'Object', members, loc };
  }
  if (typeof value === 'boolean') return { type: 'Boolean', value, loc };
  return { type: 'String', value: String(value), loc };
}

/** Parameters without searches become one. */
function toOneSearch(parameters: ObjectNode, toSearch: (parameters: unknown) => unknown): void {
  const search = toSearch(evaluate(parameters));
  if (search === undefined) return;
  const node = toNode({ searches: { s1: search } }, parameters.loc);
  if (node.type === 'Object') parameters.members = node.members;
}

/** Options that had no effect on the answer. */
function dropOptions(search: ValueNode, dropped: readonly string[]): void {
  const options = findValue(search, ['options']);
  if (options?.type === 'Object')
    options.members = options.members.filter((member) => !dropped.includes(keyOf(member)));
}

/** The module of today that a word of a former file stands for. */
function findModule(
  name: string,
  modules: ReadonlyMap<string, Module>,
): { module: Module; merged: FormerModule | null } | null {
  for (const module of modules.values()) {
    if (module.name === name) return { module, merged: null };
    const former = module.former.modules?.[name];
    if (former !== undefined) return { module, merged: former };
  }
  return null;
}

/** `{"class": "parameters", "parameters": …}`, the message that the original gave to a module. */
function unwrapMessage(parameters: ObjectNode): void {
  const kind = findValue(parameters, ['class']);
  const inner = findValue(parameters, ['parameters']);
  if (kind?.type === 'String' && kind.value === 'parameters' && inner?.type === 'Object')
    parameters.members = inner.members;
}

/** Go writes an empty list, and an object that is not there, as null. */
export function dropNulls(node: ValueNode): void {
  if (node.type === 'Array') for (const { value } of node.elements) dropNulls(value);
  if (node.type !== 'Object') return;
  node.members = node.members.filter(({ value }) => value.type !== 'Null');
  for (const { value } of node.members) dropNulls(value);
}

function updateOperation(module: StringNode, parameters: ObjectNode, modules: ReadonlyMap<string, Module>): void {
  unwrapMessage(parameters);
  const found = findModule(module.value, modules);
  if (found === null) return;
  const { fields, former } = found.module;
  module.value = found.module.name;
  if (found.merged !== null && 'lists' in found.merged) joinLists(parameters, found.merged.lists);
  if (found.merged !== null && 'toSearch' in found.merged) toOneSearch(parameters, found.merged.toSearch);
  rename(parameters, namesOf(fields.question));
  if (former.searchesAtTop === true) nestSearches(parameters, fields);
  const searches = findValue(parameters, ['searches']);
  if (searches?.type !== 'Object') return;
  for (const { value: search } of searches.members) {
    rename(search, namesOf(fields.search));
    dropOptions(search, former.droppedOptions ?? []);
  }
}

/** Changes the tree of a file in place; places stay those of the file. */
export function updateFormerNames(root: ObjectNode, modules: ReadonlyMap<string, Module>): void {
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
    if (module?.type === 'String' && parameters?.type === 'Object') updateOperation(module, parameters, modules);
  }
}
