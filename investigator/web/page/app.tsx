/** The frame of the page: who is let in, where one is, and the screen that the address names. */
import type { Hello } from '../messages.ts';
import { address, toHash } from './address.ts';
import { isHelpOpen } from './keys.ts';
import { Help } from './parts/help.tsx';
import { Trouble } from './parts/trouble.tsx';
import { useAnswer } from './parts/use-answer.ts';
import { token } from './process.ts';
import { ActionsScreen } from './screens/actions.tsx';
import { AskScreen } from './screens/ask.tsx';
import { CaseScreen } from './screens/case.tsx';
import { Entrance } from './screens/entrance.tsx';

function Screen() {
  const { path, values } = address.value;
  const [root, id, screen = 'follow'] = path;
  if (root === 'a' && id !== undefined) return <CaseScreen key={id} id={id} screen={screen} values={values} />;
  if (root === 'ask') return <AskScreen />;
  return <ActionsScreen />;
}

function Frame() {
  const hello = useAnswer<Hello>('/api/hello', {});
  const { path } = address.value;
  return (
    <>
      <header class="frame">
        <button type="button" class="skip" onClick={() => document.getElementById('main')?.focus()}>
          to the content
        </button>
        <strong>mig</strong>
        <nav aria-label="screens">
          <a href={toHash(['actions'])} aria-current={path[0] === 'a' || path[0] === 'ask' ? undefined : 'page'}>
            Actions
          </a>
          <a href={toHash(['ask'])} aria-current={path[0] === 'ask' ? 'page' : undefined}>
            Ask
          </a>
        </nav>
        <span class="where">
          {hello.kind === 'answer' ? `${hello.value.fleet ?? 'no environment'} at ${hello.value.server}` : ''}
        </span>
        <button type="button" onClick={() => (isHelpOpen.value = true)}>
          Keys <kbd>?</kbd>
        </button>
      </header>
      <main id="main" tabIndex={-1}>
        {hello.kind === 'failed' ? <Trouble error={hello.error} /> : <Screen />}
      </main>
      <Help />
    </>
  );
}

export function App() {
  return token.value === null ? <Entrance /> : <Frame />;
}
