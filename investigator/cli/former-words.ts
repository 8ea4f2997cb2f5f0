/** Flags and orders of the original's mig and console, and what stands in their place. */

/** By flag, without dashes. */
const formerFlags: ReadonlyMap<string, string> = new Map([
  ['c', 'MIG_CONFIG names another config file'],
  ['i', 'mig run FILE, or mig -i FILE'],
  ['n', '-title names the action'],
  ['p', '-print, behind the module, prints the question as an action file and asks nobody'],
  ['render', '-f text, json, ndjson, csv or html'],
  ['s', 'mig sign FILE signs an action file; mig propose leaves it at the relay for others to sign'],
  ['searchfor', 'mig agents -t TARGET lists the agents that match'],
  ['target-found', "-t 'found:ID' asks those who found something in that action"],
  ['target-notfound', "-t 'notfound:ID' asks those who found nothing in that action"],
  ['u', 'MIG_SERVER, or "server" in the config file, names the relay'],
  ['v', 'mig config checks settings, relay, clock and key; -f json prints all that an answer says'],
  ['verbose', 'mig config checks settings, relay, clock and key; -f json prints all that an answer says'],
  ['z', 'nothing: what is sent is as small as it has to be'],
]);

const formerOrders: ReadonlyMap<string, string> = new Map([
  ['action', 'mig show ID'],
  ['agent', 'mig agents'],
  ['command', 'mig show ID'],
  ['create', 'mig new composes an action; keys of investigators are files at the relay'],
  ['history', 'the arrow keys in mig console'],
  ['investigator', 'mig trust changes whom agents obey; keys of investigators are files at the relay'],
  ['loader', 'nothing: agents are installed as packages'],
  ['manifest', 'nothing: agents are installed as packages'],
  ['query', 'the API of the relay describes itself: GET /api/v1/openapi.json'],
  ['search', 'mig agents -t TARGET, mig actions'],
  ['showcfg', 'mig config'],
  ['status', 'mig agents, mig actions'],
]);

/** Undefined for a flag that the original did not have either. @param name without dashes. */
export function describeFormerFlag(name: string): string | undefined {
  const instead = formerFlags.get(name);
  return instead === undefined ? undefined : `in place of the original's -${name}: ${instead}`;
}

/** Undefined for a word that was no order of the original. */
export function describeFormerOrder(word: string): string | undefined {
  const instead = formerOrders.get(word);
  return instead === undefined ? undefined : `in place of the original's ${word}: ${instead}`;
}
