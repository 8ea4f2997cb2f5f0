/** What the original could ask and no module here can. */

/** Modules of the original that are not here. */
const formerModules: ReadonlySet<string> = new Set(
  'agentdestroy audit dispatch example examplepersist fswatch ping pkg scribe sshkey timedrift yara'.split(' '),
);
/** What answers a question of theirs, or a part of it. */
const insteadOf: ReadonlyMap<string, string> = new Map([
  ['scribe', 'file looks at the content of files'],
  ['sshkey', 'file finds keys by name and content'],
  ['yara', 'file and memory look for bytes and patterns'],
]);

/** Undefined for what was no module of the original, or is one here. */
export function describeFormerModule(name: string): string | undefined {
  if (!formerModules.has(name)) return undefined;
  const instead = insteadOf.get(name);
  return `a module of the original that this mig does not have${instead === undefined ? '' : `; ${instead}`}`;
}
