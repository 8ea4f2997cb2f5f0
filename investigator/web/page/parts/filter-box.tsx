/** The filter of a list; it holds back while one types. */
import { useEffect, useState } from 'preact/hooks';
import { change } from '../address.ts';

const pauseMs = 150;

export function FilterBox({ value, hint }: { readonly value: string; readonly hint: string }) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => change({ filter: text }), pauseMs);
    return () => clearTimeout(timer);
  }, [text, value]);
  return (
    <label class="filter">
      Filter
      <input
        type="search"
        data-filter
        value={text}
        placeholder={hint}
        spellcheck={false}
        autocomplete="off"
        onInput={(event) => setText(event.currentTarget.value)}
      />
    </label>
  );
}
