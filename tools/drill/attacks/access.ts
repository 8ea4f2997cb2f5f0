/** Attacks on logins and sessions at the relay, and on the way of questions between environments. */

import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { parseSignedBytes } from '../../../protocol/action/envelope.ts';
import { TokenCreated } from '../../../protocol/api/access-api.ts';
import { Fingerprint } from '../../../protocol/base/identifiers.ts';
import { ChallengeResponse } from '../../../protocol/session-api.ts';
import { toTrustBytes } from '../../../protocol/trust/trust-list.ts';
import { HostileApi } from '../../lab/hostile-api.ts';
import { SimulatedAgent } from '../../lab/simulated-agent.ts';
import { type Attack, must, noticedIn } from '../attack.ts';
import { fleet } from '../fleet.ts';
import { proxyAddress } from '../front.ts';
import { RelaySession } from '../relay-session.ts';
import { startVictim } from '../victim.ts';

/** @param from where its connections to this relay come from. */
function handsLoginOn(name: string, from: string | undefined, says: RegExp): Attack {
  return {
    name,
    tried: 'a relay of another site takes the challenge of this one to an honest investigator, and the answer back',
    run: async (stage) => {
      const file = name.replaceAll(' ', '-');
      const MIG_CA = stage.lab.path(`${file}.pem`);
      const other = await HostileApi.start(MIG_CA, from);
      other.passTo(stage.relay);
      try {
        const env = { MIG_SERVER: other.url, MIG_CA, XDG_STATE_HOME: stage.lab.path(file) };
        const { code, stdout, stderr } = await stage.mig(['agents', '-t', 'all'], env);
        must(code === 2, `it has a session, and shows what it read there: ${stdout}${stderr}`);
        return noticedIn('investigator', stderr, says);
      } finally {
        other.close();
      }
    },
  };
}

/** The other site has the same host name here, another certificate and another port. */
const handedOn = [
  handsLoginOn('login handed on by another relay', undefined, /expected a login for the certificate.*/),
  handsLoginOn('login handed on through the proxy', proxyAddress, /expected a login for this relay.*/),
];

/** Ends with the stream. */
async function follow(session: RelaySession, action: string) {
  const stream = await session.open('GET', `/actions/${action}/events`);
  let said = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    said += chunk;
  });
  const ended = once(stream, 'close').then(() => true);
  await once(stream, 'data');
  return { ended, said: () => said, close: () => stream.destroy() };
}

