/** `systemctl is-enabled`, whose output is one word for each unit. */
import { unitStates } from '../../kit/systemd/unit-state.ts';
import type { Expression } from '../document/expression.ts';
import { type Minterm, toMatcher } from './minterms.ts';
import { Untranslated } from './untranslated.ts';

/** Of units that are there. */
const states = unitStates.filter((state) => state !== 'not-found');

/** Of a unit that is not there, by releases before and since 253. */
const messages = (unit: string): readonly string[] => [
  `Failed to get unit file state for ${unit}: No such file or directory`,
  'not-found',
];

/** Undefined for other commands. @throws Untranslated */
export function toUnitCheck(command: string, minterms: readonly Minterm[]): Expression | undefined {
  const names = /^systemctl(?: --quiet)? is-enabled((?: [\w.@-]+)+)$/.exec(command)?.[1]?.trim().split(' ');
  if (names === undefined) return undefined;
  const matches = toMatcher(minterms);
  const parts = names.flatMap((name): Expression[] => {
    const unit = /\.(?:service|socket|timer|path|mount|target)$/.test(name) ? name : `${name}.service`;
    const fitting = states.filter((state) => matches([state]));
    const ofMessages = messages(unit).map((message) => matches([message]));
    if (ofMessages[0] !== ofMessages[1])
      throw new Untranslated('the message of some releases of systemctl for a unit that is not there');
    const startup = { names: [`^${unit.replaceAll('.', '\\.')}$`] };
    return [
      ...(fitting.length === 0 ? [] : [{ found: { startup: { ...startup, states: fitting } } }]),
      ...(ofMessages[0] === true ? [{ missing: { startup: { ...startup, states } } }] : []),
    ];
  });
  if (minterms.length === 1 && minterms[0]?.isNegated === true && names.length > 1)
    throw new Untranslated('a pattern that no line of this output matches');
  const [only] = parts;
  if (only === undefined) throw new Untranslated('a pattern that no output of systemctl is-enabled has');
  return parts.length === 1 ? only : { any: parts };
}
