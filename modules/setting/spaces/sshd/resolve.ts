/** Which values a keyword of sshd may have for a connection. */
import type { SkipReason } from '../../../../protocol/result/result.ts';
import type { Criteria, Setting, SshdConfig } from '../../../kit/sshd/config.ts';
import { fitAll, type SshdConnection } from '../../../kit/sshd/effective.ts';
import type { Place } from '../../key-space.ts';
import { type Keyword, toKeywordName } from './keywords.ts';
import { toValue } from './value.ts';

/** A value, and the Match block that decides whether the connection has it. */
export interface Candidate {
  /** Undefined for a compiled-in one that is not known. */
  readonly value: string | readonly string[] | undefined;
  readonly from?: Place;
  /** `user alice`; undefined for the value of all other connections. */
  readonly when?: string;
}

export type Resolved =
  | { readonly kind: 'candidates'; readonly candidates: readonly Candidate[] }
  | { readonly kind: 'unknown'; readonly reason: SkipReason };

function toWhen(conditions: readonly Criteria[]): string {
  return conditions
    .flat()
    .map(({ name, value }) => (value === '' ? name : `${name} ${value}`))
    .join(' ');
}

/** `0.0.0.0` listens on each port. */
function toAddresses(written: readonly string[], ports: readonly string[]): string[] {
  return written.flatMap((one) => {
    const isBare = /^(?:[^:]*|\[[^\]]*\])$/.test(one) || ((one.match(/:/g)?.length ?? 0) > 1 && !one.startsWith('['));
    const host = one.includes(':') && !one.startsWith('[') && isBare ? `[${one}]` : one;
    return isBare ? ports.map((port) => `${host}:${port}`) : [host];
  });
}

class Resolution {
  readonly #keyword: Keyword;
  readonly #config: SshdConfig;
  readonly #connection: SshdConnection;
  readonly #name: string;

  constructor(config: SshdConfig, connection: SshdConnection, name: string, keyword: Keyword) {
    this.#config = config;
    this.#connection = connection;
    this.#name = name;
    this.#keyword = keyword;
  }

  resolve(): Resolved {
    const gap = this.#config.gaps.find(({ conditions }) => fitAll(conditions, this.#connection) !== 'no');
    if (gap !== undefined) return { kind: 'unknown', reason: gap.reason };
    const own = this.#config.settings.filter(({ name }) => toKeywordName(name) === this.#name);
    const candidates = this.#keyword.lines === 'add' ? this.#sum(own) : this.#first(own);
    return candidates === undefined ? { kind: 'unknown', reason: 'undecided' } : { kind: 'candidates', candidates };
  }

  /** The first line counts, and before it that of a Match block. */
  #first(own: readonly Setting[]): Candidate[] | undefined {
    const candidates: Candidate[] = [];
    let isDecided = false;
    for (const setting of own.filter(({ conditions }) => conditions.length > 0)) {
      const fit = fitAll(setting.conditions, this.#connection);
      if (fit === 'no' || isDecided) continue;
      candidates.push(this.#toCandidate(setting, fit === 'maybe' ? toWhen(setting.conditions) : undefined));
      isDecided = fit === 'yes';
    }
    const general = own.find(({ conditions }) => conditions.length === 0);
    if (this.#keyword.lines === 'vary' && new Set(own.map(({ rest }) => rest)).size > 1) return undefined;
    if (!isDecided) candidates.push(general === undefined ? this.#compiledIn() : this.#toCandidate(general));
    // A line that changes a compiled-in list.
    const isToldOf = ({ value, from }: Candidate): boolean => value !== undefined || from === undefined;
    return candidates.every(isToldOf) ? candidates : undefined;
  }

  #toCandidate(setting: Setting, when?: string): Candidate {
    const { path, line } = setting;
    const value = toValue(this.#keyword.form, setting);
    return { value, from: { path, line }, ...(when === undefined ? {} : { when }) };
  }

  #compiledIn(): Candidate {
    const { whenUnset, lines } = this.#keyword;
    return { value: lines === 'add' && whenUnset !== undefined ? [whenUnset] : whenUnset };
  }

  /** All lines count. Those of Match blocks take the place of those outside. */
  #sum(own: readonly Setting[]): Candidate[] | undefined {
    const fits = own.map((setting) => fitAll(setting.conditions, this.#connection));
    if (fits.includes('maybe')) return undefined;
    const inBlocks = own.filter(({ conditions }, at) => conditions.length > 0 && fits[at] === 'yes');
    const lines = inBlocks.length > 0 ? inBlocks : own.filter(({ conditions }) => conditions.length === 0);
    const [first] = lines;
    if (first === undefined) return [this.#compiledIn()];
    const values = lines.flatMap((setting) => toValue(this.#keyword.form, setting) ?? []);
    const { path, line } = first;
    const value = this.#keyword.form === 'listen' ? toAddresses(values, this.#ports()) : values;
    return [{ value, from: { path, line } }];
  }

  #ports(): string[] {
    const ports = this.#config.settings.filter(({ name }) => name === 'port').map(({ values }) => values[0] ?? '');
    return ports.length === 0 ? ['22'] : ports;
  }
}

/** @param name as `toKeywordName` makes it */
export function resolveKeyword(
  config: SshdConfig,
  connection: SshdConnection,
  name: string,
  keyword: Keyword,
): Resolved {
  return new Resolution(config, connection, name, keyword).resolve();
}
