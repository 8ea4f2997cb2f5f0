/** One rule of a check, as expressions of a policy document. */
import { escapePattern, regular, toFileSearch, toSearchOfOne } from './file-search.ts';
import { type LineSearch, toLineSearch, toPattern } from './line-pattern.ts';
import { parseMinterms, toMatcher } from './minterms.ts';
import { toPackageCheck } from './package-commands.ts';
import type { Rule } from './rule-type.ts';
import { toSettingCheck } from './setting-commands.ts';
import { toStatRule } from './stat-commands.ts';
import { toUnitCheck } from './unit-commands.ts';
import { Untranslated } from './untranslated.ts';

/** A line of any content stands beside one that must not be: an empty file fits no condition of SCA. */
function toContents(search: LineSearch): readonly string[] {
  return search.kind === 'line' ? [search.pattern] : [`!${search.pattern}`, '^'];
}

function assertPath(path: string): void {
  if (path.includes(',')) throw new Untranslated('a list of files');
  if (!/^\/[^*?[\]{}$\\]*$/.test(path)) throw new Untranslated(`the path ${JSON.stringify(path)}`);
}

/** A whole line, where the condition is neither `r:` nor `n:`. */
function toSearchOfLine(condition: string): LineSearch {
  if (/^!?[rn]:/.test(condition)) return toLineSearch(parseMinterms(condition));
  return { kind: 'line', pattern: `^${escapePattern(condition)}$` };
}

function ofFile(path: string, condition: string | undefined): Rule {
  assertPath(path);
  const file = toSearchOfOne(path, { modes: [regular] });
  if (condition === undefined) return { holds: { found: file } };
  const contents = toContents(toSearchOfLine(condition));
  return { holds: { found: toSearchOfOne(path, { modes: [regular], contents }) }, decidable: { found: file } };
}

/** SCA skips links in folders, and walks those below. */
function ofFolder(path: string, pattern: string | undefined, condition: string | undefined): Rule {
  if (pattern === undefined) throw new Untranslated('whether a folder is there: searches find files alone');
  assertPath(path);
  const names = toNames(pattern);
  const contents = condition === undefined ? {} : { contents: toContents(toSearchOfLine(condition)) };
  const links = { links: ['!.'] };
  return { holds: { found: toFileSearch(path, { ...names, ...contents, ...links }, 0) } };
}

function toNames(pattern: string): { readonly names: readonly string[] } {
  const [only, ...more] = /^!?r:/.test(pattern) ? parseMinterms(pattern) : [];
  if (only === undefined) return { names: [`^${escapePattern(pattern)}$`] };
  if (more.length > 0 || only.kind === 'number') throw new Untranslated('several patterns for the name of a file');
  return { names: [`${only.isNegated ? '!' : ''}${toPattern(only.pattern)}`] };
}

const reasons: readonly (readonly [command: RegExp, why: string])[] = [
  [/^auditctl/, 'rules of the audit that are loaded: the kernel tells them only to who may change them'],
  [
    /^(?:nft|iptables|ip6tables|ufw|firewall-cmd)\b/,
    'rules of the packet filter: the kernel tells them only to who may change them',
  ],
  [/^systemctl (?:is-active|status|show|list-units)/, 'the state of a unit, which systemd alone knows'],
  [/^(?:\/sbin\/)?modprobe/, 'which line of modprobe.d counts, word by word'],
  [/^(?:sh|bash) -c|\|/, 'a line for a shell'],
];

function ofCommand(command: string, condition: string | undefined): Rule {
  const known = reasons.find(([form]) => form.test(command));
  if (known !== undefined) throw new Untranslated(known[1]);
  if (condition === undefined) throw new Untranslated('whether a command runs at all');
  const text = /^!?[rn]:/.test(condition) ? condition : undefined;
  const minterms = text === undefined ? undefined : parseMinterms(text);
  if (minterms === undefined) throw new Untranslated('the whole output of a command');
  for (const translate of [toPackageCheck, toSettingCheck, toUnitCheck]) {
    const holds = translate(command, minterms);
    if (holds !== undefined) return { holds };
  }
  const ofStat = toStatRule(command, minterms);
  if (ofStat !== undefined) return ofStat;
  const loaded = ofLoadedModules(command, condition);
  if (loaded !== undefined) return loaded;
  throw new Untranslated(`the command ${JSON.stringify(command.slice(0, 80))}`);
}

/** `lsmod`: a line begins with the name of a module; names of others that it has are lines of their own. */
function ofLoadedModules(command: string, condition: string): Rule | undefined {
  if (!/^(?:\/(?:usr\/)?sbin\/)?lsmod$/.test(command)) return undefined;
  const [, start, name] = /^r:(\^?)([\w-]+)$/.exec(condition) ?? [];
  if (name === undefined || /^\d+$/.test(name) || toMatcher(parseMinterms(condition))(['Module Size Used by']))
    throw new Untranslated('a pattern on the output of lsmod');
  return { holds: { found: { setting: { settings: [`module:${start === '' ? '*' : ''}${name}* = yes`] } } } };
}

/** @throws Untranslated */
export function toRule(text: string): Rule {
  const [, not, kind, rest = ''] = /^\s*(not\s+)?([fdprc]):([\s\S]*)$/.exec(text) ?? [];
  if (kind === undefined) throw new Untranslated(`the rule ${JSON.stringify(text.slice(0, 80))}`);
  const [subject = '', first, ...more] = rest
    .trim()
    .split(/ -> ?/)
    .map((part) => part.trim());
  if (more.length > (kind === 'd' ? 1 : 0)) throw new Untranslated('a condition on the output of a condition');
  const { holds, ...decided } = toPositive(kind, subject, first, more[0]);
  return not === undefined ? { holds, ...decided } : { holds: { not: holds }, ...decided };
}

function toPositive(kind: string, subject: string, first: string | undefined, second: string | undefined): Rule {
  switch (kind) {
    case 'f':
      return ofFile(subject, first);
    case 'd':
      return ofFolder(subject, first, second);
    case 'p':
      throw new Untranslated('a process by the name that the inventory of Wazuh gives it');
    case 'c':
      return ofCommand(subject, first);
    default:
      throw new Untranslated('the registry of Windows');
  }
}
