/** What has been asked, the newest first. */
import type { ActionLine, ActionList } from '../../messages.ts';
import { address, go } from '../address.ts';
import { FilterBox } from '../parts/filter-box.tsx';
import { Trouble } from '../parts/trouble.tsx';
import { useAnswer } from '../parts/use-answer.ts';
import { VirtualList } from '../parts/virtual-list.tsx';

const heads = [
  { name: 'created', help: 'When it was launched, in UTC.', isNumber: false },
  { name: 'by', help: 'Who launched it, as the relay says.', isNumber: false },
  { name: 'done', help: 'Agents that are done, of those that were asked.', isNumber: false },
  { name: 'name', help: 'Its name; the command line unless it was given one.', isNumber: false },
  { name: 'target', help: 'Which agents were asked.', isNumber: false },
] as const;

function toCells(action: ActionLine): string[] {
  const { created, investigator, done, total, isCancelled, name, target } = action;
  return [created, investigator, `${done}/${total}${isCancelled ? ' cancelled' : ''}`, name, target];
}

export function ActionsScreen() {
  const list = useAnswer<ActionList>('/api/actions', {});
  const filter = address.value.values.filter ?? '';
  if (list.kind === 'failed') return <Trouble error={list.error} />;
  const all = list.kind === 'answer' ? list.value.actions : [];
  const words = filter.toLowerCase().split(/\s+/);
  const rows = all
    .map((action) => ({ id: action.id, cells: toCells(action) }))
    .filter(({ cells }) => words.every((word) => cells.join(' ').toLowerCase().includes(word)));
  return (
    <section class="screen">
      <h1>Actions</h1>
      <div class="tools">
        <FilterBox value={filter} hint="name, person or target" />
        <span role="status">
          {list.kind === 'waiting' ? 'reading …' : `${rows.length} of ${all.length} actions`}
          {list.kind === 'answer' && list.value.hasMore ? '; older ones: mig actions -until' : ''}
        </span>
      </div>
      <VirtualList
        label="actions"
        heads={heads}
        total={rows.length}
        version={`${filter} ${rows.length}`}
        load={async (from, count) => ({ total: rows.length, from, rows: rows.slice(from, from + count) })}
        onOpen={({ id }) => go(['a', id, 'follow'])}
      />
    </section>
  );
}
