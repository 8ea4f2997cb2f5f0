/** Looks up the settings of all searches: each source is read once. */
import { native } from '../../native/index.ts';
import { Host } from '../kit/files/host.ts';
import { Breather } from '../kit/listing/breather.ts';
import type { ModuleRun, Work } from '../kit/work.ts';
import { joinKey, type PlacedCondition, placeCondition } from './grammar/check-condition.ts';
import { anyOf, both, type CompiledTest, judge, type Verdict, type When } from './grammar/verdict.ts';
import { type DependingValue, type FoundValue, placeOf } from './key-space.ts';
import type { SettingElement, SettingParameters } from './module.ts';
import { type ReadSetting, SpaceReader } from './space-reader.ts';
import { spaces } from './spaces.ts';

type Search = SettingParameters['searches'][string];

interface Planned extends PlacedCondition, CompiledTest {}

interface Row {
  readonly key: string;
  readonly verdict: Verdict;
  /** Whether only its value was asked for. */
  readonly isBare: boolean;
  readonly setting: ReadSetting;
}

/** @throws CodedError bad-pattern */
function plan(text: string): Planned {
  const placed = placeCondition(text, spaces);
  // The schema has refused it.
  if (typeof placed === 'string') throw new Error(placed);
  const { test } = placed.condition;
  const isPattern = test.kind === 'compare' && test.operator.endsWith('~');
  if (!isPattern) return { ...placed, test };
  const fits = native().compilePattern(test.values[0] ?? '');
  return { ...placed, test, matches: (value) => fits(Buffer.from(value)) };
}

/** Absent when it is not told. */
function toTold(found: FoundValue): Pick<SettingElement, 'now'>['now'] {
  if (found.state === 'unset') return null;
  if (found.state === 'depends') return found.on.map(toDependingText);
  if (found.state !== 'set') return undefined;
  return typeof found.value === 'string' ? found.value : [...found.value];
}

function toDefaults({ now, boot }: ReadSetting): Pick<SettingElement, 'defaults'> {
  const isDefault = (found: FoundValue): boolean => found.state === 'unset' && found.hasDefault === true;
  const defaults = [...(isDefault(now) ? (['now'] as const) : []), ...(isDefault(boot) ? (['boot'] as const) : [])];
  return defaults.length === 0 ? {} : { defaults };
}

/** `yes (user alice)` */
function toDependingText({ found, when }: DependingValue): string {
  const text =
    found.state === 'set' ? [found.value].flat().join(' ') : found.hasDefault === true ? '(default)' : '(unset)';
  return when === undefined ? text : `${text} (${when})`;
}

function whyUnknown(found: FoundValue): string | undefined {
  return found.state === 'unreadable' ? found.reason : undefined;
}

function toElement({ key, verdict, setting }: Row, when: When): SettingElement {
  const { now, boot, isTold } = setting;
  const [first, second] = when === 'boot' ? [boot, now] : [now, boot];
  const from = placeOf(first) ?? placeOf(second);
  const [toldNow, toldBoot] = isTold ? [toTold(now), toTold(boot)] : [];
  const why = verdict === 'unknown' ? (whyUnknown(first) ?? whyUnknown(second) ?? 'undecided') : undefined;
  return {
    key,
    holds: verdict,
    ...(toldNow === undefined ? {} : { now: toldNow }),
    ...(toldBoot === undefined ? {} : { boot: toldBoot }),
    ...(isTold ? toDefaults(setting) : {}),
    ...(from === undefined ? {} : { from }),
    ...(why === undefined ? {} : { why }),
  };
}

function merge(before: Row, row: Row): Row {
  return { ...row, verdict: both(before.verdict, row.verdict), isBare: before.isBare && row.isBare };
}

class Lookup {
  readonly #readers = new Map<string, SpaceReader>();
  readonly #host: Host;
  readonly #work: Work<SettingElement>;
  readonly #breather = new Breather();

