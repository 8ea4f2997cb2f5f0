/**
 * The transcripts in docs/investigator.md are what the commands in them print: each block runs against a laboratory
 * platform and is compared. UPDATE=1 writes them anew; look at the difference.
 */
import assert from 'node:assert/strict';
import { constants, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { exitCodeMeanings } from '../investigator/exit-codes.ts';
import { settingTable } from '../investigator/settings.ts';
import { runProgram } from '../tools/lab/child.ts';
import { Lab, migCommand, projectRoot } from '../tools/lab/lab.ts';

const page = join(projectRoot, 'docs', 'investigator.md');
const fleet = 'production';
const block = /^```console\n([\s\S]*?)^```$/gm;

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

/** An intruder's program: it runs from where programs do not belong, listens, and holds a text that no file holds. */
const beacon = `
const text = ['beacon', 'to', '192.0.2.66'].join(' ');
require('node:net').createServer().listen(0, '127.0.0.1', function () {
  console.log('listening on ' + this.address().port);
});
setInterval(() => text, 1000);
`;

/** A table again, after what stood in its cells became shorter or longer. */
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

/** What differs from run to run, in words that do not. */
function toStable(text: string, lab: Lab, port: string): string {
  const ids = new Map<string, string>();
  const nameIds = (found: string): string => {
    const known =
      ids.get(found) ??
      `${String(ids.size + 1)
        .repeat(found.length)
        .slice(0, found.length)}`;
    ids.set(found, known);
    return known;
  };
  return (
    text
      .replaceAll(lab.folder, '/srv')
      // CSV ends its lines so (RFC 4180).
      .replaceAll('\r', '')
      .replaceAll(hostname(), 'web1.example.org')
      .replaceAll(/\b(?:[0-9a-f]{64}|[0-9a-f]{32}|[0-9A-F]{40})\b/g, nameIds)
      .replaceAll(port, '4444')
      .replaceAll(/127\.0\.0\.1:(?!4444)\d+/g, 'mig.example.org')
      .replaceAll(/\b\d+(?= updated )/g, '7171')
      .replaceAll(/ppid:\d+/g, 'ppid:1')
      .replaceAll(/ capabilities:[a-z_ ]+,/g, '')
      .replaceAll(userInfo().username, 'root')
      .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)? \+0000/g, '2026-01-31 07:00:00 +0000')
      .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, '2026-01-31T07:00:00Z')
      .replaceAll(/"[A-Za-z0-9+/]{43}="/g, '"…"')
      .replaceAll(/^id {2}.*\n(?:[0-9a-f]{32} .*\n)+/gm, alignTable)
      .replaceAll(/took .* at most\)/g, 'took 0.03 s here (0.02 s of CPU, 1 MiB at most)')
      .replaceAll(/done in [\d.]+s/g, 'done in 0.082s')
      .replaceAll(/^\d+ \/ \d+ done.*\n/gm, '')
      .replaceAll(/version \d+\.\d+\.\d+\S*/g, 'version 0.1.0')
      .replaceAll(/\d+ s from the server's/g, "0 s from the server's")
  );
}

describe('docs/investigator.md', () => {
  let lab: Lab;
  let env: Record<string, string>;
  /** The port that stands as 4444 in the page. */
  let port: string;

  before(async () => {
    lab = new Lab();
    const alice = await lab.makeInvestigator('alice');
    const bob = await lab.makeInvestigator('bob');
    const { address } = await lab.startRelay();
    const person = (who: typeof alice) => ({ keys: [{ file: who.publicKeyFile, fingerprint: who.fingerprint }] });
    const executable = await lab.buildAgent(fleet, {
      relay: lab.relayConfig(address),
      investigators: { alice: person(alice), bob: person(bob) },
      acl: { default: { minimumWeight: 1, weights: { alice: 1, bob: 1 } } },
      modules: ['file', 'memory', 'netstat', 'process'],
      tags: { team: 'web' },
    });
    await lab.startAgent(executable);
    env = { ...lab.migEnvironment(address, fleet, alice), HOME: lab.folder };
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
    // An environment in which two must agree.
    const config = JSON.parse((await lab.run(executable, ['config'])).stdout);
    const acl = { file: { minimumWeight: 2, weights: { alice: 1, bob: 1 } } };
    writeFileSync(lab.path('agent-config.json'), JSON.stringify({ ...config, acl }));
  });
  after(() => lab?.close());

  async function run(command: string): Promise<string> {
    const script = `( ${command.replaceAll('/srv', lab.folder).replaceAll('4444', port)} ) 2>&1`;
    const path = `${dirname(migCommand)}:${process.env.PATH}`;
    return (await runProgram('sh', ['-c', script], { env: { ...env, PATH: path } })).stdout;
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
    const blocks = [...text.matchAll(block)].map((match) => match[1] ?? '');
    assert.ok(blocks.length >= 5, 'the page has transcripts');
    for (const before of blocks) {
      const commands = before.split('\n').filter((line) => line.startsWith('$ '));
      let now = '';
      for (const command of commands) now += `${command}\n${await run(command.slice(2))}`;
      const stable = toStable(now, lab, port);
      if (process.env.UPDATE === '1') text = text.replace(before, () => stable);
      else assert.equal(before, stable);
    }
    if (process.env.UPDATE === '1') writeFileSync(page, text);
  });
});
