/** An error in words, with what to do. */
import { ProcessError } from '../process.ts';

export function Trouble({ error }: { readonly error: unknown }) {
  const message = error instanceof Error ? error.message : String(error);
  const hint = error instanceof ProcessError ? error.hint : null;
  return (
    <div class="trouble" role="alert">
      <p>{message}</p>
      {hint === null ? null : <p class="hint">{hint}</p>}
    </div>
  );
}