  constructor(root: string, work: Work<SettingElement>) {
    this.#host = new Host(root, work);
    this.#work = work;
  }

  /** Null when it was stopped. */
  async answer(search: Search, conditions: readonly Planned[]): Promise<{ verdict: Verdict; rows: Row[] } | null> {
    const rows = new Map<string, Row>();
    const verdicts: Record<'bare' | 'conditions', Verdict[]> = { bare: [], conditions: [] };
    for (const condition of conditions) {
      const ofKeys: Verdict[] = [];
      const reader = await this.#readerOf(condition);
      for (const name of reader.expand(condition.name)) {
        if (this.#breather.isDue) await this.#breather.breathe();
        if (this.#work.signal.aborted) return null;
        const row = this.#judge(reader, condition, name, search.when ?? 'now');
        const before = rows.get(row.key);
        rows.set(row.key, before === undefined ? row : merge(before, row));
        ofKeys.push(row.verdict);
      }
      verdicts[condition.test.kind === 'value' ? 'bare' : 'conditions'].push(anyOf(ofKeys));
    }
    const { bare, conditions: own } = verdicts;
    // A key without an operator asks for its value, and keeps no other from being told.
    return { verdict: own.length > 0 ? own.reduce(both) : anyOf(bare), rows: [...rows.values()] };
  }

  finish(): void {
    for (const reader of this.#readers.values()) reader.finish();
  }

  #judge(reader: SpaceReader, condition: Planned, name: string, when: When): Row {
    const { findings, gate } = this.#work;
    findings.examine('settings', 1);
    findings.count('examined', 1);
    const setting = reader.read(name);
    const isBare = condition.test.kind === 'value';
    const key = joinKey({ prefix: condition.space.prefix, name });
    // Judged before the condition: counts must not depend on it.
    if (setting.paths.length > 0 && gate.permitPaths(setting.paths) === null) {
      findings.skip('protected');
      const hidden: FoundValue = { state: 'unreadable', reason: 'protected' };
      return { key, verdict: 'unknown', isBare, setting: { now: hidden, boot: hidden, isTold: false, paths: [] } };
    }
    const verdict = judge(condition.space.typeOf(name), condition, setting, when);
    // Whether its search is in doubt depends on the other conditions.
    if (verdict === 'unknown') findings.skip('undecided', 1, []);
    return { key, verdict, isBare, setting };
  }

  async #readerOf({ space }: Planned): Promise<SpaceReader> {
    const known = this.#readers.get(space.prefix);
    if (known !== undefined) return known;
    const made = await SpaceReader.open(space, this.#host, this.#work.gate);
    this.#readers.set(space.prefix, made);
    return made;
  }

  /** The settings of a search for which its conditions hold, and those without a condition; with `verdicts` all. */
  tell(label: string, { when = 'now', options }: Search, verdict: Verdict, rows: readonly Row[]): void {
    const { findings, gate } = this.#work;
    if (verdict === 'inapplicable') findings.doubt(label, verdict);
    if (verdict === 'unknown') findings.doubt(label, 'undecided');
    for (const row of rows) {
      const isTold = verdict === 'yes' && (row.verdict === 'yes' || row.isBare);
      if (!isTold && !options.verdicts) continue;
      const permit = gate.permitPaths(row.setting.paths);
      if (permit !== null && !findings.hit(permit, toElement(row, when), label)) return;
    }
  }
}

/** @param root of the host's files. */
export function runBelow(root: string): ModuleRun<SettingParameters, SettingElement> {
  return async ({ searches }, work) => {
    const lookup = new Lookup(root, work);
    for (const [label, search] of Object.entries(searches)) {
      const answer = await lookup.answer(search, search.settings.map(plan));
      if (answer === null) break;
      lookup.tell(label, search, answer.verdict, answer.rows);
    }
    lookup.finish();
  };
}

export const run = runBelow('/');
