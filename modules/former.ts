/** Modules of the original without a successor here. */

/** Modules of the original that mig does not have. */
const formerModules: ReadonlySet<string> = new Set(
  'agentdestroy audit dispatch example examplepersist fswatch ping pkg scribe sshkey timedrift yara'.split(' '),
);
/** The modules here that answer a part of their questions. */
const insteadOf: ReadonlyMap<string, string> = new Map([
  ['agentdestroy', 'mig-agent uninstall on the host removes an agent'],
  ['ping', 'no module sends anything to other machines'],
  ['pkg', 'package has its questions'],
  ['scribe', 'policy judges its documents: mig policy FILE'],
  ['sshkey', 'account lists keys that let in, file finds others by name and content'],
  ['yara', 'file and memory look for bytes and patterns'],
]);

/** Undefined for a name that was no module of the original, or is a module here. */
export function describeFormerModule(name: string): string | undefined {
  if (!formerModules.has(name)) return undefined;
  const instead = insteadOf.get(name);
  return `a module of the original that this mig does not have${instead === undefined ? '' : `; ${instead}`}`;
}

/** For who has a document of its scribe module. */
export const insteadOfScribe = 'mig policy FILE asks its tests';
