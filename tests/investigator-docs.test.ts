/**
 * Runs the commands of docs/investigator.md on a laboratory platform, and compares their output with the page's
 * transcripts. UPDATE=1 writes them anew; look at the difference.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { exitCodeMeanings } from '../investigator/cli/exit-codes.ts';
import { settingTable } from '../investigator/cli/settings.ts';
import type { RunningProgram } from '../tools/lab/child.ts';
import { toPerson } from '../tools/lab/investigator-key.ts';
import { Lab, migCommand, projectRoot } from '../tools/lab/lab.ts';

const page = join(projectRoot, 'docs', 'investigator.md');
const fleet = 'production';
/** A transcript. A comment before it, not shown in the page, says what happens meanwhile. */
const block = /(?:^<!-- meanwhile: (.*) -->\n)?^```console\n([\s\S]*?)^```$/gm;
/** Where a transcript has the investigator press Ctrl-C. */
const interruption = '^C';
/** How far it is, and whom it waits for on a machine that is slow. */
const progressLine = /^(?:\d+ \/ \d+ done|waiting for ).*\n/gm;

const question = `{
  "syntaxversion": 2,
  "name": "Web shells of last night",
  "target": "queueloc like 'linux.%'",
  "threat": { "level": "alert", "family": "webshell" },
  "operations": [
    { "module": "file", "parameters": { "searches": {
      "shells": { "paths": ["/srv/www"], "names": ["\\\\.php$"], "regexes": ["eval\\\\("],
        "options": { "matchall": true } }
    } } }
  ]
}
`;
const wrong = question.replace('"regexes"', '"contnets"').replace('"threat"', '"thread"');
const shell = '<?php eval(base64_decode($_POST["x"])); ?>\n';

/** An intruder's program: it runs from an unusual place, listens, and has a text in memory that no file has. */
const beacon = `
const text = ['beacon', 'to', '192.0.2.66'].join(' ');
require('node:net').createServer().listen(0, '127.0.0.1', function () {
  console.log('listening on ' + this.address().port);
});
setInterval(() => text, 1000);
`;

/** Aligns a table again, after the length of its cells changed. */
function alignTable(table: string): string {
  const rows = table
    .trimEnd()
    .split('\n')
    .map((line) => line.split(/ {2,}/));
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return `${lines.join('\n')}\n`;
}

/** The name of this machine's operating system, as agents tell it. */
const ownSystem = /^PRETTY_NAME="?(.*?)"?$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'Linux';
const shortIdCharacters = 12;

/** Replaces values that differ between runs by fixed ones. */
function toStable(text: string, lab: Lab, port: string): string {
  const digits = new Map<string, string>();
  const nameId = (found: string): string => {
    // Agents are also named by the beginning of their ids.
    const beginning = found.slice(0, shortIdCharacters);
    const digit = digits.get(beginning) ?? String(digits.size + 1);
    digits.set(beginning, digit);
    return digit.repeat(found.length).slice(0, found.length);
  };
  return (
    text
      .replaceAll(lab.folder, '/srv')
      // CSV has CRLF at the ends of lines (RFC 4180).
      .replaceAll('\r', '')
      .replaceAll(/"[A-Za-z0-9+/]{43}="/g, '"…"')
      .replaceAll(new RegExp(`\\b${hostname()}\\b`, 'g'), 'web1.example.org')
      .replaceAll(ownSystem, 'Debian GNU/Linux 12 (bookworm)')
      .replaceAll(/\b(?:[0-9a-f]{64}|[0-9a-f]{32}|[0-9A-F]{40}|[0-9a-f]{12})\b/g, nameId)
      .replaceAll(port, '4444')
      .replaceAll(/127\.0\.0\.1:(?!4444)\d+/g, 'mig.example.org')
      .replaceAll(/\b\d+(?= updated )/g, '7171')
      .replaceAll(/ppid:\d+/g, 'ppid:1')
      .replaceAll(/ capabilities:[a-z_ ]+,/g, '')
      .replaceAll(userInfo().username, 'root')
      .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?/g, '2026-01-31 07:00:00')
      .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, '2026-01-31T07:00:00Z')
      .replaceAll(/^id {2}.*\n(?:(?:[0-9a-f]{12}|[0-9a-f]{32}) .*\n)+/gm, alignTable)
      .replaceAll(/^(?:hosts|agentname) {2}.*\n(?:\S+ {2}.*\n)+/gm, alignTable)
      .replaceAll(/"inode":"\d+"/g, '"inode":"131074"')
      .replaceAll(/(?<=07:00:00",)\d+(?=,1,)/g, '131074')
      .replaceAll(/took .* at most\)/g, 'took 0.03 s here (0.02 s of CPU, 1 MiB at most)')
      .replaceAll(/"(cpums|wallms|peakbytes)":[\d.]+/g, '"$1":7')
      .replaceAll(/done in [\d.]+s/g, 'done in 0.082s')
      .replaceAll(progressLine, '')
      .replaceAll(/\b[01] sent, 0 done, 0 succeeded(?:, 1 queued)?/g, '1 sent, 0 done, 0 succeeded')
      .replaceAll(/version \d+\.\d+\.\d+[^\s,]*/g, 'version 0.1.0')
      .replaceAll(/\d+ s from the server's/g, "0 s from the server's")
  );
}

