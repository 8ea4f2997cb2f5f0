/** The entries of one mechanism on a host made for a test. */
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import type { SkipReason } from '../../../protocol/result/result.ts';
import { Host } from '../../kit/files/host.ts';
import { Gate } from '../../kit/gate.ts';
import { makeHost, type TestHost } from '../../kit/testing/host.ts';
import type { StartupEntry } from '../entry.ts';

type Mechanism = (host: Host) => Generator<StartupEntry>;

/** A file with the right to be executed. */
export const program = (content = '#!/bin/sh\n') => ({ mode: 0o755, content });
/** A file with any mode. */
type TestFile = string | Buffer | { readonly mode: number; readonly content: string } | { readonly link: string };

/** Links lead to what is written in them. */
export function makeStartupHost(files: Readonly<Record<string, TestFile>>): TestHost {
  const host = makeHost({});
  for (const [path, file] of Object.entries(files))
    if (typeof file === 'string' || Buffer.isBuffer(file)) host.write(path, file);
    else if ('link' in file) {
      mkdirSync(dirname(host.at(path)), { recursive: true });
      symlinkSync(file.link, host.at(path));
    } else {
      host.write(path, file.content);
      chmodSync(host.at(path), file.mode);
    }
  return host;
}

interface Listed {
  readonly entries: readonly StartupEntry[];
  readonly skipped: readonly SkipReason[];
  readonly notes: readonly string[];
}

export function listBelow(root: string, list: Mechanism): Listed {
  const [skipped, notes]: [SkipReason[], string[]] = [[], []];
  const findings = {
    skip: (reason: SkipReason) => void skipped.push(reason),
    source: () => {},
    noteNaming: (note: string) => void notes.push(note),
  };
  const entries = [...list(new Host(root, { gate: new Gate(undefined), findings }))];
  return { entries, skipped, notes };
}

export function entriesOf(list: Mechanism, files: Readonly<Record<string, TestFile>>): readonly StartupEntry[] {
  return listBelow(makeStartupHost(files).root, list).entries;
}

/** A line for each: `cron job /etc/crontab:2 enabled timer @daily root $ x → /bin/x`. */
export function briefOf(entries: readonly StartupEntry[]): string[] {
  return entries.map(({ kind, name, path, line, states, trigger, schedule, user, command, target }) => {
    const place = line === undefined ? path : `${path}:${line}`;
    const runs = [...(command === undefined ? [] : ['$', command]), ...(target === undefined ? [] : ['→', target])];
    return [kind, name, place, (states ?? []).join('+'), trigger, schedule, user, ...runs]
      .filter((part) => part !== undefined)
      .join(' ');
  });
}
