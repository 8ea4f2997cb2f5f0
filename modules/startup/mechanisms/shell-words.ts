/** The commands in a text for a shell, as words without their quotes. */

export interface Word {
  readonly text: string;
  /** Whether the shell takes it as it stands here: nothing of it is the value of something else. */
  readonly isPlain: boolean;
}

/** Of a text; what is behind it is not looked at. */
const mostLetters = 64 * 1024;

const blank = /[ \t\r]/;
const separator = /[;&|\n()`]/;
const redirection = /[<>]/;

interface ReadWord extends Word {
  readonly end: number;
}

function readWord(text: string, start: number): ReadWord {
  let [index, word, quote, isPlain] = [start, '', '', true];
  for (; index < text.length; index += 1) {
    const letter = text[index] ?? '';
    if (quote === '' && (blank.test(letter) || separator.test(letter) || redirection.test(letter))) break;
    if (letter === '\\' && quote !== "'") {
      index += 1;
      word += text[index] ?? '';
    } else if (letter === quote) quote = '';
    else if (quote === '' && (letter === '"' || letter === "'")) quote = letter;
    else {
      if (quote !== "'" && /[$`]/.test(letter)) isPlain = false;
      if (quote === '' && /[*?~]/.test(letter)) isPlain = false;
      word += letter;
    }
  }
  return { end: Math.min(index, text.length), text: word, isPlain };
}

function skipLetters(text: string, start: number, letters: RegExp): number {
  let index = start;
  while (index < text.length && letters.test(text[index] ?? '')) index += 1;
  return index;
}

/** Index behind `>>file` or `>&2`. */
function skipRedirection(text: string, start: number): number {
  const word = skipLetters(text, skipLetters(text, start, /[<>&|]/), blank);
  return readWord(text, word).end;
}

/** Comments are left out, and where the output goes. */
export function* toShellCommands(whole: string): Generator<readonly Word[]> {
  const text = whole.slice(0, mostLetters);
  let words: Word[] = [];
  for (let index = 0; index < text.length; ) {
    const letter = text[index] ?? '';
    if (blank.test(letter)) index += 1;
    else if (redirection.test(letter)) index = skipRedirection(text, index);
    else if (letter === '#') index = skipLetters(text, index, /[^\n]/);
    else if (separator.test(letter)) {
      index += 1;
      if (words.length > 0) yield words;
      words = [];
    } else {
      const { end, ...word } = readWord(text, index);
      index = end;
      // The number of a file in front of a redirection is no word.
      if (!(/^\d+$/.test(word.text) && redirection.test(text[end] ?? ''))) words.push(word);
    }
  }
  if (words.length > 0) yield words;
}
