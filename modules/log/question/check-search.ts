/** Errors between the filters of one search: what no source that is asked can answer. */
import { declaredFields, parseBy } from './by.ts';
import { hasText, type LogSource, sources } from './sources.ts';

interface Asked {
  readonly sources?: readonly LogSource[] | undefined;
  readonly paths?: readonly string[] | undefined;
  readonly contents?: readonly string[] | undefined;
  readonly identifiers?: readonly string[] | undefined;
  readonly priority?: string | undefined;
  readonly fields?: readonly string[] | undefined;
  readonly by?: string | undefined;
  readonly options: { readonly accounts: boolean };
}

const withFields: readonly LogSource[] = ['login', 'failed', 'last'];

/** The sources that a valid search reads: without any that are named, text logs. */
export function toSources(asked: Asked): readonly LogSource[] {
  if (asked.sources !== undefined && asked.sources.length > 0) return asked.sources;
  if (asked.paths !== undefined) return ['text'];
  const usual: readonly LogSource[] = ['text'];
  return usual.filter((source) => whyNot(source, asked) === undefined);
}

function lacks(source: LogSource, what: string, able: readonly LogSource[]): string {
  return `expected ${what} of ${able.join(' or ')}, got source ${source}`;
}

/** Why a source cannot answer a search. */
function whyNot(source: LogSource, asked: Asked): string | undefined {
  const texts = sources.filter(hasText);
  const by = asked.by === undefined ? undefined : parseBy(asked.by);
  if (asked.paths !== undefined && source !== 'text') return lacks(source, 'paths', ['text']);
  if (asked.contents !== undefined && !hasText(source)) return lacks(source, 'contents', texts);
  if (asked.identifiers !== undefined && source !== 'text') return lacks(source, 'identifiers', ['text']);
  if (asked.priority !== undefined && source !== 'text') return lacks(source, 'a priority', ['text']);
  if (asked.fields !== undefined && source === 'text') return lacks(source, 'fields', withFields);
  if (typeof by === 'object' && by.type === 'field' && !by.of.includes(source))
    return lacks(source, asked.by ?? '', by.of);
  if (typeof by === 'object' && by.type === 'capture' && !hasText(source)) return lacks(source, 'a capture', texts);
  return undefined;
}

export function checkSearch(asked: Asked): string | undefined {
  const asks = toSources(asked);
  const first = asks.map((source) => whyNot(source, asked)).find((reason) => reason !== undefined);
  if (first !== undefined) return first;
  if (asks.length === 0) return describeNone(asked);
  const by = asked.by === undefined ? undefined : parseBy(asked.by);
  if (asked.options.accounts && !(typeof by === 'object' && by.kind === 'account'))
    return 'expected accounts together with -by account or a capture of that name, got none';
  return undefined;
}

/** Text logs do not have it: a source must be named. */
function describeNone(asked: Asked): string {
  const of = asked.by === undefined ? undefined : declaredFields.get(asked.by)?.of;
  return of === undefined
    ? 'expected filters that one source can answer, got some for different sources'
    : `expected a source for ${asked.by}: ${of.join(', ')}; got none`;
}
