/** The last moment to think again: the process counts down, and nothing is signed before it is over. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Draft, LaunchEvent } from '../../messages.ts';
import { go } from '../address.ts';
import { ask, listen } from '../process.ts';
import { Trouble } from './trouble.tsx';

type State =
  | { readonly kind: 'drafting' }
  | { readonly kind: 'drafted'; readonly draft: Draft }
  | { readonly kind: 'launching'; readonly draft: Draft; readonly event: LaunchEvent | undefined }
  | { readonly kind: 'failed'; readonly error: unknown };

function sayEvent(event: LaunchEvent | undefined): string {
  switch (event?.kind) {
    case 'asks-person':
      return 'It asks for content or memory: press Enter in the terminal.';
    case 'denied':
      return 'Denied in the terminal. Nothing was sent.';
    case 'countdown':
      return `Launching in ${event.left}`;
    case 'launched':
      return 'Launched.';
    default:
      return '';
  }
}

export function LaunchDialog({ line, onClose }: { readonly line: string; readonly onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const stopping = useRef(new AbortController());
  const [state, setState] = useState<State>({ kind: 'drafting' });
  useEffect(() => {
    dialog.current?.showModal();
    ask<Draft>('/api/draft', { line }).then(
      (draft) => setState({ kind: 'drafted', draft }),
      (error: unknown) => setState({ kind: 'failed', error }),
    );
    const stop = stopping.current;
    return () => stop.abort();
  }, []);
  const launch = async (draft: Draft): Promise<void> => {
    setState({ kind: 'launching', draft, event: undefined });
    try {
      for await (const event of listen<LaunchEvent>('/api/launch', { nonce: draft.nonce }, stopping.current.signal)) {
        setState({ kind: 'launching', draft, event });
        if (event.kind === 'launched') go(['a', event.id, 'follow']);
      }
    } catch (error) {
      if (!stopping.current.signal.aborted) setState({ kind: 'failed', error });
    }
  };
  return (
    <dialog ref={dialog} class="launch" aria-labelledby="launch-title" onClose={onClose}>
      <h2 id="launch-title">Launch</h2>
      {state.kind === 'drafting' ? <p class="quiet">counting agents …</p> : null}
      {state.kind === 'failed' ? <Trouble error={state.error} /> : null}
      {state.kind === 'drafted' || state.kind === 'launching' ? <p class="sentence">{state.draft.sentence}</p> : null}
      {state.kind === 'launching' ? (
        <p class="countdown" role="status">
          {sayEvent(state.event)}
        </p>
      ) : null}
      <p class="tools">
        {state.kind === 'drafted' ? (
          <button class="main" type="button" onClick={() => void launch(state.draft)}>
            Launch
          </button>
        ) : null}
        <button type="button" onClick={() => dialog.current?.close()}>
          {state.kind === 'launching' ? 'Stop' : 'Close'} <kbd>Esc</kbd>
        </button>
      </p>
    </dialog>
  );
}
