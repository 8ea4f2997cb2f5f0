/** An action as a file: what is asked, without what is made anew each time that it is asked. */
import { evaluate, type ObjectNode } from '@humanwhocodes/momoa';
import * as z from 'zod';
import { describeFormerModule } from '../../../modules/former.ts';
import type { Module } from '../../../modules/kit/module.ts';
import { strictShape } from '../../../modules/kit/strict-shape.ts';
import {
  Action,
  ActionLimits,
  maximumActionBytes,
  maximumActionValues,
  maximumOperations,
} from '../../../protocol/action/action.ts';
import { suggest } from '../../../protocol/base/suggest.ts';
import { toIssueMessage } from '../../cli/issue-message.ts';
import { readNamedFile } from '../../cli/named-file.ts';
import type { ActionTemplate } from '../new-action.ts';
import { dropNulls, updateFormerNames } from './former-names.ts';
import { type Complaint, findMember, malformed, parseJsonSource, placeOf, toField } from './json-source.ts';
import { findAction, isScribeText, refuseScribe } from './other-documents.ts';
import { unpackParameters } from './unpack-parameters.ts';

const text = z.string().max(2048);
const shared = {
  name: text.min(1),
  target: Action.shape.target.optional(),
  description: strictShape({
    author: text.optional(),
    email: text.optional(),
    url: text.optional(),
    revision: z.number().optional(),
  }).nullish(),
  threat: strictShape({
    ref: text.optional(),
    level: text.optional(),
    family: text.optional(),
    type: text.optional(),
  }).nullish(),
  operations: z
    .array(strictShape({ module: z.string(), parameters: z.unknown(), ...compression() }))
    .min(1, 'expected at least one operation')
    .max(maximumOperations, `expected at most ${maximumOperations} operations`),
};

/** Of the original's `-z`; the parameters were unpacked. */
function compression() {
  const message = 'expected false with parameters in plain JSON, got true';
  return {
    is_compressed: z.literal(false, message).optional(),
    want_compressed: z.boolean().optional(),
  };
}

const bounds = { maxBytes: maximumActionBytes, maxValues: maximumActionValues };

const anything = z.unknown().optional();
/** Fields that the original's server, scheduler and client filled in. They are made anew. */
const filledInBefore = {
  id: anything,
  validfrom: anything,
  expireafter: anything,
  pgpsignatures: anything,
  investigators: anything,
  status: anything,
  starttime: anything,
  finishtime: anything,
  lastupdatetime: anything,
  counters: anything,
};
/** Fields that are filled in anew: output of `-f json` can be asked once more. */
const filledInNow = {
  id: anything,
  validfrom: anything,
  expireafter: anything,
  replykey: anything,
  wrappedreplykeydigest: anything,
  readers: anything,
};

const FormerFile = strictShape({ syntaxversion: z.literal(2).optional(), ...shared, ...filledInBefore });
const PresentFile = strictShape({
  syntaxversion: z.literal(3),
  ...shared,
  limits: ActionLimits.optional(),
  fleet: Action.shape.fleet.optional(),
  ...filledInNow,
});
type FileContent = z.infer<typeof PresentFile> | z.infer<typeof FormerFile>;

/** One per field; an unknown key is named where it stands. */
function toComplaints(error: z.ZodError, root: ObjectNode, prefix: readonly PropertyKey[] = []): Complaint[] {
  return error.issues.map((issue) => {
    const path = [...prefix, ...issue.path];
    const place = placeOf(root, issue.code === 'unrecognized_keys' ? [...path, issue.keys[0] ?? ''] : path);
    return { place, field: toField(path), message: toIssueMessage(issue) };
  });
}

function describeUnknownModule(module: string, modules: ReadonlyMap<string, Module>): string {
  const near = suggest(module, modules.keys());
  const known = `it has ${[...modules.keys()].join(', ')}`;
  const meant = near === undefined ? known : `did you mean ${near}?`;
  return `expected a module that this mig has, got ${JSON.stringify(module)} (${describeFormerModule(module) ?? meant})`;
}

