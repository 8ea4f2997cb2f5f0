/** An open action: its verdict above its three screens. */
import type { CaseFacts, CaseNews } from '../../messages.ts';
import { toHash } from '../address.ts';
import { Trouble } from '../parts/trouble.tsx';
import { useAnswer } from '../parts/use-answer.ts';
import { useNews } from '../parts/use-news.ts';
import { AgentsScreen } from './agents.tsx';
import { FindingsScreen } from './findings.tsx';
import { FollowScreen } from './follow.tsx';

export interface CaseProps {
  readonly facts: CaseFacts;
  readonly news: CaseNews;
  readonly values: Readonly<Record<string, string>>;
}

const screens: readonly (readonly [name: string, title: string, key: string])[] = [
  ['follow', 'Follow', 'f'],
  ['findings', 'Findings', 'r'],
  ['agents', 'Who answered', 'w'],
];

function Inside({ screen, ...props }: CaseProps & { readonly screen: string }) {
  if (screen === 'findings') return <FindingsScreen {...props} />;
  if (screen === 'agents') return <AgentsScreen {...props} />;
  return <FollowScreen {...props} />;
}

export function CaseScreen({
  id,
  screen,
  values,
}: {
  readonly id: string;
  readonly screen: string;
  readonly values: Readonly<Record<string, string>>;
}) {
  const facts = useAnswer<CaseFacts>('/api/facts', { id });
  const { news, error } = useNews(id);
  if (facts.kind === 'failed') return <Trouble error={facts.error} />;
  if (facts.kind === 'waiting' || news === undefined)
    return error === undefined ? <p class="quiet">opening the action …</p> : <Trouble error={error} />;
  return (
    <section class="screen case">
      <h1 class={`verdict ${news.phase}`}>{news.verdict}.</h1>
      <p class="question" title={facts.value.questions.join('\n')}>
        {facts.value.name} <span class="quiet">of {facts.value.target}</span>
      </p>
      {news.problem === null ? null : <p class="trouble">{news.problem}</p>}
      {news.warnings.map((line) => (
        <p key={line} class="trouble">
          {line}
        </p>
      ))}
      {error === undefined ? null : <Trouble error={error} />}
      {news.isRelayAway ? <p class="trouble">The relay is away; the action goes on.</p> : null}
      <nav class="tabs" aria-label="screens of the action">
        {screens.map(([name, title, key]) => (
          <a key={name} href={toHash(['a', id, name])} aria-current={name === screen ? 'page' : undefined}>
            {title} <kbd>{key}</kbd>
          </a>
        ))}
      </nav>
      <Inside screen={screen} facts={facts.value} news={news} values={values} />
    </section>
  );
}
