/** The relay put together from its parts, started in the order in which they need each other. */

import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { createLog, type Log } from '../host/log.ts';
import { findLoopback, toHostPort } from '../host/loopback.ts';
import { toMessage } from '../protocol/base/coded-error.ts';
import { maximumAgentMessageBytes } from '../protocol/base/limits.ts';
import { heartbeatsQueue, reportsQueue } from '../protocol/topology.ts';
import { Access } from './access/access.ts';
import { Challenges } from './access/challenges.ts';
import { readInvestigatorFiles, reportUnfitKeys } from './access/investigator-files.ts';
import { LoginAddress, toBlockList } from './access/login-address.ts';
import { RootKeyring } from './access/root-keys.ts';
import { AmqpLink } from './amqp/link.ts';
import { type ApiContext, createApi } from './api/app.ts';
import { type Broker, startBroker } from './broker/listener.ts';
import { toBrokerUsers } from './broker/users.ts';
import { readBrokerTls, readCertificate, type ServerCertificate } from './certificate.ts';
import { type CertificateEnds, CertificateWatch } from './certificate-ends.ts';
import { setStatusLimits } from './database/agents.ts';
import type { Database } from './database/database.ts';
import { isDataError } from './database/errors.ts';
import { importInvestigators } from './database/investigators.ts';
import { ExpiryClock } from './dispatch/expiry-clock.ts';
import { OutboxPublisher } from './dispatch/outbox-publisher.ts';
import { TrustPublisher } from './dispatch/trust-publisher.ts';
import { Failures } from './failures.ts';
import { Housekeeper } from './housekeeper.ts';
import { Attempts } from './intake/attempts.ts';
import { BatchConsumer } from './intake/batch-consumer.ts';
import type { GatheringTimes } from './intake/gathering.ts';
import { storeHeartbeats } from './intake/heartbeats.ts';
import { PoisonQueue } from './intake/poison-queue.ts';
import type { Intake } from './intake/read-messages.ts';
import { storeReports } from './intake/reports.ts';
import { withListenHint } from './listen-hint.ts';
import { Metrics } from './metrics.ts';
import type { Settings } from './settings.ts';
import { lockStateFolder, openStateFolder, readAgentPassword } from './state-folder.ts';

export interface RunningServer {
  /** `https://127.0.0.1:8443` */
  readonly apiUrl: string;
  /** URL of the embedded broker, without credentials; null with an outside one. */
  readonly amqpUrl: string | null;
  /** The CA that signed the server's certificate; null for the operator's own. */
  readonly caFile: string | null;
  /** Holds what agents log in with at the embedded broker; null where the operator has set it. */
  readonly agentPasswordFile: string | null;
  /** `amqps://mq.example.org:5671/mig` or `embedded`; never with user, password or parameters. */
  readonly broker: string;
  readonly database: string;
  readonly certificates: CertificateEnds;
  /** How many people may log in. */
  readonly investigators: number;
  /** How many messages of agents were not taken since the start, by reason. */
  readonly poison: ReadonlyMap<string, number>;
  /** Finishes what is under way and lets go of everything. */
  readonly close: () => Promise<void>;
}

const reportsPrefetch = 200;
/** Nobody sees a later answer come sooner, and each transaction costs as much as several answers. */
const reportsGathering: GatheringTimes = { shortestMs: 50, longestMs: 200 };
const heartbeatsPrefetch = 200;
/** A large fleet beats all the time: a transaction for each would cost more than all that is in them. */
const heartbeatsGathering: GatheringTimes = { shortestMs: 250, longestMs: 250 };

interface EmbeddedBroker {
  readonly broker: Broker;
  /** URL for the server itself: on the loopback interface, without TLS. */
  readonly internalUrl: string;
  readonly publicUrl: string;
  readonly agentPasswordFile: string | null;
}

function toShownUrl(text: string | null): string {
  if (text === null) return 'embedded';
  const { protocol, host, pathname } = new URL(text);
  return `${protocol}//${host}${pathname}`;
}

