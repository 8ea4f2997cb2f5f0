/** Regular expressions that compile and surely do not mean what they say. */

/** `10.0.0.1` with dots that match anything. */
const bareAddress = /(?<![\d\\])(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?!\d)/;
const topLevel = 'com|net|org|info|biz|ru|cn|io|xyz|top|dev|onion|su|cc|pw|tk';
/** `evil.example.com` with dots that match anything. */
const bareDomain = new RegExp(`(?<![\\\\\\w.-])((?:[a-z0-9-]+\\.)+(?:${topLevel}))(?![\\w.])`, 'i');
/** `*.php`, `?.exe`: a shell's wildcard at the beginning repeats nothing. */
const shellWildcard = /^\*|^\^?\*\.|^\?\./;
/** `/tmp/*`: the star repeats the slash. */
const slashStar = /\/\*\$?$/;
/** `passwd*` as a whole: `*` after a letter repeats that letter. */
const trailingStar = /^[\w.-]*\w\*$/;
/** `shell.php`: a file name whose dot matches anything. */
const bareFileName = /^[\w-]+\.[a-z0-9]{1,5}$/i;

function escapeDots(text: string): string {
  return text.replaceAll('.', '\\.');
}

function findBareHost(pattern: string): string | undefined {
  return bareAddress.exec(pattern)?.[0] ?? bareDomain.exec(pattern)?.[1];
}

/** A sentence with the better wording, or undefined when nothing is odd. */
export function findPatternProblem(given: string, kind: 'name' | 'text'): string | undefined {
  const pattern = given.startsWith('!') ? given.slice(1) : given;
  const host = pattern.includes('.') ? findBareHost(pattern) : undefined;
  if (host !== undefined) return `the dots of ${host} match any character; write ${escapeDots(host)}`;
  if (shellWildcard.test(pattern)) {
    const rest = pattern.replace(/^\^?[*?]/, '');
    return `${given} is a shell's wildcard, and this is a regular expression; write ${escapeDots(rest)}$`;
  }
  if (slashStar.test(pattern))
    return `the * of ${given} repeats the slash before it; write ^${escapeDots(pattern.replace(/^\^/, '').replace(slashStar, '/'))} for all below`;
  if (kind === 'name' && trailingStar.test(pattern))
    return `the * of ${given} repeats the letter before it; write ^${escapeDots(pattern.slice(0, -1))} for names that begin so`;
  if (kind === 'name' && bareFileName.test(pattern))
    return `${given} matches anywhere in a name and its dot any character; write ^${escapeDots(pattern)}$ for that one name`;
  return undefined;
}
