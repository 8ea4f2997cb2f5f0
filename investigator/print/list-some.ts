/** The first of many, and how many there are beside them. */

/** `web1, web2, web3 and 22 more` */
export function listSome(names: readonly string[], most: number): string {
  const left = names.length - most;
  return `${names.slice(0, most).join(', ')}${left > 0 ? ` and ${left} more` : ''}`;
}
