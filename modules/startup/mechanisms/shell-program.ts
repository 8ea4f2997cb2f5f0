/** Which program a shell command starts: as far as its words say it without a shell. */
import { toShellCommands, type Word } from './shell-words.ts';

/** Of commands within commands. */
const mostDepth = 3;

/** What the shell itself does, before the command that matters. */
const builtins =
  /^(?:\[|\[\[|test|cd|:|true|false|umask|export|set|ulimit|unset|sleep|fi|done|esac|echo|printf|wait|trap|\})$/;
/** Words in front of a command. */
const wrappers =
  /^(?:!|\{|if|then|else|elif|while|do|time|exec|env|nohup|setsid|nice|ionice|command|chronic|sudo|timeout|stdbuf|chrt)$/;
const shells = /^(?:ba|da|z|k|a|c|tc|fi)?sh$/;
const interpreters = /^(?:(?:ba|da|z|k|a|c|tc|fi)?sh|(?:python|perl|ruby|node|php|lua)[\d.]*)$/;

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** What is behind `nice -n 19 env A=b`. */
function skipWrappers(words: readonly Word[]): readonly Word[] {
  let index = 0;
  for (let isWrapped = false; index < words.length; index += 1) {
    const { text = '' } = words[index] ?? {};
    if (wrappers.test(nameOf(text))) isWrapped = true;
    else if (!/^\w+=/.test(text) && !(isWrapped && /^(?:-.*|\d+[smhd]?)$/.test(text))) break;
  }
  return words.slice(index);
}

/** What an interpreter runs: the program of a command in its words, or a script. */
function scriptOf([interpreter, ...others]: readonly Word[], depth: number): string | undefined {
  const index = others.findIndex(({ text }) => !text.startsWith('-'));
  const operand = others[index];
  if (operand === undefined || interpreter === undefined) return undefined;
  if (/^-[a-z]*c$/.test(others[index - 1]?.text ?? ''))
    return shells.test(nameOf(interpreter.text)) ? programOf(operand.text, depth + 1) : undefined;
  return operand.isPlain && operand.text.startsWith('/') ? operand.text : undefined;
}

/**
 * The first program that is neither a condition nor a word in front of another; for an interpreter its script.
 * Undefined where only a shell can tell.
 * @param command in Latin-1
 */
export function programOf(command: string, depth = 0): string | undefined {
  if (depth > mostDepth) return undefined;
  for (const all of toShellCommands(command)) {
    const words = skipWrappers(all);
    const [first, second] = words;
    if (first === undefined || builtins.test(first.text.replace(/^\/(?:usr\/)?bin\//, ''))) continue;
    if (!first.isPlain) return undefined;
    if (first.text === '.' || first.text === 'source') return second?.isPlain === true ? second.text : undefined;
    return interpreters.test(nameOf(first.text)) ? (scriptOf(words, depth) ?? first.text) : first.text;
  }
  return undefined;
}