async function startEmbeddedBroker(
  settings: Settings,
  certificate: ServerCertificate,
  log: Log,
): Promise<EmbeddedBroker> {
  const own = settings.agentPassword === null ? readAgentPassword(settings.stateDir) : null;
  const agentPassword = settings.agentPassword ?? own?.password ?? '';
  const serverPassword = randomBytes(24).toString('hex');
  const broker = await withListenHint('MIG_AMQP_LISTEN', settings.amqpListen, () =>
    startBroker({
      ...settings.amqpListen,
      tls: certificate,
      listenForOwn: true,
      users: toBrokerUsers(serverPassword, agentPassword),
      maximumMessageBytes: maximumAgentMessageBytes,
      confirmWhenSettled: [reportsQueue],
      onFault: (reason, address) => log.warn({ reason, address }, 'broker client at fault'),
    }),
  );
  return {
    broker,
    internalUrl: `amqp://mig-server:${serverPassword}@${toHostPort({ host: findLoopback(), port: broker.ownPort ?? 0 })}/`,
    publicUrl: `amqps://${toHostPort({ host: settings.amqpListen.host, port: broker.port })}/`,
    agentPasswordFile: own?.file ?? null,
  };
}

/** Only the one that is used is loaded. */
async function openDatabase(settings: Settings, failures: Failures): Promise<Database> {
  if (settings.databaseUrl === null) {
    const { openEmbeddedDatabase } = await import('./database/embedded.ts');
    return openEmbeddedDatabase(settings.stateDir);
  }
  const { openPostgres } = await import('./database/postgres.ts');
  return openPostgres(settings.databaseUrl, {
    onLost: (error) => failures.databaseLost(error),
    onBack: () => failures.databaseBack(),
  });
}

/** Undoes the steps of a start, the latest first. */
class Undo {
  readonly #steps: (() => Promise<void>)[] = [];

  add(step: () => Promise<void>): void {
    this.#steps.push(step);
  }

