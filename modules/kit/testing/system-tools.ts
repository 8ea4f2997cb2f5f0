/** The system's own tools, asked about a test's tables in a mount namespace of its own: they read only below /etc. */
import { spawnSync } from 'node:child_process';
import type { TestHost } from './host.ts';

const tables = ['passwd', 'group', 'shadow', 'gshadow', 'nsswitch.conf'].map((name) => `/etc/${name}`);

/** Why the tools cannot be asked here; null when they can. */
export function whyNoTools(...tools: readonly string[]): string | null {
  const missing = tools.filter((tool) => spawnSync('sh', ['-c', `command -v ${tool}`]).status !== 0);
  const reason =
    missing.length > 0
      ? `${missing.join(', ')} not installed`
      : spawnSync('unshare', ['--mount', 'true']).status === 0
        ? null
        : 'mount namespaces are not to be had';
  if (reason !== null) process.stderr.write(`SKIPPED: ${reason}, answers were NOT compared with the system's tools\n`);
  return reason;
}

/** The lines that a shell command prints where the host's tables are those of the test. */
export function linesOfTools(host: TestHost, command: string): string[] {
  const mounts = tables.map((path) => `test ! -e '${host.at(path)}' || mount --bind '${host.at(path)}' ${path}`);
  const script = [...mounts, command].join(' && ');
  const { status, stdout, stderr } = spawnSync('unshare', ['--mount', 'sh', '-c', script], {
    encoding: 'latin1',
    maxBuffer: 64 * 2 ** 20,
  });
  if (status === null) throw new Error(stderr);
  return stdout.split('\n').filter((line) => line !== '');
}