/** Each for itself, whatever is wrong with the others. */
function checkOperations(
  operations: readonly unknown[],
  modules: ReadonlyMap<string, Module>,
  root: ObjectNode,
): Complaint[] {
  return operations.flatMap((operation, index): Complaint[] => {
    const { module, parameters } = AnyOperation.safeParse(operation).data ?? {};
    if (module === undefined) return [];
    const face = modules.get(module);
    if (face === undefined) {
      const path = ['operations', index, 'module'];
      return [{ place: placeOf(root, path), field: toField(path), message: describeUnknownModule(module, modules) }];
    }
    if (parameters === undefined) return [];
    const checked = face.parameters.safeParse(parameters);
    return checked.success ? [] : toComplaints(checked.error, root, ['operations', index, 'parameters']);
  });
}

const AnyOperation = z.looseObject({ module: z.string(), parameters: z.unknown().optional() });
const AnyOperations = z.looseObject({ operations: z.array(z.unknown()) });

/** Fields that the original did not have. */
const presentFields = ['limits', 'fleet', 'replykey', 'wrappedreplykeydigest', 'readers'] as const;

/** The original's own `-p` leaves the version out. */
function versionOf(root: ObjectNode): unknown {
  const value: unknown = Object(evaluate(root)).syntaxversion;
  if (value !== undefined) return value;
  return presentFields.some((name) => findMember(root, name) !== undefined) ? 3 : 2;
}

function parseContent(root: ObjectNode, file: string, modules: ReadonlyMap<string, Module>): FileContent {
  const version = versionOf(root);
  if (version !== 2 && version !== 3) {
    const message = `expected 2 or 3, got ${JSON.stringify(version)}`;
    const place = placeOf(root, ['syntaxversion']);
    const hint = 'files of the original have 2 or none, those of mig 3';
    throw malformed(file, [{ place, field: 'syntaxversion', message }], hint);
  }
  const packed = unpackParameters(root, bounds);
  if (packed.length > 0) throw malformed(file, packed);
  if (version === 2) dropNulls(root);
  updateFormerNames(root, modules);
  const value = evaluate(root);
  const parsed =
    version === 2 ? FormerFile.safeParse(value) : PresentFile.safeParse({ syntaxversion: 3, ...Object(value) });
  // Also where something else is wrong: all mistakes are named at once.
  const operations = AnyOperations.safeParse(value).data?.operations ?? [];
  const complaints = checkOperations(operations, modules, root);
  if (!parsed.success) throw malformed(file, [...toComplaints(parsed.error, root), ...complaints]);
  if (complaints.length > 0) throw malformed(file, complaints, 'mig help MODULE shows what a module is asked');
  return parsed.data;
}

/** The content of an action file, and the fleet that it names, if it names one. */
export interface ActionFile {
  readonly template: ActionTemplate;
  readonly target: string | undefined;
  readonly fleet: string | undefined;
}

/**
 * @param file for messages.
 * @throws CodedError action-file-malformed with all that is wrong, each with line, column, field and what was expected
 */
export function parseActionFile(bytes: Uint8Array, file: string, modules: ReadonlyMap<string, Module>): ActionFile {
  const text = new TextDecoder('utf-8').decode(bytes);
  if (bytes.length > maximumActionBytes && isScribeText(text)) refuseScribe(file, '');
  const root = parseJsonSource(bytes, file, bounds);
  const content = parseContent(findAction(root, file), file, modules);
  return {
    template: {
      name: content.name,
      description: content.description ?? {},
      threat: content.threat ?? {},
      operations: content.operations.map(({ module, parameters }) => ({ module, parameters })),
      limits: 'limits' in content ? (content.limits ?? {}) : {},
    },
    target: content.target,
    fleet: 'fleet' in content ? content.fleet : undefined,
  };
}

/** @param path `-` for standard input. @throws CodedError file-unreadable, action-file-malformed */
export function readActionFile(path: string, modules: ReadonlyMap<string, Module>): ActionFile {
  return parseActionFile(readNamedFile(path, 'action file'), path === '-' ? 'standard input' : path, modules);
}
