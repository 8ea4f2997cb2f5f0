/** Asks this machine a document, with the modules that are there. */
import { askModule } from '../../ask.ts';
import type { Protection } from '../../kit/gate.ts';
import { limits } from '../../kit/testing/limits.ts';
import { packDocument } from '../document/packed.ts';
import { verdicts } from '../element.ts';

interface Asked {
  readonly protection?: Protection;
  readonly answer?: string;
  readonly options?: Readonly<Record<string, unknown>>;
}

export function toParameters(document: unknown, { answer, options = { verdicts: [...verdicts] } }: Asked = {}) {
  const searches = { s1: { ...packDocument(document), options } };
  return { searches, ...(answer === undefined ? {} : { answer }) };
}

export function askPolicy(document: unknown, asked: Asked = {}) {
  const { protection } = asked;
  const context = { signal: AbortSignal.timeout(60_000), limits };
  return askModule(
    'policy',
    toParameters(document, asked),
    protection === undefined ? context : { ...context, protection },
  );
}
