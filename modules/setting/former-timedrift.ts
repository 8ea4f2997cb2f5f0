/** The parameters of the original's module `timedrift`, which asked servers for the time. */
import * as z from 'zod';

/** As Go writes them: `5m`, `1h30m`, `500ms`. */
const duration = /^(?:\d+(?:\.\d*)?(?:ns|us|µs|ms|s|m|h))+$/;

const TimedriftParameters = z.strictObject({ drift: z.string().regex(duration).or(z.literal('')).optional() });

/**
 * What can be told without traffic: whether the kernel knows that somebody keeps the clock. Its error is then below a
 * few seconds, and an answer has the agent's own time. Undefined for other parameters.
 */
export function toSearchOfTimedrift(parameters: unknown): Readonly<Record<string, unknown>> | undefined {
  const { data } = TimedriftParameters.safeParse(parameters);
  if (data === undefined) return undefined;
  const { drift = '' } = data;
  if (drift === '') return { settings: ['clock:synchronised', 'clock:esterror'] };
  const description = `Instead of a drift of more than ${drift}, which takes a server to tell: nobody keeps the clock.`;
  return { description, settings: ['clock:synchronised = no'] };
}
