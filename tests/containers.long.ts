/**
 * Part of `npm run test:images`: builds the image of the relay and the example for an agent with podman, and runs them. The
 * Dockerfiles are those that are shipped, with images from this machine in the place of those of a registry.
 */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { eventually } from '../tools/lab/eventually.ts';
import { toPerson } from '../tools/lab/investigator-key.ts';
import { Lab, projectRoot } from '../tools/lab/lab.ts';
import { buildImage, importDebian, mustPodman, podman, runContainer, whyNoContainers } from './podman.ts';

const reason = whyNoContainers();
if (reason !== null) process.stderr.write(`SKIPPED: ${reason}; NO image was built\n`);

const prefix = `mig-test-${process.pid}`;
const debian = `localhost/${prefix}-debian:latest`;
const secret = 'a-secret-of-the-operator';

/** A shipped Dockerfile whose bases are ours. */
function withOwnBases(file: string): string {
  return readFileSync(join(projectRoot, file), 'utf8').replaceAll(/^FROM \S+/gm, `FROM ${debian}`);
}

describe('containers', { skip: reason !== null }, () => {
  let lab: Lab;
  before(async () => {
    lab = new Lab();
    await importDebian(debian);
  });
  after(async () => {
    const images = await mustPodman('images', '--quiet', '--filter', `reference=localhost/${prefix}*`);
    if (images !== '') await podman('rmi', '--force', ...images.split('\n'));
    await lab?.close();
  });

  test('the image of the relay has no sources, no keys and no settings, and starts without any', async () => {
    // A checkout as an operator has it, with secrets beside the sources.
    const context = lab.path('checkout');
    for (const name of [
      'builder',
      'host',
      'investigator',
      'modules',
      'native',
      'packaging',
      'protocol',
      'server',
      'tools',
    ])
      cpSync(join(projectRoot, name), join(context, name), { recursive: true });
    for (const name of ['package.json', 'package-lock.json', 'tsconfig.json', '.dockerignore'])
      cpSync(join(projectRoot, name), join(context, name));
    const secrets = ['.env', 'build.config.ts', 'keys/alice.asc', 'packaging/server/.env', 'server/.env'];
    for (const name of [...secrets, 'packaging/server/tls/relay/server.key', 'dist/production/mig-agent-linux-x64']) {
      mkdirSync(dirname(join(context, name)), { recursive: true });
      writeFileSync(join(context, name), secret);
    }
    const dockerfile = lab.path('Dockerfile');
    // Without a network nothing is installed: the dependencies are those of this checkout.
    const text = withOwnBases('packaging/server/Dockerfile').replace(
      'RUN npm run build\n',
      'RUN ! grep -rl a-secret-of-the-operator . && node_modules/.bin/node tools/run.mjs builder/main.ts tools\n',
    );
    writeFileSync(dockerfile, text);
    const volumes = ['node_modules', '.cache'].flatMap((name) => [
      '-v',
      `${join(projectRoot, name)}:/opt/mig/${name}:O`,
    ]);
    const image = `localhost/${prefix}-relay:latest`;
    await buildImage(...volumes, '-f', dockerfile, '-t', image, context);

    const { stdout: files } = await runContainer(
      'none',
      '--rm',
      image,
      'find',
      '/opt/mig',
      '-name',
      '*.ts',
      '-not',
      '-name',
      '*.d.ts',
    );
    assert.equal(files, '');
    const sizeBytes = Number(await mustPodman('image', 'inspect', '--format', '{{.Size}}', image));
    assert.ok(sizeBytes < 450e6, `${sizeBytes} bytes`);

    const { stdout: id, stderr } = await runContainer('none', '-d', image);
    assert.notEqual(id, '', stderr);
    try {
      let logged = '';
      await eventually(
        async () => {
          const { stdout, stderr } = await podman('logs', id.trim());
          logged = `${stdout}${stderr}`;
          return stdout.includes('"event":"ready"');
        },
        60_000,
        () => `the relay to get ready: ${logged}`,
      );
      assert.match(logged, /"database":"embedded".*"investigators":0/);
      assert.match(logged, /nobody can log in: there is no key in \/etc\/mig-server\/keys/);
      const ask =
        'fetch("https://localhost:8443/api/v1/ready").then(async (r) => console.log(r.status, await r.text()))';
      const answer = await mustPodman(
        ...['exec', '--env', 'NODE_EXTRA_CA_CERTS=/var/lib/mig-server/ca.pem', id.trim()],
        ...['/opt/mig/node_modules/.bin/node', '-e', ask],
      );
      assert.equal(answer, '200 {"database":true,"broker":true}');
    } finally {
      await podman('rm', '--force', '--volumes', id.trim());
    }
  });

  test('the example for an agent builds from the folder of the packages, and the agent runs in it', async () => {
    const alice = await lab.makeInvestigator('alice');
    const environment = {
      relay: { url: 'amqp://mig-agent:secret-of-agents@127.0.0.1:1/mig' },
      investigators: { alice: toPerson(alice) },
      acl: { default: { minimumWeight: 1, weights: { alice: 1 } } },
      modules: ['file'],
    };
    const packages = dirname(await lab.buildAgent('production', environment, { packages: true }));
    const dockerfile = lab.path('Dockerfile.agent');
    writeFileSync(dockerfile, withOwnBases('packaging/examples/Dockerfile'));
    const image = `localhost/${prefix}-agent:latest`;
    await buildImage('-f', dockerfile, '-t', image, packages);
    const { stdout, stderr } = await runContainer('none', '--rm', image, '/usr/sbin/mig-agent-production', '--version');
    assert.match(stdout, /^mig-agent .* production config /, stderr);
  });
});
