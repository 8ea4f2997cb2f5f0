/** What was found: equal findings of all hosts are one row, the rarest first; a row leads to its hosts. */
import { useMemo } from 'preact/hooks';
import type { FindingsRow, FindingsWindow } from '../../messages.ts';
import { change, step } from '../address.ts';
import { useKeys } from '../keys.ts';
import { FilterBox } from '../parts/filter-box.tsx';
import { Trouble } from '../parts/trouble.tsx';
import { useAnswer } from '../parts/use-answer.ts';
import { VirtualList } from '../parts/virtual-list.tsx';
import { ask } from '../process.ts';
import type { CaseProps } from './case.tsx';

export function FindingsScreen({ facts, news, values }: CaseProps) {
  const { filter = '', sort = '', stack = '', group: given = 'stack' } = values;
  const group = given === 'flat' || stack !== '' ? 'flat' : 'stack';
  const query = useMemo(() => ({ id: facts.id, group, filter, sort, stack }), [facts.id, group, filter, sort, stack]);
  const head = useAnswer<FindingsWindow>('/api/findings', { ...query, from: 0, count: 0 }, news.findings);
  const toggle = (): void => step({ group: group === 'stack' ? 'flat' : '', stack: '', sort: '' });
  useKeys([{ keys: 'g g', says: 'stacks findings, or lists them by host', run: toggle }]);
  if (head.kind === 'failed') return <Trouble error={head.error} />;
  const { columns = [], total = 0, findings = 0, hosts = 0 } = head.kind === 'answer' ? head.value : {};
  const open = (row: FindingsRow): void => {
    if (group === 'stack') step({ stack: row.stack, sort: '' });
  };
  return (
    <>
      <div class="tools">
        <FilterBox value={filter} hint='word, column:word, -word, "two words"' />
        {stack === '' ? (
          <button type="button" aria-pressed={group === 'stack'} onClick={toggle}>
            {group === 'stack' ? 'stacked' : 'by host'} <kbd>g g</kbd>
          </button>
        ) : (
          <button type="button" onClick={() => step({ stack: '', sort: '' })}>
            one stack: back to all
          </button>
        )}
        <span role="status">
          {head.kind === 'waiting'
            ? 'counting …'
            : `${findings} of ${news.findings} findings on ${hosts} of ${news.total} hosts`}
          {news.leftOut > 0 ? `; ${news.leftOut} more are not listed, for there is no room: use Out` : ''}
        </span>
      </div>
      {news.findings === 0 && news.phase !== 'open' ? (
        <p class="quiet">Nothing was found by those that answered.</p>
      ) : (
        <VirtualList
          label="findings"
          heads={columns}
          total={total}
          version={`${JSON.stringify(query).replaceAll(' ', '_')} ${news.findings}`}
          load={(from, count, signal) => ask<FindingsWindow>('/api/findings', { ...query, from, count }, signal)}
          sort={sort}
          onSort={(wanted) => change({ sort: wanted })}
          {...(group === 'stack' ? { onOpen: open } : {})}
        />
      )}
    </>
  );
}
