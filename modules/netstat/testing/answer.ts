/** `node answer.ts PARAMETERS`: prints the module's result, for tests that run it as somebody else. */
import { run } from '../run.ts';
import { NetstatParameters } from '../spec.ts';
import { limits } from './ask.ts';

const parameters = NetstatParameters.parse(JSON.parse(process.argv[2] ?? ''));
const result = await run(parameters, { signal: new AbortController().signal, limits });
process.stdout.write(JSON.stringify(result));
