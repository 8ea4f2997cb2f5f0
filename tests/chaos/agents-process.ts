/** Several agents in one process, to be killed with it: `node agents-process.ts ENVIRONMENT-FILE STATE-DIRECTORY…` */
import { readFileSync } from 'node:fs';
import { BakedEnvironment } from '../../protocol/environment/environment.ts';
import { startCountingAgent } from './agent.ts';

const [environmentFile = '', ...stateDirectories] = process.argv.slice(2);
const environment = BakedEnvironment.parse(JSON.parse(readFileSync(environmentFile, 'utf8')));
await Promise.all(stateDirectories.map((directory) => startCountingAgent(environment, directory)));
process.stdout.write(`${JSON.stringify({ event: 'ready' })}\n`);
