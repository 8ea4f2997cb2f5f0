/** Reads the records of logins and the events of audit, for all searches that ask for them. */
import type { Host } from '../../kit/files/host.ts';
import type { Work } from '../../kit/work.ts';
import { readAudit } from '../audit/audit-source.ts';
import type { AuditEvent } from '../audit/events.ts';
import type { ValueJudge } from '../count/value-judge.ts';
import type { LogElement } from '../element.ts';
import type { LocalAccounts } from '../local-accounts.ts';
import type { LogSource } from '../question/sources.ts';
import type { Reaches } from '../reach.ts';
import type { SearchPlan } from '../search-plan.ts';
import { NumberGaps } from '../signs/number-gaps.ts';
import { type Signs, toleranceMs } from '../signs/signs.ts';
import type { Entry, EntryTaker } from './entry.ts';
import { EntrySearch } from './entry-search.ts';
import { readLastlog, readLastlog2 } from './last-source.ts';
import { readUtmpFiles, readWtmpdb } from './utmp-source.ts';

/** Other records of wtmp are counted when a search asks for their type. */
function toTests({ search }: SearchPlan, source: LogSource): readonly string[] {
  const fields = search.fields ?? [];
  return source === 'login' && !fields.some((text) => /^type!?[=~]/.test(text)) ? [...fields, 'type=login'] : fields;
}

export class EntrySources {
  readonly #host: Host;
  readonly #work: Work<LogElement>;
  readonly #accounts: LocalAccounts;
  readonly #judge: ValueJudge;
  readonly #reaches: Reaches;

  constructor(host: Host, work: Work<LogElement>, accounts: LocalAccounts, judge: ValueJudge, reaches: Reaches) {
    this.#host = host;
    this.#work = work;
    this.#accounts = accounts;
    this.#judge = judge;
    this.#reaches = reaches;
  }

  read(plans: readonly SearchPlan[]): void {
    this.#readSource('login', plans, (taker) => {
      readUtmpFiles(this.#host, 'wtmp', taker);
      readWtmpdb(this.#host, taker);
    });
    this.#readSource('failed', plans, (taker) => readUtmpFiles(this.#host, 'btmp', taker));
    this.#readSource('last', plans, (taker) => {
      readLastlog(this.#host, this.#accounts.entries, taker);
      readLastlog2(this.#host, taker);
    });
    this.#readSource('audit', plans, (taker, signs) => this.#readAudit(taker, signs));
  }

  #readAudit({ take }: EntryTaker, signs: readonly Signs[]): void {
    const { signal } = this.#work;
    const gaps = new NumberGaps((gap) => {
      for (const one of signs) one.add('audit', 'missing', null, gap);
    });
    const takeEvent = ({ path, serial, ...entry }: AuditEvent): void => {
      if (signs.length > 0) gaps.add({ serial, timeMs: entry.timeMs });
      take(entry, path);
    };
    readAudit(this.#host, takeEvent, () => signal.aborted);
    gaps.finish();
  }

  #readSource(
    source: LogSource,
    plans: readonly SearchPlan[],
    read: (taker: EntryTaker, signs: readonly Signs[]) => void,
  ): void {
    const asking = plans.filter(({ tallies }) => tallies.has(source));
    if (asking.length === 0) return;
    const signs = asking.flatMap((plan) => plan.signs ?? []);
    const searches = asking.flatMap((plan) => {
      const tally = plan.tallies.get(source);
      if (tally === undefined || plan.signs !== null) return [];
      return [new EntrySearch(toTests(plan, source), plan, tally, this.#judge)];
    });
    const { findings } = this.#work;
    const clock = new FileClock(signs, source);
    const take = (entry: Entry, path: string): void => {
      findings.examine('entries', 1);
      // The last login of each account begins nowhere.
      if (entry.timeMs !== null && source !== 'last') {
        this.#reaches.add(source, source, { fromMs: entry.timeMs, toMs: entry.timeMs });
        clock.add(entry.timeMs, path);
      }
      for (const search of searches) search.take(entry, path);
    };
    const zeroed = (count: number, path: string): void => {
      for (const one of signs) one.add(source, 'zeroed', path, { count, firstMs: null, lastMs: null });
    };
    read({ take, zeroed }, signs);
    for (const search of searches) findings.skip('undecided', search.undated);
  }
}

/** Notices where the times of one file run backwards. */
class FileClock {
  readonly #signs: readonly Signs[];
  readonly #source: LogSource;
  #path = '';
  #latestMs = 0;

  constructor(signs: readonly Signs[], source: LogSource) {
    this.#signs = signs;
    this.#source = source;
  }

  add(timeMs: number, path: string): void {
    const isBack = path === this.#path && timeMs < this.#latestMs - toleranceMs;
    const span = { count: 1, firstMs: timeMs, lastMs: this.#latestMs };
    if (isBack) for (const one of this.#signs) one.add(this.#source, 'backwards', path, span);
    this.#path = path;
    this.#latestMs = timeMs;
  }
}
