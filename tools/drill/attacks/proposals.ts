/** Attacks on co-signing: proposals that are not what they seem. */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { deflateRawSync, deflateSync } from 'node:zlib';
import type { Action } from '../../../protocol/action/action.ts';
import { toSignedBytes } from '../../../protocol/action/envelope.ts';
import { toWrappedReplyKeyDigest } from '../../../protocol/action/wrapped-reply-key.ts';
import type { ActionDetail } from '../../../protocol/api/api.ts';
import { ProposalDetail } from '../../../protocol/api/proposal-api.ts';
import { ActionId, Fingerprint, newActionId } from '../../../protocol/base/identifiers.ts';
import { newReplyKey, type ReplyKey } from '../../../protocol/result/sealed.ts';
import { encryptFor, signBytes, wrapFor } from '../../lab/compose.ts';
import { encryptPackets, toCompressedPacket, toLiteralPacket } from '../../lab/encrypt-packets.ts';
import type { LabInvestigator } from '../../lab/investigator-key.ts';
import { type Attack, must, type Noticed, noticedIn } from '../attack.ts';
import type { Stage } from '../stage.ts';

interface ForgedProposal {
  readonly action: Action;
  readonly wrappedreplykey: string;
}

/** An action of the attacker's own, with chosen readers and a chosen wrapped key. */
async function make(
  stage: Stage,
  readers: readonly LabInvestigator[],
  wrap: (action: ActionId, replyKey: ReplyKey) => Promise<string>,
): Promise<ForgedProposal> {
  const replyKey = newReplyKey();
  const id = newActionId();
  const wrappedreplykey = await wrap(id, replyKey);
  const { action } = await stage.compose({
    id,
    wrappedreplykeydigest: toWrappedReplyKeyDigest(wrappedreplykey),
    name: 'Log4Shell sweep, second pair of eyes please',
    replykey: replyKey.publicKey,
    readers: readers.map(({ fingerprint }) => Fingerprint.parse(fingerprint)),
  });
  return { action, wrappedreplykey };
}

/** As the relay would show it: brought and signed by bob. */
async function toDetail(
  { people }: Stage,
  { action, wrappedreplykey }: ForgedProposal,
  signers: readonly LabInvestigator[],
): Promise<ProposalDetail> {
  const bytes = toSignedBytes(action);
  const { id, name, target, validfrom, expireafter } = action;
  return ProposalDetail.parse({
    id,
    name,
    target,
    validfrom,
    expireafter,
    created: validfrom,
    investigator: 'bob',
    signers: [{ investigator: 'bob', fingerprint: people.bob.fingerprint }],
    launched: false,
    envelope: {
      payload: bytes.toString('base64'),
      signatures: await Promise.all(signers.map((signer) => signBytes(bytes, signer))),
    },
    wrappedreplykey,
  });
}

/** The public keys that alice has of people she knows. */
function keysOfAlice({ lab, people }: Stage): string {
  const folder = lab.path('keys-of-alice');
  mkdirSync(folder, { recursive: true });
  for (const { name, publicKeyFile } of [people.alice, people.bob])
    copyFileSync(publicKeyFile, `${folder}/${name}.asc`);
  return folder;
}

/** Alice is asked to sign the relay's proposal; no signature may leave her machine. */
async function approves(
  stage: Stage,
  detail: ProposalDetail,
): Promise<{ readonly signed: boolean; readonly stderr: string }> {
  let signed = false;
  const { envelope: _, wrappedreplykey: __, ...summary } = detail;
  const instead = (method: string, path: string): unknown => {
    if (path === `/proposals/${detail.id}/signatures` && method === 'POST') {
      signed = true;
      return summary;
    }
    return path === `/proposals/${detail.id}` ? detail : undefined;
  };
  const { code, stderr } = await stage.approveThrough({ instead }, detail.id, keysOfAlice(stage));
  must(code !== 0 || signed, `exit code ${code}: ${stderr}`);
  return { signed, stderr };
}

function proposed(name: string, tried: string, says: RegExp, show: (stage: Stage) => Promise<ProposalDetail>): Attack {
  return {
    name,
    tried,
    run: async (stage): Promise<Noticed> => {
      const { signed, stderr } = await approves(stage, await show(stage));
      must(!signed, `alice signed it: ${stderr}`);
      return noticedIn('investigator', stderr, says);
    },
  };
}

const nonsense = (stage: Stage) => () => encryptFor([stage.people.alice], 'nonsense');

