/** `npm run demo`: makes keys, agent and relay on this machine, investigates it, and removes everything again. */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Progress } from '../../builder/progress.ts';
import { parseOptions } from '../../host/options.ts';
import { reportError } from '../../host/report-error.ts';
import { moduleNames } from '../../modules/registry.ts';
import { buildTools } from '../lab/build-tools.ts';
import { toPerson } from '../lab/investigator-key.ts';
import { Lab, migCommand } from '../lab/lab.ts';
import { runMain } from '../run-main.ts';
import { ask, type DemoQuestion, quote } from './ask.ts';

const environmentName = 'demo';

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** A well-known file below /usr/bin, and its SHA-256, computed here and not by the agent. */
function pickFile(): { readonly path: string; readonly sha256: string } {
  const folder = '/usr/bin';
  const known = ['wget', 'gpg', 'grep', 'tar'];
  const names = [...known, ...readdirSync(folder)];
  for (const name of names) {
    const path = join(folder, name);
    const found = statSync(path, { throwIfNoEntry: false });
    if (found?.isFile() === true && found.size > 0)
      return { path, sha256: createHash('sha256').update(readFileSync(path)).digest('hex') };
  }
  throw new Error(`expected a file below ${folder}, found none`);
}

function toQuestions(sha256: string, apiPort: string): DemoQuestion[] {
  const absent = createHash('sha256').update('a file that nobody has').digest('hex');
  return [
    {
      says: 'does any endpoint hold this file?',
      args: ['file', '-t', 'all', '-path', '/usr/bin', '-sha2', sha256, '-y'],
    },
    {
      says: 'where are accounts without a shell? (the content is looked at there and stays there)',
      args: ['file', '-t', 'all', '-path', '/etc', '-name', '^passwd$', '-content', 'nologin$', '-y'],
    },
    {
      says: 'which set-user-id programs are there?',
      args: ['file', '-t', 'all', '-path', '/usr/bin', '-mode', '^u', '-matchlimit', '5', '-y'],
    },
    {
      says: 'a hash that nobody has, and only from Linux agents',
      args: ['file', '-t', "environment->>'os' = 'linux'", '-path', '/usr/bin', '-sha2', absent, '-y'],
    },
    {
      says: 'what runs from folders where anybody may write? (the demo itself does)',
      args: ['process', '-t', 'all', '-exe', '^/(private/)?(tmp|var/tmp|dev/shm)/', '-name', '^mig-agent', '-y'],
    },
    { says: "who listens on the relay's port?", args: ['netstat', '-t', 'all', '-lp', apiPort, '-y'] },
    { says: 'who is there?', args: ['agents'] },
    { says: 'what has been asked?', args: ['actions'] },
  ];
}

/** Commands for the person at the kept demo. */
const furtherQuestions: readonly (readonly [says: string, command: string])[] = [
  ['file: what was changed in /etc within the last day?', "mig file -t all -path /etc -mtime '<1d'"],
  [
    'file: whose authorized keys may be used from anywhere?',
    "mig file -t all -path /root/.ssh -path /home -name '^authorized_keys$' -content '!from='",
  ],
  ['file: the page for an incident ticket', "mig file -t all -path /usr/bin -mode '^u' -f html > ticket.html"],
  ['process: what runs that is not on disk any more?', 'mig process -t all -deleted'],
  [
    'process: what did others than root start within the last hour?',
    "mig process -t all -user '!^root$' -newerthan 1h",
  ],
  ['netstat: what listens on any port but 22, and whose is it?', "mig netstat -t all -lp '!22'"],
  ['netstat: who talks to the Internet?', 'mig netstat -t all -ci public'],
  ['memory: which processes show a sign of an implant?', 'mig memory -t all -sign all'],
  ['memory: which processes use OpenSSL?', "mig memory -t all -lib 'libcrypto\\.so\\.[0-9.]+$' -matchlimit 10"],
  ['what would that cost? (asks this machine alone)', 'mig memory -t all -sign all -estimate'],
];

