/** Following: how they answered, when, and what is left. */
import { useState } from 'preact/hooks';
import { Histogram } from '../parts/histogram.tsx';
import { KindsBar, KindsTable } from '../parts/kinds.tsx';
import { Out } from '../parts/out.tsx';
import { Trouble } from '../parts/trouble.tsx';
import { ask } from '../process.ts';
import type { CaseProps } from './case.tsx';

export function FollowScreen({ facts, news }: CaseProps) {
  const [error, setError] = useState<unknown>();
  const isOpen = news.phase === 'open';
  return (
    <div class="follow">
      <KindsBar news={news} />
      <KindsTable news={news} />
      <p role="status">
        {isOpen ? `${news.left}; agents may take it until ${facts.expireafter}` : 'over: no more answers will come'}
        {isOpen ? (
          <button class="beside" type="button" onClick={() => ask('/api/cancel', { id: facts.id }).catch(setError)}>
            Cancel the action
          </button>
        ) : null}
      </p>
      {error === undefined ? null : <Trouble error={error} />}
      <div class="columns">
        <section>
          <h2>When answers came</h2>
          <Histogram bars={news.bars} times={news.times} />
        </section>
        <section>
          <h2>What was asked</h2>
          <ul>
            {facts.questions.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
          <p class="quiet">
            Action {facts.id} in {facts.fleet}, valid from {facts.validfrom} until {facts.expireafter}
          </p>
          <p class="quiet">{news.completeness}</p>
          <Out id={facts.id} />
        </section>
      </div>
    </div>
  );
}
