/** An attack of the drill: really tried on a laboratory platform, and noticed there. */
import type { BrokerKind } from '../lab/brokers.ts';
import type { Stage } from './stage.ts';

/** Who notices. */
export type Party = 'agent' | 'investigator' | 'relay' | 'owner' | 'broker';

export interface Noticed {
  readonly by: Party;
  /** The words in which that party notices it. */
  readonly how: string;
}

export interface Attack {
  /** Its name in the table; tests refer to it. */
  readonly name: string;
  readonly tried: string;
  /**
   * The broker that the attack needs, if not any will do. RabbitMQ refuses some attacks only with an account for each
   * agent.
   */
  readonly only?: BrokerKind;
  /** @throws Unnoticed when the attack went through; any other error is a defect of the drill or of what is attacked. */
  readonly run: (stage: Stage) => Promise<Noticed>;
}

/** The attack went through. */
export class Unnoticed extends Error {}

export function must(holds: boolean, instead: string): asserts holds {
  if (!holds) throw new Unnoticed(instead);
}

/** The first match in the text, as the notice. */
export function noticedIn(by: Party, text: string, pattern: RegExp): Noticed {
  const match = pattern.exec(text);
  if (match === null) throw new Unnoticed(`expected ${pattern} in: ${text}`);
  return { by, how: match[0].trim() };
}
