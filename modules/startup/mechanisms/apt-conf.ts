/** Configuration of apt, as far as it names commands. @see apt.conf(5) */

interface AptSetting {
  readonly line: number;
  /** `DPkg::Post-Invoke`, as it is written. */
  readonly name: string;
  readonly value: string;
}

/** Of groups within groups. */
const mostDepth = 64;

type Token =
  | { readonly kind: 'value'; readonly isQuoted: boolean; readonly text: string; readonly line: number }
  | { readonly kind: 'sign'; readonly sign: string };

/** A comment, a directive, a text in quotes, a sign, or a word. */
const token = /\/\/[^\n]*|\/\*(?:[^*]|\*(?!\/))*(?:\*\/)?|#(?:[^\n]*)|"(?:[^"\\\n]|\\.)*"?|[{};]|[^\s{};"]+|\n/g;

function* toTokens(text: string): Generator<Token> {
  let line = 1;
  for (const [found] of text.matchAll(token)) {
    const first = found[0];
    if (/^[{};]$/.test(found)) yield { kind: 'sign', sign: found };
    else if (first === '"')
      yield { kind: 'value', isQuoted: true, text: found.replaceAll(/^"|"$/g, '').replaceAll('\\"', '"'), line };
    else if (first !== '\n' && first !== '#' && !/^\/[/*]/.test(found))
      yield { kind: 'value', isQuoted: false, text: found, line };
    if (first === '\n' || found.startsWith('/*')) line += found.split('\n').length - 1;
  }
}

/** Every value with the whole name of its setting. Lists have `::` behind the name. */
export function* parseAptConf(text: string): Generator<AptSetting> {
  const groups: string[] = [];
  let name = '';
  for (const found of toTokens(text)) {
    if (found.kind === 'value') {
      if (name === '' && !found.isQuoted) name = found.text;
      else yield { line: found.line, name: toName([...groups, name]), value: found.text };
      continue;
    }
    if (found.sign === '{') groups.push(name);
    if (found.sign === '}') groups.pop();
    if (groups.length > mostDepth) return;
    name = '';
  }
}

function toName(parts: readonly string[]): string {
  return parts
    .filter((part) => part !== '')
    .join('::')
    .replace(/::$/, '');
}

/** Settings of which the value is a command, or a program. */
const commands =
  /^(?:dpkg::(?:pre-invoke|post-invoke|pre-install-pkgs)|apt::update::(?:pre-invoke|post-invoke|post-invoke-success)|apt::install::(?:pre|post)-invoke(?:-success)?|unattended-upgrade::.*-invoke|acquire::(?:\w+::)?proxy-auto-?detect|dir::bin::[\w:-]+|acquire::gpgv::[\w:-]*)$/i;

export function isAptCommand(name: string): boolean {
  return commands.test(name);
}
