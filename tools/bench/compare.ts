/** Measures rows by medians. The runs are interleaved: other work on the machine affects all sides alike. */
import { ask } from './ask.ts';
import { type CorpusName, prepareCorpus, warmCorpus } from './corpus.ts';
import { median, runCommand } from './measure.ts';
import { preparePeers } from './peers.ts';
import type { AskCost, Bench, Comparison, Cost, Measurement, Row, RowResult } from './row.ts';

const repetitions = 5;

export interface Measured {
  readonly results: readonly RowResult[];
  readonly peakBytes: number;
  /** Cost of our processes before they took their questions. */
  readonly starts: readonly Cost[];
}

function judge(name: string, unit: string, ours: number, peer: number | null, goal: number, note: string): RowResult {
  const ratio = peer === null ? ours : ours / peer;
  return { name, ours, peer, unit, ratio, goal, met: ratio <= goal, note };
}

/** The peer whose median is smallest. */
function fastest(
  peers: readonly { readonly name: string; readonly costs: readonly Cost[] }[],
  figure: (cost: Cost) => number,
) {
  const medians = peers.map(({ name, costs }) => ({ name, value: median(costs.map(figure)) }));
  return medians.toSorted((a, b) => a.value - b.value)[0];
}

async function measureComparison(row: Comparison, onProgress: (line: string) => void): Promise<Measured> {
  const corpus = prepareCorpus(row.corpus, onProgress);
  const peers = preparePeers(row.peers, onProgress).map(({ name, command }) => ({
    name,
    command: command.map((part) => part.replaceAll('$corpus', corpus)),
    costs: [] as Cost[],
  }));
  const ours: AskCost[] = [];
  warmCorpus(corpus);
  // The first round warms up the caches.
  for (let round = 0; round <= repetitions; round += 1) {
    const cost = await ask(row.ours, corpus);
    if (round > 0) ours.push(cost);
    for (const peer of peers) {
      const peerCost = runCommand(peer.command);
      if (round > 0) peer.costs.push(peerCost);
    }
  }
  const figures = [
    { name: row.name, unit: 'CPU s', of: (cost: Cost) => cost.cpuSeconds },
    { name: `${row.name}-wall`, unit: 'wall s', of: (cost: Cost) => cost.wallSeconds },
  ];
  const results = figures.map(({ name, unit, of }): RowResult => {
    const value = median(ours.map(of));
    const peer = fastest(peers, of);
    if (peer !== undefined) {
      const withStart = (value + median(ours.map(({ start }) => of(start)))) / peer.value;
      const note = `beside ${peer.name}; ${withStart.toPrecision(3)} with the start of our process`;
      return judge(name, unit, value, peer.value, row.goal, note);
    }
    return { name, ours: value, peer: null, unit, ratio: null, goal: row.goal, met: null, note: 'its peer is absent' };
  });
  const peakBytes = Math.max(...ours.map((cost) => cost.peakBytes));
  return { results, peakBytes, starts: ours.map(({ start }) => start) };
}

async function measureOwn(row: Measurement, onProgress: (line: string) => void): Promise<Measured> {
  let peakBytes = 0;
  const starts: Cost[] = [];
  const bench: Bench = {
    corpus: (name: CorpusName) => prepareCorpus(name, onProgress),
    async ask(question, corpus, limits) {
      const cost = await ask(question, corpus, limits);
      peakBytes = Math.max(peakBytes, cost.peakBytes);
      starts.push(cost.start);
      return cost;
    },
  };
  for (const name of row.corpora) warmCorpus(prepareCorpus(name, onProgress));
  const figures: { readonly ours: number; readonly peer: number | null }[] = [];
  for (let round = 0; round < repetitions; round += 1) figures.push(await row.measure(bench));
  const ratios = figures.map(({ ours, peer }) => (peer === null ? ours : ours / peer));
  const middle = figures[ratios.indexOf(median(ratios))] ?? { ours: Number.NaN, peer: null };
  return { results: [judge(row.name, row.unit, middle.ours, middle.peer, row.goal, '')], peakBytes, starts };
}

export function measureRow(row: Row, onProgress: (line: string) => void): Promise<Measured> {
  return row.kind === 'comparison' ? measureComparison(row, onProgress) : measureOwn(row, onProgress);
}
