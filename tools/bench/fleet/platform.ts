/** The platform of the fleet benchmark: services of its own, the built `mig-server`, and an investigator's real `mig`. */
import pg from 'pg';
import type { LabInvestigator } from '../../lab/investigator-key.ts';
import { Lab } from '../../lab/lab.ts';
import { type OwnBroker, startOwnServices } from '../../lab/own-services.ts';
import { cpuSecondsOf, withChildren } from '../usage.ts';

export const fleetName = 'bench';

/** CPU seconds used so far, by party. */
export interface Usage {
  readonly server: number;
  readonly database: number;
  readonly broker: number;
}

export interface Platform {
  readonly lab: Lab;
  readonly alice: LabInvestigator;
  readonly relay: Awaited<ReturnType<Lab['startRelay']>>;
  readonly broker: OwnBroker;
  /** Of `mig` as Alice. */
  readonly env: Readonly<Record<string, string>>;
  readonly usage: () => Usage;
  /** Agents that the relay knows. */
  readonly countAgents: () => Promise<number>;
  readonly close: () => Promise<void>;
}

export async function startPlatform(): Promise<Platform> {
  const { database, broker, close: closeServices } = await startOwnServices();
  const services = { databaseUrl: database.url, broker: { serverUrl: broker.url, agentUrl: broker.url } };
  const lab = new Lab({ services });
  const undo = [closeServices, () => lab.close()];
  const close = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const alice = await lab.makeInvestigator('alice');
    const relay = await lab.startRelay();
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    undo.push(() => client.end());
    const cpuOf = (pid: number): number => cpuSecondsOf(withChildren(pid));
    return {
      lab,
      alice,
      relay,
      broker,
      env: lab.migEnvironment(relay.address, fleetName, alice),
      usage: () => ({
        server: cpuSecondsOf([relay.program.child.pid ?? 0]),
        database: cpuOf(database.pid()),
        broker: cpuOf(broker.pid()),
      }),
      countAgents: async () => Number((await client.query('SELECT count(*) FROM agents')).rows[0].count),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