/** A `mig` with the settings of the demo. @returns its folder. */
function writeDemoCommand(lab: Lab, env: Readonly<Record<string, string>>): string {
  const folder = lab.path('bin');
  mkdirSync(folder);
  const exports = Object.entries(env).map(([name, value]) => `export ${name}=${quote(value)}\n`);
  const script = `#!/bin/sh\n${exports.join('')}exec ${quote(migCommand)} "$@"\n`;
  writeFileSync(join(folder, 'mig'), script, { mode: 0o755 });
  return folder;
}

async function runDemo(lab: Lab, keep: boolean): Promise<void> {
  say('1. making a throw-away investigator key in a private folder');
  const investigator = await lab.makeInvestigator('demo');
  say('2. starting the relay on its embedded defaults (PGlite, in-process AMQP, TLS, loopback only)');
  await buildTools(Progress.to(process.stdout));
  const relay = await lab.startRelay();
  say(`   API ${relay.address.api}, agents ${relay.address.amqp}`);
  say('3. building the agent: keys, ACL and relay are compiled into one executable');
  const executable = await lab.buildAgent(environmentName, {
    relay: lab.relayConfig(relay.address),
    investigators: {
      demo: toPerson(investigator),
    },
    acl: { default: { minimumWeight: 1, weights: { demo: 1 } } },
    tags: { demo: 'yes' },
    modules: [...moduleNames],
  });
  say(`   ${executable} (${Math.round(statSync(executable).size / 1e6)} MB)`);
  say('4. starting the agent and waiting for its heartbeat');
  await lab.startAgent(executable);
  const env = lab.migEnvironment(relay.address, environmentName, investigator);
  await lab.waitForAgents(1, env);

  const file = pickFile();
  say(`5. investigating: ${file.path} has the SHA-256 ${file.sha256}`);
  const [first, ...others] = toQuestions(file.sha256, new URL(relay.address.api).port);
  if (first !== undefined) {
    const code = await ask(first, env);
    if (code !== 0) throw new Error(`expected the agent to find ${file.path}, got the answer that there is none`);
  }
  say('6. a few more questions');
  for (const question of others) await ask(question, env);
  say('\nwhat the owner of the endpoint sees (mig-agent audit):');
  const audit = await lab.run(executable, ['audit', '--state', lab.path('agent'), '--verify']);
  say(audit.stdout.trimEnd());
  say(audit.stderr.trimEnd());

  if (!keep) {
    say(
      '\nto go on: npm run demo -- --keep leaves all this running for you to ask; README.md says how to build your own.',
    );
    return;
  }
  say(
    `\neverything is running. In another terminal:\n\n  PATH=${quote(writeDemoCommand(lab, env))}:"$PATH"\n  mig help`,
  );
  say(
    `\nthis line is all that the ${furtherQuestions.length} commands below need: that mig has the settings of the demo,`,
  );
  say('and your shell, with your own mig and its settings, stays as it is.');
  for (const [says, command] of furtherQuestions) say(`\n  # ${says}\n  ${command}`);
  say('');
  say('Ctrl-C here stops everything and leaves nothing behind.');
  await new Promise<void>(() => {});
}

async function main(): Promise<number> {
  const { values } = parseOptions({ options: { keep: { type: 'boolean', default: false } } });
  const lab = new Lab({ onProgress: (text) => process.stdout.write(text) });
  let interrupted = false;
  const interruption = new Promise<number>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => {
        interrupted = true;
        resolve(130);
      });
  });
  try {
    return await Promise.race([runDemo(lab, values.keep).then(() => 0), interruption]);
  } catch (error) {
    if (interrupted) return 130;
    reportError(error);
    return 1;
  } finally {
    await lab.close();
    say(interrupted ? '\ninterrupted: everything was stopped and removed' : 'stopped and removed');
  }
}

await runMain(main);
process.exit();
