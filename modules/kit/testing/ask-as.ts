/** Runs one question of a module as another user: `node ask-as.ts MODULE PARAMETERS`; prints the result as JSON. */
import { askModule } from '../../ask.ts';
import { limits } from './limits.ts';

const [, , name = '', parameters = '{}'] = process.argv;
const result = await askModule(name, JSON.parse(parameters), { signal: AbortSignal.timeout(60_000), limits });
process.stdout.write(JSON.stringify(result));
