/** The keys, and the switch for single letters. */
import { useEffect, useRef } from 'preact/hooks';
import { boundKeys, hasLetters, isHelpOpen, listKeys, switchLetters } from '../keys.ts';

export function Help() {
  const dialog = useRef<HTMLDialogElement>(null);
  const isOpen = isHelpOpen.value;
  useEffect(() => {
    if (isOpen) dialog.current?.showModal();
    else dialog.current?.close();
  }, [isOpen]);
  if (!isOpen) return null;
  return (
    <dialog ref={dialog} class="help" aria-labelledby="help-title" onClose={() => (isHelpOpen.value = false)}>
      <h2 id="help-title">Keys</h2>
      <dl>
        {[...boundKeys().map(({ keys, says }) => [keys, says] as const), ...listKeys].map(([keys, says]) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{says}</dd>
          </div>
        ))}
      </dl>
      <label>
        <input
          type="checkbox"
          checked={hasLetters.value}
          onChange={(event) => switchLetters(event.currentTarget.checked)}
        />
        single letters are keys
      </label>
      <p>
        <button type="button" onClick={() => (isHelpOpen.value = false)}>
          Close
        </button>
      </p>
    </dialog>
  );
}
