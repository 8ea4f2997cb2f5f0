/** Runs the independent parts of a build in parallel, and reports their progress. */

export interface Part {
  readonly name: string;
  /** About how many seconds of one processor it takes; for the progress. */
  readonly cost: number;
  readonly run: () => Promise<unknown>;
}

/** @param share from 0 to 1. */
export type OnPart = (share: number, now: string) => void;

/** More compilers would starve other work on the machine, for a build of a minute. */
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
 * Starts with the longest part: the last ones must not leave a processor idle.
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
