/** Reads the records of logins and the events of audit, for all searches that ask for them. */
import type { Host } from '../../kit/files/host.ts';
import type { Work } from '../../kit/work.ts';
import { readAudit } from '../audit/audit-source.ts';
import type { ValueJudge } from '../count/value-judge.ts';
import type { LogElement } from '../element.ts';
import type { LocalAccounts } from '../local-accounts.ts';
import type { LogSource } from '../question/sources.ts';
import type { Reaches } from '../reach.ts';
import type { SearchPlan } from '../search-plan.ts';
import type { Entry, TakeEntry } from './entry.ts';
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
    this.#readSource('login', plans, (take) => {
      readUtmpFiles(this.#host, 'wtmp', take);
      readWtmpdb(this.#host, take);
    });
    this.#readSource('failed', plans, (take) => readUtmpFiles(this.#host, 'btmp', take));
    this.#readSource('last', plans, (take) => {
      readLastlog(this.#host, this.#accounts.entries, take);
      readLastlog2(this.#host, take);
    });
    this.#readSource('audit', plans, (take) => {
      const { signal } = this.#work;
      readAudit(
        this.#host,
        ({ path, ...entry }) => take(entry, path),
        () => signal.aborted,
      );
    });
  }

  #readSource(source: LogSource, plans: readonly SearchPlan[], read: (take: TakeEntry) => void): void {
    const searches = plans.flatMap((plan) => {
      const tally = plan.tallies.get(source);
      if (tally === undefined) return [];
      return [new EntrySearch(toTests(plan, source), plan, tally, this.#judge)];
    });
    if (searches.length === 0) return;
    const { findings } = this.#work;
    read((entry: Entry, path: string) => {
      findings.examine('entries', 1);
      // The last login of each account begins nowhere.
      if (entry.timeMs !== null && source !== 'last')
        this.#reaches.add(source, source, { fromMs: entry.timeMs, toMs: entry.timeMs });
      for (const search of searches) search.take(entry, path);
    });
    for (const search of searches) findings.skip('undecided', search.undated);
  }
}
