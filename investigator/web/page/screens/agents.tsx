/** Who answered and how, who did not, and why something was not looked at. */
import { useMemo } from 'preact/hooks';
import type { AgentRow, AgentsWindow } from '../../messages.ts';
import { toHash } from '../address.ts';
import { FilterBox } from '../parts/filter-box.tsx';
import { kinds } from '../parts/kinds.tsx';
import { Trouble } from '../parts/trouble.tsx';
import { useAnswer } from '../parts/use-answer.ts';
import { VirtualList } from '../parts/virtual-list.tsx';
import { ask } from '../process.ts';
import type { CaseProps } from './case.tsx';

const heads = [
  { name: 'host', help: 'Its own name; of a silent one, as the relay says.', isNumber: false },
  { name: 'answered', help: 'How completely it answered.', isNumber: false },
  { name: 'found', help: 'Whether it found something.', isNumber: false },
  { name: 'why', help: 'What was not looked at, and errors.', isNumber: false },
  { name: 'agent', help: 'Id of the agent.', isNumber: false },
] as const;

function toCells({ name, kind, found, detail, agent, isWithheld }: AgentRow): string[] {
  return [name, isWithheld ? 'withheld' : kind === 'notgenuine' ? 'not genuine' : kind, found, detail, agent];
}

export function AgentsScreen({ facts, news, values }: CaseProps) {
  const { filter = '' } = values;
  const kind = values.kind ?? 'all';
  const query = useMemo(() => ({ id: facts.id, kind, filter }), [facts.id, kind, filter]);
  const head = useAnswer<AgentsWindow>('/api/agents', { ...query, from: 0, count: 0 }, news.revision);
  if (head.kind === 'failed') return <Trouble error={head.error} />;
  const { total = 0, reasons = [], target = '' } = head.kind === 'answer' ? head.value : {};
  const load = async (from: number, count: number, signal: AbortSignal) => {
    const window = await ask<AgentsWindow>('/api/agents', { ...query, from, count }, signal);
    return { total: window.total, from: window.from, rows: window.rows.map((row) => ({ cells: toCells(row) })) };
  };
  const choices = [
    ['all', 'all'],
    ...kinds.filter(([name]) => news.kinds[name] > 0).map(([name, , says]) => [name, says]),
  ];
  return (
    <>
      <nav class="chips" aria-label="agents by how they answered">
        {choices.map(([name = '', says]) => (
          <a
            key={name}
            href={toHash(['a', facts.id, 'agents'], { kind: name, filter })}
            aria-current={name === kind ? 'true' : undefined}
          >
            {says}
          </a>
        ))}
      </nav>
      <div class="tools">
        <FilterBox value={filter} hint="host, reason or id" />
        <span role="status">{head.kind === 'waiting' ? 'reading …' : `${total} of ${news.total} agents`}</span>
        {target === '' || kind === 'all' ? null : (
          <button type="button" onClick={() => void navigator.clipboard.writeText(target)}>
            Copy a target for them
          </button>
        )}
      </div>
      <VirtualList
        label="agents"
        heads={heads}
        total={total}
        version={`${kind}:${filter.replaceAll(' ', '_')} ${news.revision}`}
        load={load}
      />
      {reasons.length === 0 ? null : (
        <section class="reasons">
          <h2>Not looked at, on all hosts</h2>
          <table>
            <thead>
              <tr>
                <th scope="col">hosts</th>
                <th scope="col">times</th>
                <th scope="col">why</th>
              </tr>
            </thead>
            <tbody>
              {reasons.map(({ reason, count, hosts }) => (
                <tr key={reason}>
                  <td class="number">{hosts}</td>
                  <td class="number">{count}</td>
                  <td>{reason}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </>
  );
}
