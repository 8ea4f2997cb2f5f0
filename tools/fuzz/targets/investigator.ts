/** The investigator's parsers: the relay's reports, agents' sealed results, event streams, action files. */
import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { deflateRawSync } from 'node:zlib';
import type { Answer, ResultAnswer } from '../../../investigator/answers/answer.ts';
import { Answers } from '../../../investigator/answers/answers.ts';
import { parseActionFile } from '../../../investigator/ask/action-file/action-file.ts';
import { plainView, type View } from '../../../investigator/cli/view-flags.ts';
import { openPrinter } from '../../../investigator/print/open-printer.ts';
import { readEvents } from '../../../investigator/relay/event-stream.ts';
import { recordConsole } from '../../../investigator/testing/recorded-console.ts';
import { loadModules } from '../../../modules/registry.ts';
import type { Action } from '../../../protocol/action/action.ts';
import { toSignedBytes } from '../../../protocol/action/envelope.ts';
import { Report } from '../../../protocol/api/api.ts';
import { CodedError } from '../../../protocol/base/coded-error.ts';
import { commandIdOf, sha256Hex } from '../../../protocol/base/identifiers.ts';
import { toInstant } from '../../../protocol/base/instant.ts';
import { toCanonicalJson } from '../../../protocol/base/strict-json.ts';
import { seal, toPublicKey } from '../../../protocol/reply-key/hpke.ts';
import { emptyReceipt, type Result } from '../../../protocol/result/result.ts';
import { newReplyKey, ResultOpener, sealResult } from '../../../protocol/result/sealed.ts';
import { HostileAgent, toCanonicalIfJson } from '../hostile-agent.ts';
import { type FuzzTarget, takenOrRefused, toSeeds } from '../target.ts';
import { seedAction } from './protocol.ts';

const agent = new HostileAgent('a fuzzed agent');
const faces = await loadModules();

const foundFile = {
  file: '/etc/passwd',
  search: { names: ['^passwd$'] },
  fileinfo: { lastmodified: '2016-07-05 15:32:42 +0000 UTC', mode: '-rw-r--r--', size: 1024 },
};
const foundConnection = {
  localaddr: '10.0.0.1',
  localport: 22,
  remoteaddr: '10.0.0.2',
  remoteport: 50_000,
  protocol: 'tcp',
  state: 'ESTABLISHED',
};

function newAsked() {
  const replyKey = newReplyKey();
  const action: Action = {
    ...seedAction,
    operations: [...seedAction.operations],
    readers: [...seedAction.readers],
    replykey: replyKey.publicKey,
  };
  const digest = sha256Hex(toSignedBytes(action));
  const operation = { success: true, foundanything: true, statistics: {}, errors: ['a note'], receipt: emptyReceipt() };
  const result: Result = {
    agent: { id: agent.id, name: 'web1' },
    action: action.id,
    actiondigest: digest,
    operations: [
      { ...operation, elements: { s1: [foundFile] } },
      { ...operation, elements: { connectedip: { '10.0.0.0/8': [foundConnection] } } },
    ],
  };
  return { replyKey, action, digest, result, opener: new ResultOpener(replyKey.privateKey) };
}

const formats = ['text', 'json', 'ndjson', 'csv', 'html'] as const;
const views: readonly View[] = [
  plainView,
  { columns: ['agentname', 'file', 'size'], sort: [{ column: 'size', descending: true }], stack: [] },
  { columns: [], sort: [], stack: ['file', 'remoteaddr'] },
];
/** Control characters that a terminal obeys, except line feeds. */
const controls = /[\p{Cc}\p{Bidi_Control}]/u;

/** Prints it as `mig` does, and checks the output. */
async function assertHarmless(
  answer: ResultAnswer,
  answers: Answers,
  action: Action,
  format: (typeof formats)[number],
  view: View,
): Promise<void> {
  const console = recordConsole();
  const printer = await openPrinter(format, {
    asked: action,
    by: ['alice'],
    modules: faces,
    show: 'all',
    view,
    console,
  });
  printer.result(answer);
  printer.end(answers.tally.toOutcome(action, counts));
  for (const line of console.lines.flatMap((written) => written.split(/\r?\n|\r$/)))
    assert.doesNotMatch(line, controls, `${format}: ${JSON.stringify(line)}`);
}

const counts = { queued: 0, sent: 0, running: 0, succeeded: 1, failed: 0, refused: 0, expired: 0, cancelled: 0 };

const sealCodes = ['seal-broken', 'result-malformed'];

