/** Names of rotated logs: `auth.log.1`, `auth.log.2.gz`, `auth.log-20260131`, `auth-20260131.log`. @see logrotate(8) */

const packed = /\.(?:gz|xz|zst|bz2)$/;
const numbered = /(?:\.\d{1,6}|[-.]\d{4}-?\d\d-?\d\d(?:-\d{1,10}|T\d{1,6})?|\.old)$/;
/** Where the number stands before the ending. */
const inner = /^(.+)(?:\.\d{1,6}|-\d{8}(?:-\d{1,10})?)(\.(?:log|txt|json))$/;

/** Whether its ending says that it is packed. */
export function isPackedName(name: string): boolean {
  return packed.test(name);
}

/** The name of the log before it was rotated; a name that was never rotated stays as it is. */
export function stemOf(name: string): string {
  const plain = name.replace(packed, '');
  const before = plain.replace(numbered, '');
  const stem = before === '' ? plain : before;
  return inner.test(stem) ? stem.replace(inner, '$1$2') : stem;
}