  async run(): Promise<void> {
    for (const step of this.#steps.splice(0).reverse()) await step();
  }
}

/** @throws CodedError with a hint when a setting, a file, the database or the broker is not as it should be */
export async function startServer(settings: Settings): Promise<RunningServer> {
  const undo = new Undo();
  try {
    return await start(settings, undo);
  } catch (error) {
    await undo.run();
    throw error;
  }
}

async function start(settings: Settings, undo: Undo): Promise<RunningServer> {
  const log = createLog(settings.logLevel, 'mig-server');
  for (const variable of settings.unread) log.warn({ variable }, 'a variable that nobody reads');
  const failures = new Failures(log);
  openStateFolder(settings.stateDir);
  undo.add(await lockStateFolder(settings.stateDir));
  const [database, certificate, investigatorFiles, rootKeys] = await Promise.all([
    openDatabase(settings, failures).then((opened) => {
      undo.add(opened.close);
      return opened;
    }),
    readCertificate(settings),
    readInvestigatorFiles(settings.investigatorsDir, settings.admins),
    RootKeyring.read(settings.rootKeysFile),
  ]);

  await setStatusLimits(database.db, settings.statusLimits);
  const removed = await importInvestigators(database.db, investigatorFiles, settings.mayRemoveEverybody);
  if (removed.length > 0)
    log.warn(
      {
        investigators: removed,
        folder: settings.investigatorsDir,
        hint: 'put their files back and restart, if that was not meant',
      },
      'people without a file any more are removed, with their sessions and tokens',
    );
  const access = new Access(database, log);
  const proxies = toBlockList(settings.trustedProxies);
  const { publicOrigins } = settings;
  const loginAddress = new LoginAddress({
    publicOrigins,
    proxies,
    certificate: settings.plainHttp ? null : certificate.cert,
  });

  const embedded = settings.amqpUrl === null ? await startEmbeddedBroker(settings, certificate, log) : null;
  if (embedded !== null) undo.add(embedded.broker.close);

  const metrics = new Metrics();
  const poison = new PoisonQueue(log, metrics);
  const intake: Intake = { database, poison, metrics, log };
  const attempts = new Attempts(database.db);
  const publisher = new OutboxPublisher(database, failures, log);
  undo.add(() => publisher.close());
  const trust = new TrustPublisher(database, rootKeys, log);
  const reports = new BatchConsumer({
    queue: reportsQueue,
    prefetch: reportsPrefetch,
    gathering: reportsGathering,
    handle: (bodies) => storeReports(intake, bodies),
    work: failures.ofWork('reports not stored, will retry', 'reports are stored again'),
    isHopeless: isDataError,
    poison,
    attempts,
    log,
  });
  const heartbeats = new BatchConsumer({
    queue: heartbeatsQueue,
    prefetch: heartbeatsPrefetch,
    gathering: heartbeatsGathering,
    handle: async (bodies) => {
      if (await storeHeartbeats(intake, trust, bodies)) publisher.wake();
    },
    work: failures.ofWork('heartbeats not stored, will retry', 'heartbeats are stored again'),
    isHopeless: isDataError,
    poison,
    attempts,
    log,
  });
  const brokerTls = readBrokerTls(settings.amqpTls);
  const link = new AmqpLink({ url: settings.amqpUrl ?? embedded?.internalUrl ?? '', tls: brokerTls, log });
  for (const part of [publisher.sender, trust, poison, reports, heartbeats]) link.use(part.use);
  undo.add(async () => {
    await Promise.all([reports.stop(), heartbeats.stop()]);
    await link.close();
  });
  await link.start();
  const isCertificateShown = !settings.plainHttp || embedded !== null;
  const certificates = new CertificateWatch(isCertificateShown ? certificate : null, brokerTls, link, log);
  undo.add(async () => certificates.close());

  const expiry = new ExpiryClock(database, failures);
  undo.add(() => expiry.close());
  expiry.wake();

  const housekeeper = new Housekeeper(database, settings.retention, failures, log);
  undo.add(() => housekeeper.close());

  const followers = new Set<() => void>();
  const isBrokerReady = (): boolean => link.isReady;
  metrics.observe({ database, isBrokerReady, followers, certificates });
  const context: ApiContext = {
    database,
    publisher,
    trust,
    access,
    challenges: await Challenges.open(database.db),
    loginAddress,
    proxies,
    isBrokerReady,
    followers,
    metrics,
    failures,
    log,
  };
  const api = await createApi(context, settings.plainHttp ? null : certificate);
  const people = (await access.investigators()).size;
  if (people === 0) log.warn(`nobody can log in: there is no key in ${settings.investigatorsDir}`);
  if (settings.plainHttp) log.warn('the API is served without TLS, to this machine only');
  if (settings.plainHttp && publicOrigins.length === 0)
    log.warn('nobody can log in: MIG_PUBLIC_ORIGINS names no address of the proxy in front of this relay');
  undo.add(async () => {
    for (const stop of followers) stop();
    await api.close();
  });
  await withListenHint('MIG_LISTEN', settings.listen, () => api.listen(settings.listen));
  const { port } = api.server.address() as AddressInfo;
  const background = Promise.all([database.warmUp(), reportUnfitKeys(investigatorFiles, log)]).catch((error) =>
    log.warn({ reason: toMessage(error) }, 'warm-up failed'),
  );
  undo.add(async () => {
    await background;
  });

  return {
    apiUrl: `${settings.plainHttp ? 'http' : 'https'}://${toHostPort({ host: settings.listen.host, port })}`,
    amqpUrl: embedded?.publicUrl ?? null,
    caFile: certificate.caFile,
    agentPasswordFile: embedded?.agentPasswordFile ?? null,
    broker: toShownUrl(settings.amqpUrl),
    database: toShownUrl(settings.databaseUrl),
    certificates: certificates.ends,
    investigators: people,
    poison: poison.counts,
    close: () => undo.run(),
  };
}
