/** How agents answered: a bar, and a table of the same numbers, each of which leads to its agents. */

import type { AnswerKind, CaseNews } from '../../messages.ts';
import { toHash } from '../address.ts';

/** In the order of the bar. A letter beside the colour: colours alone say nothing to many. */
export const kinds: readonly (readonly [kind: AnswerKind, letter: string, says: string])[] = [
  ['fully', 'F', 'answered fully'],
  ['partly', 'P', 'answered partly'],
  ['stopped', 'T', 'were stopped'],
  ['refused', 'R', 'refused'],
  ['failed', 'E', 'failed'],
  ['silent', 'S', 'silent'],
  ['notgenuine', '!', 'not genuine'],
];

const pictureWidth = 1000;
const pictureHeight = 28;
/** A letter needs so much room. */
const letterWidth = 24;

export function KindsBar({ news }: { readonly news: CaseNews }) {
  const total = kinds.reduce((sum, [kind]) => sum + news.kinds[kind], 0);
  let left = 0;
  const parts = kinds.flatMap(([kind, letter, says]) => {
    const count = news.kinds[kind];
    if (count === 0 || total === 0) return [];
    const width = (pictureWidth * count) / total;
    const x = left;
    left += width;
    return (
      <g key={kind} class={kind}>
        <rect x={x} width={width} height={pictureHeight}>
          <title>{`${count} ${says}`}</title>
        </rect>
        {width < letterWidth ? null : (
          <text x={x + width / 2} y={pictureHeight - 9}>
            {letter}
          </text>
        )}
      </g>
    );
  });
  return (
    <svg
      class="kinds"
      viewBox={`0 0 ${pictureWidth} ${pictureHeight}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={news.completeness}
    >
      <rect class="none" width={pictureWidth} height={pictureHeight} />
      {parts}
    </svg>
  );
}

export function KindsTable({ news }: { readonly news: CaseNews }) {
  return (
    <ul class="kinds">
      <li>
        <a class="found" href={toHash(['a', news.id, 'findings'])}>
          <b>{news.found}</b> found something
        </a>
      </li>
      {kinds
        .filter(([kind]) => news.kinds[kind] > 0 || kind === 'fully' || kind === 'silent')
        .map(([kind, letter, says]) => (
          <li key={kind}>
            <a class={kind} href={toHash(['a', news.id, 'agents'], { kind })}>
              <span class="letter" aria-hidden="true">
                {letter}
              </span>
              <b>{news.kinds[kind]}</b> {says}
            </a>
          </li>
        ))}
    </ul>
  );
}
