/** Serves the page of `mig web`, over the code of the other commands. */
import { type ExitCode, exitCodes } from '../cli/exit-codes.ts';
import type { CommandContext } from '../commands/context.ts';
import { openRelay } from '../commands/with-relay.ts';
import { Launches } from './ask/launches.ts';
import { CaseShelf } from './cases/case-shelf.ts';
import { Exports } from './exports.ts';
import { untilIdle } from './idle.ts';
import { readPageFiles } from './page-files.ts';
import { type PageFiles, PageServer } from './page-server.ts';
import { type Person, terminalPerson } from './person.ts';
import { toRoutes } from './routes.ts';
import { linkLifeMs, pairingLifeMs } from './sessions.ts';

/** Without a request for so long, the page is left: the process ends, and with it every session. */
const idleMs = 8 * 3600 * 1000;
const idleCheckMs = 60_000;

/** Serves until ctrl+c, or until nobody has used the page for hours. */
export async function serveWeb(files: PageFiles, person: Person, context: CommandContext): Promise<ExitCode> {
  const { console, signal } = context;
  const opened = openRelay(context, context.settings());
  // Whoever cannot log in is told here, not on a page.
  await opened.relay.listActions({ limit: 1 });
  const exports = new Exports(context);
  const shelf = new CaseShelf(opened, context);
  const launches = new Launches({ context, opened, shelf, person });
  const routes = toRoutes({ context, opened, exports, shelf, launches });
  const refused = new Set<string>();
  const server: PageServer = new PageServer({
    files,
    routes,
    takeDownload: (ticket) => exports.take(ticket),
    onPairing: ({ code }) => {
      const until = AbortSignal.any([signal, AbortSignal.timeout(pairingLifeMs)]);
      void person
        .confirms(`a page shows the code ${code} and asks to be let in.`, until)
        .then((isAdmitted) => server.sessions.decidePairing(code, isAdmitted));
    },
    onStolen: () =>
      console.note(
        `${console.paintNote('bad', 'warning:')} the link was used twice: somebody else has it. All pages are out; end this with ctrl+c and start anew.`,
      ),
    onRefused: (code) => {
      if (refused.has(code)) return;
      refused.add(code);
      console.note(`${console.paintNote('warning', 'note:')} a request that is not of the page was refused: ${code}`);
    },
  });
  const port = await server.listen();
  console.data(`http://127.0.0.1:${port}/#${server.sessions.link}`);
  console.note(
    `open this link in a browser of this machine; it is good once, for ${linkLifeMs / 1000} s. Later pages: http://127.0.0.1:${port}/ and Enter here. Ctrl-C ends it.`,
  );
  try {
    await untilIdle({ lastUsedMs: () => server.lastUsedMs, idleMs, checkMs: idleCheckMs }, signal);
  } finally {
    await server.close();
    exports.close();
  }
  return exitCodes.found;
}

/** The page that this program holds, and the person at its terminal. */
export function servePage(context: CommandContext): Promise<ExitCode> {
  return serveWeb(readPageFiles(), terminalPerson(context.console), context);
}
