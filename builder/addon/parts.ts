/** The parts of a build that can be made beside each other, and how far they are. */

export interface Part {
  readonly name: string;
  /** About how long it takes, in seconds of one processor; for the share that is done. */
  readonly cost: number;
  readonly run: () => Promise<unknown>;
}

/** @param share from 0 to 1. */
export type OnPart = (share: number, now: string) => void;

/** More would starve the machine that people also work on, for a build of a minute. */
const parallelCompilers = 2;

export async function mapInParallel<In, Out>(
  inputs: readonly In[],
  limit: number,
  task: (input: In) => Promise<Out>,
): Promise<Out[]> {
  const outputs = new Array<Out>(inputs.length);
  const queue = inputs.entries();
  async function work(): Promise<void> {
    for (const [index, input] of queue) outputs[index] = await task(input);
  }
  await Promise.all(Array.from({ length: limit }, work));
  return outputs;
}

/**
 * The longest first, so that the last ones do not leave a processor idle.
 * @param restCost of what comes afterwards.
 */
export async function runParts(parts: readonly Part[], restCost: number, onPart: OnPart = () => {}): Promise<void> {
  const total = parts.reduce((sum, { cost }) => sum + cost, restCost);
  const running = new Set<Part>();
  let [done, count] = [0, 0];
  const show = (): void => {
    const names = [...running].map(({ name }) => name).join(', ');
    onPart(done / total, `${count} of ${parts.length} parts; now ${names}`);
  };
  await mapInParallel(
    [...parts].sort((left, right) => right.cost - left.cost),
    parallelCompilers,
    async (part) => {
      running.add(part);
      show();
      await part.run();
      running.delete(part);
      done += part.cost;
      count += 1;
    },
  );
}
