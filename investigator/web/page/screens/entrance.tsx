/** Before anything else: the link's secret is used at once and leaves the address, or the person lets the page in. */
import { useEffect, useState } from 'preact/hooks';
import { Trouble } from '../parts/trouble.tsx';
import { ask, keepToken } from '../process.ts';

interface Admitted {
  readonly kind: 'token' | 'waiting';
  readonly token?: string;
}

interface Pairing {
  readonly id: string;
  readonly code: string;
}

const pollMs = 1000;

/** The secret behind `#`, out of the address and the history. */
function takeSecret(): string | undefined {
  const secret = /^#([\w-]{43})$/.exec(location.hash)?.[1];
  if (secret !== undefined) history.replaceState(null, '', '#/');
  return secret;
}

export function Entrance() {
  const [code, setCode] = useState('');
  const [error, setError] = useState<unknown>();
  useEffect(() => {
    const gone = new AbortController();
    const enter = ({ token }: Admitted): void => {
      if (token !== undefined && !gone.signal.aborted) keepToken(token);
    };
    const pair = async (): Promise<void> => {
      const pairing = await ask<Pairing>('/session/ask', {});
      setCode(pairing.code);
      while (!gone.signal.aborted) {
        await new Promise((resolve) => setTimeout(resolve, pollMs));
        const admitted = await ask<Admitted>('/session/take', { id: pairing.id });
        if (admitted.kind === 'token') return enter(admitted);
      }
    };
    const secret = takeSecret();
    const entering = secret === undefined ? pair() : ask<Admitted>('/session/link', { secret }).then(enter);
    entering.catch(setError);
    return () => gone.abort();
  }, []);
  return (
    <main class="entrance">
      <h1>mig</h1>
      {error === undefined ? null : (
        <>
          <Trouble error={error} />
          <p>
            <button type="button" onClick={() => location.reload()}>
              Ask again
            </button>
          </p>
        </>
      )}
      {error === undefined && code !== '' ? (
        <p>
          The terminal with <code>mig web</code> shows a code. If it is <strong class="code">{code}</strong>, press
          Enter there.
        </p>
      ) : null}
    </main>
  );
}
