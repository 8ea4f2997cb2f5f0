/** Plays attacks, and records how each was noticed. */
import { toMessage } from '../../protocol/base/coded-error.ts';
import { type Attack, type Noticed, Unnoticed } from './attack.ts';
import type { Stage } from './stage.ts';

export interface Row {
  readonly attack: string;
  readonly tried: string;
  /** Null when the attack went through, or could not be tried. */
  readonly noticed: string | null;
  readonly by: Noticed['by'] | null;
  /** Whether the attack went through. */
  readonly passed: boolean;
  /** Why the attack could not be tried to its end; null when it was. */
  readonly broken: string | null;
}

export async function play(attack: Attack, stage: Stage): Promise<Row> {
  const { name, tried, run } = attack;
  try {
    const { by, how } = await run(stage);
    return { attack: name, tried, noticed: how, by, passed: false, broken: null };
  } catch (error) {
    const passed = error instanceof Unnoticed;
    const broken = passed ? null : toMessage(error);
    return { attack: name, tried, noticed: passed ? error.message : null, by: null, passed, broken };
  }
}

/** Whether the attack was tried and was noticed. */
export function isHeld({ passed, broken }: Row): boolean {
  return !passed && broken === null;
}