/** A real proposal of bob's, with alice as a reader. @returns its id. */
async function proposeAsBob(stage: Stage): Promise<string> {
  const { people, lab } = stage;
  const file = lab.path('question.json');
  const parameters = { searches: { s1: { paths: [stage.folder], names: ['^found$'] } } };
  writeFileSync(
    file,
    JSON.stringify({
      syntaxversion: 3,
      name: 'for two',
      target: `id = '${stage.agentId}'`,
      operations: [{ module: 'file', parameters }],
    }),
  );
  const asBob = { MIG_KEY: people.bob.secretKeyFile, XDG_STATE_HOME: lab.path('state-of-bob') };
  const proposing = ['propose', file, '-e', '5m', '-reader', people.alice.publicKeyFile];
  const { code, stdout, stderr } = await stage.mig(proposing, asBob);
  must(code === 0, `bob could not propose: ${stderr}`);
  return stdout.trim();
}

/** A proposal as the relay has it. */
async function readKept(stage: Stage, id: string): Promise<ProposalDetail> {
  const { api } = stage;
  const { promise, resolve } = Promise.withResolvers<ProposalDetail>();
  const proposal = (detail: ProposalDetail): ProposalDetail => {
    resolve(detail);
    return detail;
  };
  await stage.migThrough({ proposal }, ['verify', id, '-keys', keysOfAlice(stage)]);
  api.tamper = {};
  return promise;
}

const honest: Attack = {
  name: 'honest proposal',
  tried: 'nothing: what a colleague proposed is signed and launched',
  run: async (stage) => {
    const id = await proposeAsBob(stage);
    const keys = keysOfAlice(stage);
    const approved = await stage.approveThrough({}, id, keys);
    must(approved.code === 0, `not approved: ${approved.stderr}`);
    const { code, stdout, stderr } = await stage.mig(['launch', id, '-y'], { MIG_KEYS: keys });
    must(code === 0 && stdout.includes('found'), `exit code ${code}: ${stdout}${stderr}`);
    return noticedIn('investigator', approved.stderr, /signed by bob \([0-9A-F]{40}\), verified/);
  },
};

const swappedKey: Attack = {
  name: 'wrapped reply key of an honest proposal swapped',
  tried: 'the relay puts a reply key of its own beside what bob signed',
  run: async (stage) => {
    const kept = await readKept(stage, await proposeAsBob(stage));
    const wrappedreplykey = await wrapFor([stage.people.alice, stage.people.bob], kept.id, newReplyKey());
    const { signed, stderr } = await approves(stage, { ...kept, wrappedreplykey });
    must(!signed, `alice signed it: ${stderr}`);
    return noticedIn('investigator', stderr, /expected the wrapped reply key .*/);
  },
};

const takenId: Attack = {
  name: "action submitted with a proposal's id",
  tried: 'another investigator launches something else under the id of what two are signing',
  run: async (stage) => {
    const { people, lab } = stage;
    const id = await proposeAsBob(stage);
    const replyKey = newReplyKey();
    const { id: taken } = await readKept(stage, id);
    const wrappedreplykey = await wrapFor([people.stranger], taken, replyKey);
    const { action } = await stage.compose({
      id: taken,
      wrappedreplykeydigest: toWrappedReplyKeyDigest(wrappedreplykey),
      target: `id = '${stage.secondId}'`,
      replykey: replyKey.publicKey,
      readers: [Fingerprint.parse(people.stranger.fingerprint)],
    });
    const file = lab.path('taken.json');
    writeFileSync(file, JSON.stringify({ envelope: await stage.envelope(action, people.stranger), wrappedreplykey }));
    const asStranger = { MIG_KEY: people.stranger.secretKeyFile, XDG_STATE_HOME: lab.path('state-of-stranger') };
    const launched = await stage.mig(['launch', file, '-y'], asStranger);
    const keys = keysOfAlice(stage);
    const approved = await stage.approveThrough({}, id, keys);
    must(approved.code === 0, approved.stderr);
    const { code, stderr } = await stage.mig(['launch', id, '-y'], { MIG_KEYS: keys });
    must(code === 0, `the proposal cannot be launched any more: ${stderr}`);
    return noticedIn('relay', launched.stderr, /expected what was proposed .*/);
  },
};

const mebibyte = 1024 * 1024;
const soonSeconds = 20;

/** Nested packets around zeros, in some kilobytes. */
function makeBomb(): Buffer {
  const inner = toCompressedPacket('zip', deflateRawSync(toLiteralPacket(Buffer.alloc(256 * mebibyte)), { level: 9 }));
  return toCompressedPacket('zlib', deflateSync(inner, { level: 9 }));
}

