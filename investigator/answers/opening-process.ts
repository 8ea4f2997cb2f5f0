/** The inside of the process that opens one large answer: an order on standard input, an outcome on standard output, end. */
import { text } from 'node:stream/consumers';
import { loadModules } from '../../modules/registry.ts';
import { limitMemory } from '../../native/own-process.ts';
import { CodedError } from '../../protocol/base/coded-error.ts';
import { ResultOpener } from '../../protocol/result/sealed.ts';
import { openResult } from './answer.ts';
import type { OpeningOrder, OpeningOutcome } from './separate-opening.ts';

/** Memory for the largest answer that an environment may allow, with as many values as it may have. */
const memoryMiB = 416;

/** V8's own limit holds where there is no native part, as in a checkout on a system that cannot build it. */
function limitIfPossible(): void {
  try {
    limitMemory(memoryMiB);
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
  }
}

async function open({ action, digest, replykey, agent, sealed }: OpeningOrder): Promise<OpeningOutcome> {
  const modules = await loadModules(action.operations.map(({ module }) => module));
  try {
    const expected = { action, digest, opener: new ResultOpener(replykey), modules };
    return { kind: 'opened', result: openResult({ agent, sealed: Buffer.from(sealed, 'base64') }, expected) };
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    return { kind: 'refused', code: error.code };
  }
}

export async function runOpeningProcess(): Promise<void> {
  const input = await text(process.stdin);
  if (input === '') return;
  limitIfPossible();
  const outcome = await open(JSON.parse(input) as OpeningOrder);
  await new Promise((resolve) => process.stdout.write(JSON.stringify(outcome), resolve));
}
