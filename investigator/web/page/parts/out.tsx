/** Everything that was found, as a file: the process writes what `mig show` prints, and the browser gets a ticket for it. */
import { useState } from 'preact/hooks';
import { ask } from '../process.ts';
import { Trouble } from './trouble.tsx';

const formats: readonly (readonly [format: string, title: string])[] = [
  ['csv', 'CSV'],
  ['ndjson', 'NDJSON'],
  ['json', 'JSON'],
  ['html', 'HTML for the ticket'],
  ['text', 'Text'],
  ['sarif', 'SARIF'],
  ['junit', 'JUnit XML'],
];

export function Out({ id }: { readonly id: string }) {
  const [writing, setWriting] = useState('');
  const [error, setError] = useState<unknown>();
  const write = async (format: string): Promise<void> => {
    setWriting(format);
    setError(undefined);
    try {
      const { ticket } = await ask<{ readonly ticket: string }>('/api/export', { id, format });
      const link = document.createElement('a');
      link.href = `/download/${ticket}`;
      link.download = '';
      link.click();
    } catch (failure) {
      setError(failure);
    }
    setWriting('');
  };
  return (
    <>
      <p class="out">
        Out:{' '}
        {formats.map(([format, title]) => (
          <button key={format} type="button" disabled={writing !== ''} onClick={() => void write(format)}>
            {writing === format ? 'writing …' : title}
          </button>
        ))}
      </p>
      <p class="quiet">
        The same on the command line: <code>mig show {id} -f csv</code>
      </p>
      {error === undefined ? null : <Trouble error={error} />}
    </>
  );
}
