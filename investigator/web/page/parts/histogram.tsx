/** When answers came since the launch: a picture, and the same numbers as a table. */
import type { Bar, CaseNews } from '../../messages.ts';

const barWidth = 40;
const pictureHeight = 120;
const labelHeight = 18;

function toSpan({ from, to }: Bar): string {
  const say = (seconds: number): string => (seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`);
  return from === 0 ? `up to ${say(to)}` : `${say(from)} to ${say(to)}`;
}

function toLabel({ to }: Bar): string {
  return to < 120 ? `${to}s` : to < 7200 ? `${Math.round(to / 60)}m` : `${Math.round(to / 3600)}h`;
}

/** The relay tells whole seconds. */
function toSeconds(seconds: number): string {
  if (seconds < 1) return 'a second';
  return seconds < 120 ? `${seconds.toFixed(0)} s` : `${(seconds / 60).toFixed(0)} min`;
}

export function Histogram({ bars, times }: Pick<CaseNews, 'bars' | 'times'>) {
  if (times === null) return <p class="quiet">No answer has come yet.</p>;
  const most = Math.max(...bars.map(({ answered }) => answered));
  const scale = (count: number): number => (most === 0 ? 0 : ((pictureHeight - labelHeight) * count) / most);
  const base = pictureHeight - labelHeight;
  return (
    <figure class="histogram">
      <svg
        viewBox={`0 0 ${bars.length * barWidth} ${pictureHeight}`}
        style={{ width: `${bars.length * barWidth}px` }}
        role="img"
        aria-label="When answers came, in seconds since the launch; the table below has the numbers"
      >
        {bars.map((bar, place) => (
          <g key={bar.to} transform={`translate(${place * barWidth} 0)`}>
            <rect
              class="fully"
              x={3}
              width={barWidth - 6}
              y={base - scale(bar.answered)}
              height={scale(bar.answered)}
            />
            <rect class="found" x={3} width={barWidth - 6} y={base - scale(bar.found)} height={scale(bar.found)} />
            <text x={barWidth / 2} y={pictureHeight - 4}>
              {toLabel(bar)}
            </text>
          </g>
        ))}
      </svg>
      <figcaption>
        Half of the answers came within {toSeconds(times.half)}, nine of ten within {toSeconds(times.most)}, the last
        after {toSeconds(times.last)}.
      </figcaption>
      <details>
        <summary>as a table</summary>
        <table>
          <thead>
            <tr>
              <th scope="col">since the launch</th>
              <th scope="col">answered</th>
              <th scope="col">of them found something</th>
            </tr>
          </thead>
          <tbody>
            {bars.map((bar) => (
              <tr key={bar.to}>
                <td>{toSpan(bar)}</td>
                <td class="number">{bar.answered}</td>
                <td class="number">{bar.found}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}
