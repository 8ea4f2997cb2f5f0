/** Content searches whose yes or no could spell a secret, letter by letter, in the action or in its answers. */

const secretWords = /pass(?:word|wd|phrase)|secret|api_?key|token|BEGIN [A-Z ]*PRIVATE KEY/i;
/** Logged attempts: `Failed password for root`. No secret follows. */
const passwordEvent = /\b(?:failed|accepted|invalid|wrong|incorrect) password\b/gi;
/** The look of keys and tokens: long, and of more than one kind of letter. */
const writtenOut = /(?=[A-Za-z0-9+/_-]*[a-z])(?=[A-Za-z0-9+/_-]*[A-Z])(?=[A-Za-z0-9+/_-]*\d)[A-Za-z0-9+/_-]{20,}/;
const assignedValue = /(?:pass(?:word|wd)?|secret|token|api_?key)\W{1,4}[A-Za-z0-9]{4,}/i;

export function findSecrets(contents: readonly string[]): string[] {
  return contents.flatMap((pattern) => {
    const rest = pattern.replace(passwordEvent, '');
    if (writtenOut.test(rest) || assignedValue.test(rest))
      return [
        `the content looked for may be a secret, and whoever sees the action sees it; prefer a digest of the file`,
      ];
    if (secretWords.test(rest))
      return [`the answer to ${pattern} may lead to secrets; say so in the ticket, and ask no wider than needed`];
    return [];
  });
}
