/** A command in one text as the words that a shell makes of it; quotes and what stands before each word stay as they are. */

export interface ShellWords {
  readonly words: readonly string[];
  /** What stands before each word. */
  readonly blanks: readonly string[];
}

const blank = /\s/;

/** Index behind the word that begins at `start`. A backslash may be written twice, as those in command lines are. */
function skipWord(text: string, start: number): number {
  let quote = '';
  let index = start;
  while (index < text.length) {
    const letter = text[index] ?? '';
    if (quote === '' && blank.test(letter)) break;
    if (letter === '\\' && quote !== "'") while (text[index + 1] === '\\') index += 1;
    if (letter === '\\' && quote !== "'") index += 1;
    else if (letter === quote) quote = '';
    // One that is not closed is a letter.
    else if (quote === '' && (letter === '"' || letter === "'") && text.includes(letter, index + 1)) quote = letter;
    index += 1;
  }
  return Math.min(index, text.length);
}

export function splitShellWords(text: string): ShellWords {
  const words: string[] = [];
  const blanks: string[] = [];
  for (let index = 0; index < text.length; ) {
    const before = index;
    while (index < text.length && blank.test(text[index] ?? '')) index += 1;
    if (index === text.length) break;
    const end = skipWord(text, index);
    blanks.push(text.slice(before, index));
    words.push(text.slice(index, end));
    index = end;
  }
  return { words, blanks };
}