const bomb: Attack = {
  name: 'decompression bomb in a wrapped reply key',
  tried: 'a colleague who has turned signs an action whose wrapped key is 256 MiB of zeros, packed twice',
  run: async (stage) => {
    const { alice, bob } = stage.people;
    const keys = [alice, bob].map(({ publicKeyFile }) => readFileSync(publicKeyFile, 'utf8'));
    const made = await make(stage, [bob, alice], () => encryptPackets(makeBomb(), ...keys));
    const startSeconds = process.uptime();
    const { signed, stderr } = await approves(stage, await toDetail(stage, made, [bob]));
    must(!signed && process.uptime() - startSeconds < soonSeconds, `it was opened: ${stderr}`);
    return noticedIn('investigator', stderr, /expected a message for .*|expected one literal packet .*/);
  },
};

const swappedLater: Attack = {
  name: 'wrapped reply key of an action swapped',
  tried: 'when its answers are looked at, the relay gives a reply key of its own',
  run: async (stage) => {
    const asked = await stage.mig(stage.question(stage.agentId));
    const [, id = ''] = /Following action ID ([0-9a-f]{32})/.exec(asked.stderr) ?? [];
    const wrappedreplykey = await wrapFor([stage.people.alice], ActionId.parse(id), newReplyKey());
    const action = (detail: ActionDetail): ActionDetail => ({ ...detail, wrappedreplykey });
    const { code, stdout, stderr } = await stage.migThrough({ action }, ['show', id]);
    must(code === 2 && stdout === '', `exit code ${code}: ${stdout}${stderr}`);
    return noticedIn('investigator', stderr, /expected the wrapped reply key .*/);
  },
};

export const proposalAttacks: readonly Attack[] = [
  honest,
  proposed(
    "relay's own proposal, unsigned",
    'its own reply key, alice and bob as readers, a line that says bob signed it',
    /nobody has signed .*/,
    async (stage) => {
      const readers = [stage.people.bob, stage.people.alice];
      return toDetail(stage, await make(stage, readers, nonsense(stage)), []);
    },
  ),
  proposed(
    "relay's own proposal, signed by a stranger",
    'the same, with a signature by a key that nobody knows',
    /a key that you do not have.*/,
    async (stage) => {
      const readers = [stage.people.bob, stage.people.alice];
      return toDetail(stage, await make(stage, readers, nonsense(stage)), [stage.people.stranger]);
    },
  ),
  proposed(
    "relay's own proposal, with bob's signature of another action",
    'a signature by bob that is over other bytes',
    /not a signature of this action.*/,
    async (stage) => {
      const readers = [stage.people.bob, stage.people.alice];
      const wrap = (action: ActionId, replyKey: ReplyKey) => wrapFor(readers, action, replyKey);
      const other = await toDetail(stage, await make(stage, readers, wrap), [stage.people.bob]);
      const detail = await toDetail(stage, await make(stage, readers, wrap), []);
      return { ...detail, envelope: { ...detail.envelope, signatures: other.envelope.signatures } };
    },
  ),
  swappedKey,
  proposed(
    'proposal with readers that the key is not wrapped for',
    'alice is named as a reader of what bob signed, and only bob can open it',
    /expected the wrapped reply key to be for .*|expected a message for .*/,
    async (stage) => {
      const { alice, bob } = stage.people;
      const made = await make(stage, [bob, alice], (action, replyKey) => wrapFor([bob], action, replyKey));
      return toDetail(stage, made, [bob]);
    },
  ),
  proposed(
    'proposal whose key is wrapped for more people than its readers',
    'bob names himself and alice as readers, and lets a stranger open the answers, too',
    /expected the wrapped reply key for its readers alone.*/,
    async (stage) => {
      const { alice, bob, stranger } = stage.people;
      const everybody = [bob, alice, stranger];
      const made = await make(stage, [bob, alice], (action, replyKey) => wrapFor(everybody, action, replyKey));
      return toDetail(stage, made, [bob]);
    },
  ),
  proposed(
    'proposal with readers who are hidden behind an invented one',
    'bob names himself, alice and a reader whose key nobody has; strangers can open the answers without a number',
    /expected one session key for each named reader.*/,
    async (stage) => {
      const { alice, bob, stranger } = stage.people;
      const invented = { ...stranger, fingerprint: 'AB'.repeat(20) };
      const wrap = (action: ActionId, { privateKey }: ReplyKey) =>
        encryptFor([bob, alice], JSON.stringify({ action, replykey: privateKey }), [stranger, stranger]);
      return toDetail(stage, await make(stage, [bob, alice, invented], wrap), [bob]);
    },
  ),
  bomb,
  swappedLater,
  takenId,
];
