/** A relay that a test scripts, and an investigator's folder for it: settings in the environment, and a key file. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKey } from 'openpgp';
import { countsOf } from '../commands/follow.ts';
import { type RelayScript, type ScriptedRelay, startScriptedRelay } from './scripted-relay.ts';

export interface ScriptedSetting {
  readonly relay: ScriptedRelay;
  readonly folder: string;
  /** The variables that `mig` reads; a test may change them. */
  readonly environment: Record<string, string>;
  /** @returns the path of the file. */
  readonly write: (name: string, text: string) => string;
  readonly close: () => Promise<void>;
}

/** @param script unless it says otherwise, one agent has succeeded and the relay behaves. */
export async function startScriptedSetting(
  script: Pick<RelayScript, 'answer'> & Partial<RelayScript>,
  fleet = 'production',
): Promise<ScriptedSetting> {
  const folder = mkdtempSync(join(tmpdir(), 'mig-scripted-'));
  const { privateKey } = await generateKey({ userIDs: [{ name: 'alice' }], format: 'armored' });
  const relay = await startScriptedRelay({
    agents: 1,
    counts: countsOf('succeeded', 1),
    unreported: [],
    breaks: 0,
    clockAheadMs: 0,
    refusesLogins: false,
    override: undefined,
    ...script,
  });
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text, { mode: 0o600 });
    return join(folder, name);
  };
  const environment = {
    MIG_SERVER: relay.url,
    MIG_CA: write('ca.pem', relay.ca),
    MIG_FLEET: fleet,
    MIG_KEY: write('alice.asc', privateKey),
    XDG_CONFIG_HOME: folder,
    XDG_STATE_HOME: folder,
  };
  const close = async (): Promise<void> => {
    await relay.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { relay, folder, environment, write, close };
}
