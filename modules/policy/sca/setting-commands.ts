/** Commands that print settings: sysctl, sshd -T, findmnt, mount, getenforce. */
import type { Expression } from '../document/expression.ts';
import { toPattern } from './line-pattern.ts';
import { type Minterm, toMatcher } from './minterms.ts';
import { toRanges } from './number-pattern.ts';
import { Untranslated } from './untranslated.ts';

const withSetting = (...settings: readonly string[]): Expression => ({ found: { setting: { settings } } });
const oneOf = (parts: readonly Expression[]): Expression => {
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : { any: parts };
};
const quote = (text: string): string => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;

/** Alternatives of the pattern, where none is within a group. */
function splitAlternatives(pattern: string): readonly string[] {
  const parts = pattern.split('|');
  if (parts.length > 1 && /[[(]/.test(pattern.replaceAll(/\\./g, '')) && parts.some((part) => !isBalanced(part)))
    throw new Untranslated('alternatives within a group');
  return parts;
}

function isBalanced(pattern: string): boolean {
  const plain = pattern.replaceAll(/\\./g, '');
  return ['()', '[]'].every(([open = '', close = '']) => plain.split(open).length === plain.split(close).length);
}

/** A comparison of the key's value with what a pattern has behind the key. */
function ofValue(key: string, rest: string): string {
  if (rest === '') return `${key} set`;
  return `${key} ~ ${quote(toPattern(`^${rest}`))}`;
}

const behindName = /^(?:\\s[*+]|\\t\*|\s)*/;

function ofSysctl(name: string, minterms: readonly Minterm[]): Expression {
  const [only] = minterms;
  if (minterms.length !== 1 || only === undefined || only.kind !== 'pattern')
    throw new Untranslated('several patterns on the output of sysctl');
  if (only.isNegated) throw new Untranslated('a pattern that no line of this output matches');
  const parts = splitAlternatives(only.pattern).map((pattern) => {
    const plain = pattern.replaceAll('\\.', '.').replace(/^\^/, '').replace(behindName, '');
    const value = plain.startsWith(name) ? plain.slice(name.length).replace(behindName, '') : plain;
    const [, rest] = /^=(?:\\s[*+]|\\t\*|\s)*(-?[\w|$[\]-]+?)(?:\\s\*|\\t\*)*(\$?)$/.exec(value) ?? [];
    if (rest === undefined) throw new Untranslated(`the pattern ${JSON.stringify(pattern)} on the output of sysctl`);
    return withSetting(ofValue(`sysctl:${name}`, `${rest}${value.endsWith('$') && !rest.endsWith('$') ? '$' : ''}`));
  });
  return oneOf(parts);
}

/** Keywords whose values are one number, or one word. Those with units, lists or words that changed are not here. */
const ofOneValue = new Set(
  'addressfamily allowagentforwarding allowstreamlocalforwarding allowtcpforwarding banner clientalivecountmax clientaliveinterval disableforwarding exposeauthinfo fingerprinthash gatewayports gssapiauthentication gssapicleanupcredentials hostbasedauthentication hostbasedusesnamefrompacketonly ignorerhosts ignoreuserknownhosts kbdinteractiveauthentication kerberosauthentication kerberosorlocalpasswd kerberosticketcleanup logingracetime loglevel maxauthtries maxsessions passwordauthentication permitemptypasswords permitrootlogin permittty permitopen permittunnel permituserenvironment permituserrc printlastlog printmotd pubkeyauthentication strictmodes syslogfacility tcpkeepalive usedns usepam x11forwarding x11uselocalhost xauthlocation compression'.split(
    ' ',
  ),
);
const lists = new Set(['allowusers', 'allowgroups', 'denyusers', 'denygroups']);

const sshdPattern = /^\^?(?:\\s\*|\\t\*)*(\w+)((?:\\s[*+]|\\t[*+]| )*)(.*)$/;

function ofSshdPattern(prefix: string, pattern: string): Expression {
  const [, word = '', space = '', rest = ''] = sshdPattern.exec(pattern) ?? [];
  const name = word.toLowerCase();
  const key = `${prefix}${name}`;
  if (!pattern.startsWith('^') && rest !== '' && !ofOneValue.has(name))
    throw new Untranslated(`${word || pattern} in the output of sshd -T`);
  if (lists.has(name) && (/^(?:\[\\w@-\][+*]|\\[SwW]\+|\.[+*])?$/.test(rest) || rest === ''))
    return withSetting(`${key} set`);
  if (!ofOneValue.has(name)) throw new Untranslated(`${word || pattern} in the output of sshd -T`);
  if (/without-password|prohibit-password/i.test(rest))
    throw new Untranslated('a word that releases of sshd print in two ways, without-password and prohibit-password');
  if (space === '' && rest !== '')
    throw new Untranslated(`the pattern ${JSON.stringify(pattern)} on the output of sshd -T`);
  return withSetting(ofValue(key, rest));
}

function ofSshdNumbers(prefix: string, minterms: readonly Minterm[]): Expression {
  const settings = minterms.map((minterm) => {
    if (minterm.kind !== 'number' || minterm.isNegated)
      throw new Untranslated('conditions of several kinds on a line of sshd -T');
    const [, word = '', space = '', rest = ''] = sshdPattern.exec(minterm.pattern) ?? [];
    const name = word.toLowerCase();
    if (
      !ofOneValue.has(name) ||
      (name === 'logingracetime' && minterm.operator === '') ||
      space === '' ||
      !/^\(\\d\+\)\$?$/.test(rest)
    )
      throw new Untranslated(`the comparison ${JSON.stringify(minterm.pattern)} on the output of sshd -T`);
    if (toRanges(minterm.operator, minterm.value) === undefined)
      throw new Untranslated(`a comparison with ${minterm.value}`);
    return `${prefix}${name} ${minterm.operator === '==' ? '=' : minterm.operator} ${minterm.value}`;
  });
  return withSetting(...settings);
}

function ofSshd(prefix: string, minterms: readonly Minterm[]): Expression {
  const [only] = minterms;
  if (only?.kind === 'number') return ofSshdNumbers(prefix, minterms);
  if (minterms.length !== 1 || only === undefined) throw new Untranslated('several patterns on a line of sshd -T');
  const found = oneOf(splitAlternatives(only.pattern).map((pattern) => ofSshdPattern(prefix, pattern)));
  return only.isNegated ? { not: found } : found;
}

const options = new Set(['nosuid', 'nodev', 'noexec']);

/** `findmnt` of one target, or `mount` of all with a pattern for the target. */
function ofMount(target: string | undefined, minterms: readonly Minterm[]): Expression {
  if (minterms.some(({ kind }) => kind === 'number')) throw new Untranslated('a comparison of mounts');
  let path = target;
  const conditions: { readonly word: string; readonly isNegated: boolean }[] = [];
  let asksTarget = false;
  for (const { isNegated, pattern } of minterms) {
    const plain = pattern
      .replaceAll(/\\[st][*+]?|\^|\$/g, '')
      .replace(/^on /, '')
      .trim();
    if (options.has(plain)) conditions.push({ word: plain, isNegated });
    else if (/^\/[\w/.-]*$/.test(plain) && !isNegated && (path === undefined || path === plain)) {
      if (target === undefined && !/^(?:\\s|on\\s|on )/.test(pattern)) throw new Untranslated(`the mount ${pattern}`);
      path = plain;
      asksTarget = true;
    } else throw new Untranslated(`the pattern ${JSON.stringify(pattern)} on mounts`);
  }
  if (path === undefined || (target === undefined && !asksTarget)) throw new Untranslated('a pattern on any mount');
  const key = `mount:${path}`;
  const mounted = asksTarget && conditions.length === 0 ? [`${key} set`] : [];
  if (minterms.length === 1 && conditions[0]?.isNegated === true)
    throw new Untranslated('a pattern that no line of this output matches');
  return withSetting(
    ...mounted,
    ...conditions.flatMap(({ word, isNegated }) =>
      isNegated ? [`${key} set`, `${key} != ${word}`] : [`${key} = ${word}`],
    ),
  );
}

const modes = ['Enforcing', 'Permissive', 'Disabled'] as const;

function ofSelinux(print: (mode: string) => string, minterms: readonly Minterm[]): Expression {
  const matches = toMatcher(minterms);
  const fitting = modes.filter((mode) => matches([print(mode)]));
  if (fitting.length === 0 || fitting.includes('Disabled'))
    throw new Untranslated('a pattern on SELinux that is switched off');
  return withSetting(`lsm:selinux in ${fitting.map((mode) => mode.toLowerCase()).join(', ')}`);
}

/** Undefined for other commands. @throws Untranslated */
export function toSettingCheck(command: string, minterms: readonly Minterm[]): Expression | undefined {
  const sysctl = /^(?:\/(?:usr\/)?sbin\/)?sysctl ([\w.-]+)$/.exec(command)?.[1];
  if (sysctl !== undefined) return ofSysctl(sysctl, minterms);
  const user = /^(?:\/usr\/sbin\/)?sshd -T(?: -C user=(\w+))?$/.exec(command);
  if (user !== null) return ofSshd(user[1] === undefined ? 'sshd:' : `sshd[user=${user[1]}]:`, minterms);
  const target = /^findmnt (?:--kernel|-kn|-n|-k) (\/[\w/.-]*)$/.exec(command)?.[1];
  if (target !== undefined) return ofMount(target, minterms);
  if (command === 'mount') return ofMount(undefined, minterms);
  if (command === 'getenforce') return ofSelinux((mode) => mode, minterms);
  return undefined;
}
