/** Errors between the filters of one search: what no source that is asked can answer. */
import { declaredFields, parseBy } from './by.ts';
import { parseFieldTest } from './field-test.ts';
import { hasText, type LogSource, sources } from './sources.ts';

interface Asked {
  readonly sources?: readonly LogSource[] | undefined;
  readonly paths?: readonly string[] | undefined;
  readonly contents?: readonly string[] | undefined;
  readonly units?: readonly string[] | undefined;
  readonly identifiers?: readonly string[] | undefined;
  readonly priority?: string | undefined;
  readonly fields?: readonly string[] | undefined;
  readonly by?: string | undefined;
  readonly signs: boolean;
  readonly options: { readonly accounts: boolean };
}

const withFields: readonly LogSource[] = ['journal', 'login', 'failed', 'last', 'audit'];
const loginFields = ['account', 'address', 'terminal'];
/** Names of fields of each source; any of the journal's. */
const fieldNames: Readonly<Record<LogSource, RegExp>> = {
  journal: /^[A-Z_][A-Z0-9_]*$/,
  text: /(?!)/,
  login: new RegExp(`^(?:${loginFields.join('|')}|type)$`),
  failed: new RegExp(`^(?:${loginFields.join('|')})$`),
  last: new RegExp(`^(?:${loginFields.join('|')})$`),
  audit: /^[a-z]/,
};

/** The sources that a valid search reads: without any that are named, those of journal and text. */
export function toSources(asked: Asked): readonly LogSource[] {
  if (asked.sources !== undefined && asked.sources.length > 0) return asked.sources;
  if (asked.paths !== undefined) return ['text'];
  if (asked.signs) return sources.filter((source) => source !== 'last');
  const usual: readonly LogSource[] = ['journal', 'text'];
  return usual.filter((source) => whyNot(source, asked) === undefined);
}

function lacks(source: LogSource, what: string, able: readonly LogSource[]): string {
  return `expected ${what} of ${able.join(' or ')}, got source ${source}`;
}

const named: readonly LogSource[] = ['journal', 'text'];

function toName(test: string): string {
  const parsed = parseFieldTest(test);
  // One that is no condition is refused by itself.
  return typeof parsed === 'string' ? '' : parsed.name;
}

/** Why a source cannot answer a search. */
function whyNot(source: LogSource, asked: Asked): string | undefined {
  const texts = sources.filter(hasText);
  const by = asked.by === undefined ? undefined : parseBy(asked.by);
  if (asked.paths !== undefined && source !== 'text') return lacks(source, 'paths', ['text']);
  if (asked.contents !== undefined && !hasText(source)) return lacks(source, 'contents', texts);
  if (asked.units !== undefined && source !== 'journal') return lacks(source, 'units', ['journal']);
  if (asked.identifiers !== undefined && !named.includes(source)) return lacks(source, 'identifiers', named);
  if (asked.priority !== undefined && !named.includes(source)) return lacks(source, 'a priority', named);
  if (asked.fields !== undefined && source === 'text') return lacks(source, 'fields', withFields);
  const strange = (asked.fields ?? []).map(toName).find((name) => !fieldNames[source].test(name));
  if (strange !== undefined) return `expected a field of ${source}, got ${strange}`;
  if (typeof by === 'object' && by.type === 'field' && !by.of.includes(source))
    return lacks(source, asked.by ?? '', by.of);
  if (typeof by === 'object' && by.type === 'capture' && !named.includes(source))
    return lacks(source, 'a capture', named);
  return undefined;
}

/** Signs are of whole logs. */
function findWithSigns(asked: Asked): string | undefined {
  const { contents, units, identifiers, priority, fields, by } = asked;
  const others = Object.entries({ contents, units, identifiers, priority, fields, by });
  return others.find(([, value]) => value !== undefined)?.[0];
}

export function checkSearch(asked: Asked): string | undefined {
  const other = asked.signs ? findWithSigns(asked) : undefined;
  if (other !== undefined) return `expected signs with sources, paths and times alone, got ${other}`;
  const asks = toSources(asked);
  const first = asks.map((source) => whyNot(source, asked)).find((reason) => reason !== undefined);
  if (first !== undefined) return first;
  if (asks.length === 0) return describeNone(asked);
  const by = asked.by === undefined ? undefined : parseBy(asked.by);
  if (asked.options.accounts && !(typeof by === 'object' && by.kind === 'account'))
    return 'expected accounts together with -by account or a capture of that name, got none';
  return undefined;
}

/** Neither the journal nor text logs have it: a source must be named. */
function describeNone(asked: Asked): string {
  const of = asked.by === undefined ? undefined : declaredFields.get(asked.by)?.of;
  return of === undefined
    ? 'expected filters that one source can answer, got some for different sources'
    : `expected a source for ${asked.by}: ${of.join(', ')}; got none`;
}
