/** Containers that Docker starts again by itself. Its socket is not asked. */
import { join } from 'node:path';
import * as z from 'zod';
import type { Host } from '../../kit/files/host.ts';
import { toText } from '../../kit/files/latin1-text.ts';
import type { StartupEntry } from '../entry.ts';
import { readListedEntries } from './config-files.ts';

const kind = 'container';
const folder = '/var/lib/docker/containers';

const Container = z.object({ Name: z.string(), Path: z.string().optional(), Args: z.array(z.string()).nullish() });
const HostSettings = z.object({ RestartPolicy: z.object({ Name: z.string() }) });

/** Nothing for what is no such file. The file is in UTF-8, and its text in Latin-1. */
function* parse<Parsed>(schema: z.ZodType<Parsed>, latin1: string): Generator<Parsed> {
  try {
    const parsed = schema.safeParse(JSON.parse(latin1));
    if (parsed.success) yield parsed.data;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
}

export function* listContainers(host: Host): Generator<StartupEntry> {
  const names = host.list(kind, folder).filter((name) => /^[0-9a-f]{64}$/.test(name));
  if (names.length > 0) host.report(kind, folder, names.length);
  for (const name of names) {
    const path = join(folder, name, 'config.v2.json');
    const settings = join(folder, name, 'hostconfig.json');
    const [container] = readListedEntries(host, kind, path, (text) => parse(Container, text));
    const [own] = readListedEntries(host, kind, settings, (text) => parse(HostSettings, text));
    const policy = own?.RestartPolicy.Name;
    if (container === undefined) continue;
    yield {
      kind,
      name: toText(container.Name.replace(/^\//, '')),
      path,
      states: [
        policy === undefined ? 'bad' : /^(?:always|unless-stopped|on-failure)$/.test(policy) ? 'enabled' : 'disabled',
      ],
      trigger: 'boot',
      ...(policy === undefined ? {} : { schedule: policy }),
      command: [container.Path ?? '', ...(container.Args ?? [])].join(' ').trim(),
    };
  }
}
