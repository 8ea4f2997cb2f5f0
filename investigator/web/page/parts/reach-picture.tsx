/** Whom the target reaches now: bars, each with its number. */
import { useEffect, useState } from 'preact/hooks';
import type { Reach } from '../../messages.ts';
import { Trouble } from './trouble.tsx';
import { useAnswer } from './use-answer.ts';

const pauseMs = 300;

export function ReachPicture({ target }: { readonly target: string }) {
  const [settled, setSettled] = useState(target);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(target), pauseMs);
    return () => clearTimeout(timer);
  }, [target]);
  const reach = useAnswer<Reach>('/api/reach', { target: settled });
  return (
    <section aria-label="whom it reaches">
      <h2>Whom it reaches now</h2>
      {reach.kind === 'waiting' ? <p class="quiet">counting …</p> : null}
      {reach.kind === 'failed' ? <Trouble error={reach.error} /> : null}
      {reach.kind === 'answer' ? <Picture reach={reach.value} /> : null}
    </section>
  );
}

function Picture({ reach: { total, groups, names, notes } }: { readonly reach: Reach }) {
  return (
    <>
      <p role="status">
        <b>{total}</b> {total === 1 ? 'agent' : 'agents'}
      </p>
      {notes.map((note) => (
        <p key={note} class="trouble">
          {note}
        </p>
      ))}
      {groups
        .filter(({ counts }) => counts.length > 0)
        .map(({ title, counts }) => (
          <table key={title} class="bars">
            <caption>by {title}</caption>
            <tbody>
              {counts.map(({ word, times }) => (
                <tr key={word}>
                  <th scope="row">{word}</th>
                  <td class="number">{times}</td>
                  <td class="bar">
                    <span class="fill" style={{ width: `${(100 * times) / total}%` }} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        ))}
      <details>
        <summary>{total > names.length ? `the first ${names.length} names` : 'names'}</summary>
        <p>{names.join(', ')}</p>
      </details>
    </>
  );
}
