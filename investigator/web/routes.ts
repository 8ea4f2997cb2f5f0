/** What the page may ask: each request with the schema that its body must have. */
import * as z from 'zod';
import type { Module } from '../../modules/kit/module.ts';
import { escapeText } from '../../protocol/base/escape.ts';
import { ActionId } from '../../protocol/base/identifiers.ts';
import { targetLimits } from '../../protocol/target/tree.ts';
import { totalOf } from '../answers/outcome.ts';
import { resultFormats } from '../cli/common-flags.ts';
import type { CommandContext } from '../commands/context.ts';
import { resolveTarget } from '../commands/resolve-target.ts';
import type { OpenedRelay } from '../commands/with-relay.ts';
import { doneOf } from '../print/progress.ts';
import { compose } from './ask/compose.ts';
import type { Launches } from './ask/launches.ts';
import { measureReach } from './ask/reach.ts';
import type { CaseShelf } from './cases/case-shelf.ts';
import { watchCase } from './cases/watch.ts';
import type { Exports } from './exports.ts';
import type { ActionLine, ActionList, Hello, ModuleForm } from './messages.ts';
import { answer, type Route, stream } from './route.ts';

/** Rows of one window: several screens of them. */
const maximumRows = 500;
const listedActions = 200;
/** A pasted list of thousands of hashes fits. */
const maximumLineCharacters = 400_000;

const Nothing = z.strictObject({});
const OneAction = z.strictObject({ id: ActionId });
const Window = { from: z.int().min(0), count: z.int().min(0).max(maximumRows) };
const Filter = z.string().max(1000);
const FindingsQuery = z.strictObject({
  id: ActionId,
  group: z.enum(['stack', 'flat']),
  filter: Filter,
  sort: z.string().max(100),
  stack: z.string().max(64),
  ...Window,
});
const AgentsQuery = z.strictObject({
  id: ActionId,
  kind: z.enum(['fully', 'partly', 'stopped', 'refused', 'failed', 'silent', 'notgenuine', 'found', 'all']),
  filter: Filter,
  ...Window,
});
const ExportOrder = z.strictObject({
  id: ActionId,
  format: z.enum(resultFormats),
});

const OneTarget = z.strictObject({ target: z.string().max(targetLimits.characters) });
const Line = z.string().max(maximumLineCharacters);
const OneLine = z.strictObject({ line: Line });
const Given = z.union([
  OneLine,
  z.strictObject({
    module: z.string().max(64),
    values: z.record(z.string().max(64), z.array(z.string().max(16_384)).max(10_000)),
    target: z.string().max(targetLimits.characters),
    expiry: z.string().max(64),
  }),
]);
const OneDraft = z.strictObject({ nonce: z.string().max(64) });

export interface Desk {
  readonly context: CommandContext;
  readonly opened: OpenedRelay;
  readonly shelf: CaseShelf;
  readonly exports: Exports;
  readonly launches: Launches;
}

async function listActions({ opened }: Desk): Promise<ActionList> {
  const { actions, next } = await opened.relay.listActions({ limit: listedActions });
  const lines = actions.map(
    ({ id, name, target, created, expireafter, investigator, cancelled, counts }): ActionLine => ({
      id,
      name: escapeText(name),
      target: escapeText(target),
      created,
      expireafter,
      investigator: escapeText(investigator),
      isCancelled: cancelled !== null,
      done: doneOf(counts),
      total: totalOf(counts),
    }),
  );
  return { actions: lines, hasMore: next !== null };
}

function toModuleForm({ name, summary, flags, examples }: Module): ModuleForm {
  const fields = flags.map((flag) => ({
    name: flag.name,
    kind: flag.kind,
    isRepeatable: flag.repeatable === true,
    value: flag.value ?? '',
    help: flag.help,
    example: flag.example ?? '',
  }));
  return { name, summary, flags: fields, examples };
}

function sayHello({ context }: Desk): Hello {
  const { server, fleet } = context.settings();
  return { version: context.version, server: server?.href ?? '', fleet: fleet ?? null };
}

export function toRoutes(desk: Desk): ReadonlyMap<string, Route> {
  const { shelf, exports, opened, launches, context } = desk;
  const { modules } = context;
  return new Map<string, Route>([
    ['/api/hello', answer(Nothing, async () => sayHello(desk))],
    ['/api/actions', answer(Nothing, () => listActions(desk))],
    ['/api/modules', answer(Nothing, async () => [...modules.values()].map(toModuleForm))],
    ['/api/compose', answer(Given, async (given) => compose('line' in given ? given.line : given, modules))],
    [
      '/api/reach',
      answer(OneTarget, async ({ target }) =>
        measureReach(opened.relay, await resolveTarget(target, context), context.settings().fleet),
      ),
    ],
    ['/api/draft', answer(OneLine, ({ line }) => launches.draft(line))],
    ['/api/launch', stream(OneDraft, ({ nonce }, signal) => launches.launch(nonce, signal))],
    ['/api/facts', answer(OneAction, async ({ id }) => (await shelf.open(id)).facts)],
    ['/api/findings', answer(FindingsQuery, async (query) => (await shelf.open(query.id)).toFindings(query))],
    ['/api/agents', answer(AgentsQuery, async (query) => (await shelf.open(query.id)).toAgents(query))],
    [
      '/api/cancel',
      answer(OneAction, async ({ id }) => {
        await opened.relay.cancel(id);
        return {};
      }),
    ],
    ['/api/export', answer(ExportOrder, async ({ id, format }) => ({ ticket: await exports.write(id, format, []) }))],
    [
      '/api/watch',
      stream(OneAction, async function* ({ id }, signal) {
        yield* watchCase(await shelf.open(id), signal);
      }),
    ],
  ]);
}
