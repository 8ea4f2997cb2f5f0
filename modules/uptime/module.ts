/** Since when a machine runs, and how busy it is. */
import { defineListing } from '../kit/listing/define-listing.ts';
import { age, number, text, time } from '../kit/listing/kinds.ts';

export const module = defineListing({
  name: 'uptime',
  summary: 'Since when does this machine run, on which kernel, and how busy is it?',
  platforms: ['linux', 'darwin', 'win32'],
  needs: [],
  things: 'machines',
  columns: {
    kernel: {
      kind: text,
      help: 'System and release of the kernel.',
      discloses: 'names',
      line: 'head',
      example: '^Linux 5',
    },
    uptime: { kind: age, help: 'How long it has been running.', example: '>90d' },
    boot: { kind: time, help: 'When it was started.', example: '2026-01-31' },
    load: { kind: number, help: 'Programs that run or wait to, on average of the last minute.' },
    longload: { kind: number, help: 'The same of the last 15 minutes.' },
    cpu: { kind: number, help: 'Number of processors.' },
  },
  key: ['kernel'],
  examples: [
    { command: "mig uptime -t all -uptime '>90d'", says: 'finds machines that run a kernel of three months ago.' },
    { command: "mig uptime -t all -boot '<1h' -sort -boot", says: 'finds machines that started within the last hour.' },
    { command: 'mig uptime -t all -stack kernel', says: 'counts the kernels that run, the rarest first.' },
  ],
  trial: {
    linux: { given: {}, finds: 'Linux' },
    darwin: { given: {}, finds: 'Darwin' },
    win32: { given: {}, finds: 'Windows' },
  },
});
