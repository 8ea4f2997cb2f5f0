/** What starts by itself: at boot, at a login, at a time, or for an event. */
import { defineListing } from '../kit/listing/define-listing.ts';
import { choice, number, path, text, time } from '../kit/listing/kinds.ts';
import { paths, words } from '../kit/listing/lists.ts';
import { kinds, ownednesses, states, triggers } from './entry.ts';

export const module = defineListing({
  name: 'startup',
  summary: 'What starts by itself here?',
  platforms: ['linux'],
  needs: ['files'],
  things: 'entries',
  columns: {
    kind: { kind: choice(kinds), help: 'What makes it start.', discloses: 'names', line: 'head' },
    name: { kind: text, help: 'Name of the unit, job or file.', discloses: 'names', line: 'head', example: '^ssh' },
    state: {
      kind: words(states),
      help: 'What systemctl calls the unit, or what is there now; running: a process of it runs; stray: it runs and would not start again by itself; idle: it is enabled, and nothing of it runs; stale: it was changed since systemd read it; missing: what it starts is not there; writable: everybody may write its file, or what it starts.',
      example: 'enabled',
    },
    trigger: { kind: choice(triggers), help: 'What it waits for.' },
    schedule: { kind: text, help: 'When it starts, as it is written.', example: '@reboot' },
    user: { kind: text, help: 'Account as which it runs.', example: '^root$' },
    command: { kind: text, help: 'What it runs, without its secrets.', example: '/tmp/' },
    target: { kind: path, help: 'Program or file that is run.', example: '^/(tmp|home|dev/shm)/' },
    mode: { kind: text, help: 'Permissions of the target.', example: '^[4-7]' },
    sha256: { kind: text, help: 'SHA-256 of the target; told when it is asked for.', example: '^e3b0c44298fc' },
    changed: { kind: time, help: 'When the file or the target was changed, whichever was later.' },
    owned: {
      kind: choice(ownednesses),
      help: 'Whether packages brought its file and its target: none: one of them is of no package; altered: not as its package brought it. Told, as the three below, when one of them is asked for.',
      example: 'none',
    },
    package: { kind: text, help: 'Package of the file.', example: '^cron$' },
    targetpackage: { kind: text, help: 'Package of the target.', example: '^bash$' },
    script: { kind: text, help: 'Script of a package that is known to make such a file.', example: '!.' },
    override: { kind: paths, help: 'Files that change it.', example: '\\.d/' },
    path: { kind: path, help: 'File that makes it start.', discloses: 'names', example: '^/etc/systemd/' },
    line: { kind: number, help: 'Line of that file.', example: '<10' },
  },
  key: ['kind', 'name', 'path', 'command'],
  examples: [
    {
      command: 'mig startup -t all -owned none',
      says: 'finds what starts and was brought by no package; the script is named that is known to make such a file.',
    },
    {
      command: "mig startup -t all -target '^/(tmp|home|dev/shm|var/tmp)/'",
      says: 'finds what starts from places where anybody may write.',
    },
    { command: "mig startup -t all -changed '<7d'", says: 'finds what was changed in the last seven days.' },
    { command: 'mig startup -t all -state missing', says: 'finds what starts a program that is not there.' },
    {
      command: 'mig startup -t all -kind timer -kind cron -kind at -stack name',
      says: 'counts the machines that have each timer, the rarest first.',
    },
  ],
});