function within<Value>(ms: number, promise: Promise<Value>, otherwise: Value): Promise<Value> {
  const { promise: late, resolve } = Promise.withResolvers<Value>();
  const timer = setTimeout(() => resolve(otherwise), ms);
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

const disabled: Attack = {
  name: 'session, token and stream of a disabled person',
  tried: 'all three are used after the person was disabled, and again after the person was let in again',
  run: async (stage) => {
    const { guest, roots } = stage.people;
    const admin = await RelaySession.logIn(stage, roots[0]);
    const session = await RelaySession.logIn(stage, guest);
    const created = await session.call('POST', '/tokens', { name: 'dashboard', days: 365 });
    const token = new RelaySession(stage, TokenCreated.parse(created.body).token);
    const agent = new SimulatedAgent({ name: 'slow' }, fleet);
    await agent.connect(stage.broker.agentUrl);
    const change = (value: boolean) => admin.call('PATCH', `/investigators/${guest.name}`, { disabled: value });
    try {
      await agent.sendHeartbeat();
      await stage.waitUntilListed(agent.id);
      const asked = stage.mig(stage.question(agent.id).map((word) => (word === '60s' ? '20s' : word)));
      const { command } = await agent.waitForCommand(0);
      const { id } = parseSignedBytes(Buffer.from(command.envelope.payload, 'base64'));
      const stream = await follow(session, id);
      must((await change(true)).status === 200, 'the person could not be disabled');
      const isOver = await within(5000, stream.ended, false);
      stream.close();
      must(isOver, 'the stream goes on');
      const codes = async () =>
        Promise.all([session, token].map(async (one) => (await one.call('GET', '/agents')).code));
      must(
        (await codes()).every((code) => code === 'session-required'),
        'disabled, and still let in',
      );
      must((await change(false)).status === 200, 'the person could not be enabled');
      const after = await codes();
      must(
        after.every((code) => code === 'session-required'),
        `enabled, and without a login session and token are good again: ${after}`,
      );
      // Nobody waits until its time is up.
      await agent.sendResult(command);
      await asked;
      return { by: 'relay', how: `the stream ends at once; session and token: ${after.join(', ')}, for good` };
    } finally {
      await change(false);
      await agent.close();
    }
  },
};

const replacedKey: Attack = {
  name: 'token made with a key that was replaced',
  tried: "the operator puts another public key into a person's file and restarts the relay; the old token is used",
  run: async (stage) => {
    const { guest, stranger } = stage.people;
    const session = await RelaySession.logIn(stage, guest);
    const created = await session.call('POST', '/tokens', { name: 'dashboard', days: 365 });
    const token = new RelaySession(stage, TokenCreated.parse(created.body).token);
    const own = readFileSync(guest.publicKeyFile);
    const others = readFileSync(stranger.publicKeyFile);
    const put = async (guests: Buffer, strangers: Buffer): Promise<void> => {
      writeFileSync(guest.publicKeyFile, guests);
      writeFileSync(stranger.publicKeyFile, strangers);
      await stage.restartRelay();
    };
    await put(others, own);
    const codes = await Promise.all([session, token].map(async (one) => (await one.call('GET', '/agents')).code));
    await put(own, others);
    must(
      codes.every((code) => code === 'session-required'),
      `session and token of the old key: ${codes}`,
    );
    return { by: 'relay', how: `session and token of the old key: ${codes.join(', ')}` };
  },
};

const junkList: Attack = {
  name: 'junk trust list at the relay',
  tried: 'a leaver puts lower and junk trust lists in place of the one that revokes a key; then an agent comes back',
  run: async (stage) => {
    const { guest, roots, alice } = stage.people;
    const [root] = roots;
    const boss = await RelaySession.logIn(stage, root);
    const leaver = await RelaySession.logIn(stage, guest);
    const post = (who: RelaySession, envelope: object) => who.call('POST', '/trust', { fleet, envelope });
    await stage.trust({}, async (envelope) => must((await post(boss, envelope)).status === 201, 'list not taken'));
    const version = stage.trustVersion;
    const junk = { payload: toTrustBytes(stage.newTrustList({ version: 2 ** 31 - 1 })).toString('base64') };
    const stolen = (await stage.signTrust(stage.newTrustList({}), root)).signatures;
    const lower = stage.newTrustList({ version: 1 });
    const codes = [
      (await post(leaver, await stage.signTrust(lower, ...roots))).code,
      (await post(leaver, { ...junk, signatures: stolen })).code,
      (await post(leaver, await stage.signTrust(stage.newTrustList({ version: 2 ** 31 - 1 }), root, alice))).code,
    ];
    const victim = await startVictim(stage);
    const took = await victim.program
      .waitForLine((line) => line.includes('took a trust list') && line.includes(`"version":${version},`), 15_000)
      .then(() => true)
      .catch(() => false);
    await victim.program.stop();
    must(took, `the agent that was away did not get list ${version}; the relay said ${codes}`);
    must(codes.join() === 'trust-older,trust-bad-signature,trust-threshold', `the relay said ${codes}`);
    return { by: 'relay', how: `refused: ${codes.join(', ')}; the agent that was away took list ${version}` };
  },
};

const otherFleet: Attack = {
  name: 'question of one fleet told to an agent of another',
  tried: 'an agent of another environment on the same relay waits for what is asked of all',
  run: async (stage) => {
    const agent = new SimulatedAgent({ name: 'elsewhere' }, 'other');
    await agent.connect(stage.broker.agentUrl);
    try {
      await agent.sendHeartbeat();
      await stage.waitUntilListed(agent.id);
      const question = stage
        .question()
        .map((word) => (word === 'all' ? `id IN ('${agent.id}', '${stage.agentId}')` : word));
      const { code, stderr } = await stage.mig(question.map((word) => (word === '60s' ? '10s' : word)));
      // Also when the agent comes up while the question lasts.
      await agent.sendHeartbeat(Date.now() + 1000);
      must(agent.received.length === 0, 'it was told what was asked');
      must(code === 0, `exit code ${code}: ${stderr}`);
      return noticedIn('relay', stderr, /answered: 1 fully, 0 partly, 0 refused, 0 failed, 0 silent/);
    } finally {
      await agent.close();
    }
  },
};

const oracle: Attack = {
  name: 'fingerprints tried at the login',
  tried: 'a stranger asks whether the relay knows a key, and for how the API is built',
  run: async (stage) => {
    const stranger = new RelaySession(stage, '');
    const ask = (fingerprint: string) =>
      stranger.call('POST', '/sessions/challenges', { fingerprint: Fingerprint.parse(fingerprint) });
    const known = await ask(stage.people.alice.fingerprint);
    const unknown = await ask('0123456789ABCDEF0123456789ABCDEF01234567');
    must(known.status === 201 && unknown.status === 201, `known: ${known.code}, unknown: ${unknown.code}`);
    const lengths = [known, unknown].map(({ body }) => ChallengeResponse.parse(body).challenge.length);
    must(lengths[0] === lengths[1], `challenges of ${lengths} letters`);
    const described = await stranger.call('GET', '/openapi.json');
    must(described.code === 'session-required', `the API is described to anybody: ${described.code}`);
    return { by: 'relay', how: 'the same answer for a key that it knows and one that it does not; session-required' };
  },
};

const lockOut: Attack = {
  name: "everybody's logins used up by one",
  tried: "150 logins of a stranger from the address of the investigators' proxy, within a minute",
  run: async (stage) => {
    const stranger = new RelaySession(stage, '');
    const fingerprint = stage.people.stranger.fingerprint;
    const codes: string[] = [];
    for (let count = 0; count < 150; count += 1)
      codes.push((await stranger.call('POST', '/sessions/challenges', { fingerprint })).code);
    must(codes.includes('too-many-requests'), `nobody slows it down: ${codes.at(-1)}`);
    await RelaySession.logIn(stage, stage.people.bob).catch(() => must(false, 'nobody else can log in'));
    return { by: 'relay', how: 'too-many-requests for the one key; others log in' };
  },
};

export const accessAttacks: readonly Attack[] = [
  ...handedOn,
  oracle,
  otherFleet,
  junkList,
  disabled,
  replacedKey,
  lockOut,
];