const sealedResult: FuzzTarget = {
  name: 'sealed-result',
  side: 'investigator',
  holds: 'a result that opens is the one that was sealed',
  prepare: async () => {
    const { replyKey, action, result, opener } = newAsked();
    return {
      seeds: [sealResult(result, replyKey.publicKey)],
      take: (input) => {
        const expected = { action: action.id, agent: agent.id };
        const opened = takenOrRefused(sealCodes, () => opener.open(input, expected));
        if (opened !== null) assert.deepEqual(opened, result);
        return opened !== null;
      },
    };
  },
};

const hostileResult: FuzzTarget = {
  name: 'hostile-result',
  side: 'investigator',
  holds: 'whatever an agent seals and signs is an answer of the right form, or named as not genuine',
  prepare: async () => {
    const { replyKey, action, digest, result, opener } = newAsked();
    const recipient = toPublicKey(Buffer.from(replyKey.publicKey, 'base64'));
    const binding = {
      info: Buffer.from('mig result v3', 'utf8'),
      aad: Buffer.from(`${action.id}:${agent.id}`, 'utf8'),
    };
    const command = commandIdOf(action.id, agent.id);
    const sealedBy = (plain: Buffer): Buffer => seal(plain, recipient, binding);
    const reported = (sealed: Buffer): Report => {
      const said = { kind: 'result', sequence: 1, command, action: action.id, actiondigest: digest };
      const message = agent.sign(toCanonicalJson({ ...said, state: 'succeeded' }), sealed).toString('base64');
      return { sequence: 1, command, agent: agent.id, kind: 'result', received: toInstant(0), message };
    };
    return {
      seeds: [toCanonicalJson(result)],
      take: async (input) => {
        // Also bytes that are not deflated.
        for (const sealed of [sealedBy(deflateRawSync(toCanonicalIfJson(input))), sealedBy(input)]) {
          takenOrRefused(sealCodes, () => opener.open(sealed, { action: action.id, agent: agent.id }));
          let answer: Answer | undefined;
          const onAnswer = (given: Answer): void => {
            answer = given;
          };
          const { signal } = new AbortController();
          const answers = new Answers({ action, digest, opener, modules: faces }, { onAnswer, signal });
          await answers.add(reported(sealed));
          if (answer?.kind !== 'result') continue;
          for (const format of formats)
            for (const view of views) await assertHarmless(answer, answers, action, format, view);
          return true;
        }
        return false;
      },
    };
  },
};

const events: FuzzTarget = {
  name: 'event-stream',
  side: 'investigator',
  holds: 'a relay’s stream is events of the right form, or ends with a named error',
  prepare: async () => {
    const command = 'f'.repeat(32);
    const report = { sequence: 1, command, agent: agent.id, kind: 'result', received: toInstant(0), message: 'AAAA' };
    return {
      seeds: toSeeds(
        `: hello\n\nevent: progress\ndata: ${JSON.stringify(counts)}\n\nid: 1\nevent: report\ndata: ${JSON.stringify(report)}\n\nevent: end\ndata: {}\n\n`,
      ),
      take: async (input) => {
        const response = Object.assign(new PassThrough(), { setTimeout: () => {} });
        response.end(input);
        try {
          for await (const event of readEvents(response as unknown as IncomingMessage))
            if (event.kind === 'report') Report.parse(event.report);
          return true;
        } catch (error) {
          if (!(error instanceof CodedError)) throw error;
          return false;
        }
      },
    };
  },
};

const actionFile: FuzzTarget = {
  name: 'action-file',
  side: 'investigator',
  holds: 'a file that somebody sent is an action whose every parameter was understood, or refused with its place',
  prepare: async () => {
    const former = {
      name: 'former',
      target: 'all',
      description: { author: 'A' },
      operations: [{ module: 'connected', parameters: { connectedip: ['10.0.0.1'] } }],
      syntaxversion: 2,
    };
    const codes = ['action-file-malformed', 'json-too-large', 'json-too-deep', 'json-too-many-values'];
    return {
      seeds: toSeeds(JSON.stringify(seedAction, null, 2), JSON.stringify(former, null, 2)),
      take: (input) => {
        const file = takenOrRefused(codes, () => parseActionFile(input, 'a.json', faces));
        for (const { module, parameters } of file?.template.operations ?? [])
          assert.equal(faces.get(module)?.parameters.safeParse(parameters).success, true);
        return file !== null;
      },
    };
  },
};

export const investigatorTargets: readonly FuzzTarget[] = [sealedResult, hostileResult, events, actionFile];
