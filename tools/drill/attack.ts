/** What an attack of the drill is: something that is really tried on a laboratory platform, and how it is noticed. */
import type { BrokerKind } from '../lab/brokers.ts';
import type { Stage } from './stage.ts';

/** Who notices. */
export type Party = 'agent' | 'investigator' | 'relay' | 'owner' | 'broker';

export interface Noticed {
  readonly by: Party;
  /** What that party sees, in its own words. */
  readonly how: string;
}

export interface Attack {
  /** As the table calls it; tests go by it. */
  readonly name: string;
  readonly tried: string;
  /** The broker that it needs, where not any will do: some, RabbitMQ refuses only with an account for each agent. */
  readonly only?: BrokerKind;
  /** @throws Unnoticed when the attack went through; any other error is a defect of the drill or of what is attacked. */
  readonly run: (stage: Stage) => Promise<Noticed>;
}

/** The attack went through. */
export class Unnoticed extends Error {}

export function must(holds: boolean, instead: string): asserts holds {
  if (!holds) throw new Unnoticed(instead);
}

/** The text's first match, as what was noticed. */
export function noticedIn(by: Party, text: string, pattern: RegExp): Noticed {
  const match = pattern.exec(text);
  if (match === null) throw new Unnoticed(`expected ${pattern} in: ${text}`);
  return { by, how: match[0].trim() };
}