describe('docs/investigator.md', () => {
  let lab: Lab;
  let env: Record<string, string>;
  /** The port that stands as 4444 in the page. */
  let port: string;
  let executable: string;
  let agent: RunningProgram;

  before(async () => {
    lab = new Lab();
    const alice = await lab.makeInvestigator('alice');
    const bob = await lab.makeInvestigator('bob');
    const { address } = await lab.startRelay();
    executable = await lab.buildAgent(fleet, {
      relay: lab.relayConfig(address),
      investigators: { alice: toPerson(alice), bob: toPerson(bob) },
      acl: { default: { minimumWeight: 1, weights: { alice: 1, bob: 1 } } },
      modules: ['file', 'memory', 'netstat', 'process'],
      tags: { team: 'web' },
    });
    agent = await lab.startAgent(executable);
    env = { ...lab.migEnvironment(address, fleet, alice), HOME: lab.folder, MIG_KEYS: lab.keysFolder };
    await lab.waitForAgents(1, env);
    mkdirSync(lab.path('www'));
    writeFileSync(lab.path('www', 'index.php'), '<?php phpinfo(); ?>\n', { mode: 0o644 });
    writeFileSync(lab.path('www', 'shell.php'), shell, { mode: 0o644 });
    writeFileSync(lab.path('question.json'), question.replaceAll('/srv', lab.folder));
    writeFileSync(lab.path('wrong.json'), wrong.replaceAll('/srv', lab.folder));
    mkdirSync(lab.path('tmp'));
    copyFileSync(process.execPath, lab.path('tmp', 'updated'), constants.COPYFILE_FICLONE);
    writeFileSync(lab.path('tmp', 'beacon.js'), beacon);
    const intruder = lab.start('the intruder', lab.path('tmp', 'updated'), [lab.path('tmp', 'beacon.js')]);
    const listening = await intruder.waitForLine((line) => line.startsWith('listening on '));
    port = listening.slice('listening on '.length);
    mkdirSync(lab.path('config', 'mig'), { recursive: true });
    const targets = { webservers: "tags->>'team' = 'web'" };
    writeFileSync(lab.path('config', 'mig', 'config.json'), JSON.stringify({ targets }));
    // An environment with two required signers.
    const config = JSON.parse((await lab.run(executable, ['config'])).stdout);
    const acl = { file: { minimumWeight: 2, weights: { alice: 1, bob: 1 } } };
    writeFileSync(lab.path('agent-config.json'), JSON.stringify({ ...config, acl }));
  });
  after(() => lab?.close());

  const meanwhile: Readonly<Record<string, () => Promise<void>>> = {
    'the agent goes offline': () => agent.stop(),
    'the agent comes back': async () => {
      agent = await lab.startAgent(executable);
    },
    'another machine takes the name': async () => {
      await agent.stop();
      agent = await lab.startAgent(executable, 'another-machine');
      await lab.waitForAgents(2, env, 'all');
    },
  };

  /** @param pressAfter how many lines there are when Ctrl-C is pressed; those of the progress do not count. */
  async function run(command: string, pressAfter: number | undefined): Promise<string> {
    const here = command.replaceAll('/srv', lab.folder).replaceAll('4444', port);
    const script = pressAfter === undefined ? `( ${here} ) 2>&1` : `exec 2>&1; exec ${here}`;
    const path = `${dirname(migCommand)}:${process.env.PATH}`;
    const child = spawn('sh', ['-c', script], { env: { ...env, PATH: path }, stdio: ['ignore', 'pipe', 'ignore'] });
    let printed = '';
    let isPressed = pressAfter === undefined;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      if (isPressed || printed.replaceAll(progressLine, '').split('\n').length <= (pressAfter ?? 0)) return;
      isPressed = true;
      printed += `${interruption}\n`;
      child.kill('SIGINT');
    });
    await once(child, 'close');
    return printed;
  }

  test('names every exit code and every setting', () => {
    const text = readFileSync(page, 'utf8');
    for (const [code, meaning] of Object.entries(exitCodeMeanings))
      assert.ok(text.includes(`| ${code} | ${meaning} |`), code);
    for (const [name, { variable }] of Object.entries(settingTable))
      assert.ok(text.includes(`| \`${variable}\` | \`${name}\` |`), name);
  });

  test('shows what the commands print', async () => {
    let text = readFileSync(page, 'utf8');
    const blocks = [...text.matchAll(block)];
    assert.ok(blocks.length >= 5, 'the page has transcripts');
    for (const [, happening, before = ''] of blocks) {
      if (happening !== undefined) await (meanwhile[happening] ?? assert.fail(happening))();
      let now = '';
      for (const entry of before.split(/^(?=\$ )/m)) {
        const [command = '', ...printed] = entry.split('\n');
        const pressed = printed.indexOf(interruption);
        now += `${command}\n${await run(command.slice(2), pressed === -1 ? undefined : pressed)}`;
      }
      const stable = toStable(now, lab, port);
      if (process.env.UPDATE === '1') text = text.replace(before, () => stable);
      else assert.equal(before, stable);
    }
    if (process.env.UPDATE === '1') writeFileSync(page, text);
  });
});
