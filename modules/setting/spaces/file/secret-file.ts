/** Files of keys and password hashes, which hold no settings and must not be asked about line by line. */

const headBytes = 64 * 1024;

const beginnings = [
  'PuTTY-User-Key-File-',
  'AGE-SECRET-KEY-1',
  '(11:private-key',
  '(21:protected-private-key',
  'Key: (private-',
  'Key: (protected-private-',
];

/** `root:$6$…`, `root:!*:20000:…` */
const hashLine = /^[^\s:"'{]{1,64}:(?:!*\$[a-z\d-]{1,10}\$|[!*]+:)/;

/** Like the rules on content of the engine, and stricter. */
export function isSecretFile(bytes: Buffer): boolean {
  const head = bytes.toString('latin1', 0, headBytes);
  if (beginnings.some((one) => head.startsWith(one)) || head.includes('\nAGE-SECRET-KEY-1')) return true;
  // The identity of an agent.
  if (head.includes('"privatekey":"MC4CAQ')) return true;
  if (/^\s{0,16}-----BEGIN [A-Z\d ]{0,32}PRIVATE KEY/m.test(head)) return true;
  return head.split(/[\r\n]/, 2000).some((line) => hashLine.test(line));
}
