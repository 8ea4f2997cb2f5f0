/** Answers as one self-contained page for the incident ticket: nothing is fetched, and it works without scripts. */
import { createHash } from 'node:crypto';
import { refusals } from '../../protocol/agent-message/refusal.ts';
import { escapeText, toSafeJson } from '../../protocol/base/escape.ts';
import type { AgentId } from '../../protocol/base/identifiers.ts';
import { toInstant } from '../../protocol/base/instant.ts';
import type { ResultAnswer } from '../answers/answer.ts';
import { foundStateOf, gradeOf, hasFound, type Outcome } from '../answers/outcome.ts';
import { describeQuestion } from '../ask/describe-action.ts';
import { compareRanks } from './cell.ts';
import { describeGaps } from './gaps.ts';
import { script, style } from './html-assets.ts';
import { findingsTable, renderTable } from './html-tables.ts';
import { type Html, html, toText } from './html-template.ts';
import { toShortId } from './label.ts';
import { toListedRows } from './listed.ts';
import { isShown, type Printer, type PrinterOptions } from './printer.ts';
import { toCompletenessLine } from './text.ts';
import { toVerdictLine } from './verdict.ts';

const kinds = ['fully', 'partly', 'stopped', 'refused', 'failed', 'silent'] as const;
const pictureWidth = 600;
const pictureHeight = 24;

function sha256({ text }: Html): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** The answer in one sentence, and what it is worth. */
function toSentence(outcome: Outcome): string {
  const { completeness } = outcome;
  const isWhole = kinds.every((kind) => kind === 'fully' || completeness[kind] === 0) && completeness.fully > 0;
  return `${toVerdictLine(outcome)}${isWhole ? '; all that was asked for was looked at' : ''}.`;
}

/** One bar: how many agents answered and how. */
function drawSummary(outcome: Outcome): Html {
  const { completeness } = outcome;
  const total = kinds.reduce((sum, kind) => sum + completeness[kind], 0);
  let left = 0;
  const parts = kinds.map((kind) => {
    const width = total === 0 ? 0 : (pictureWidth * completeness[kind]) / total;
    const drawn = html`<rect class="${kind}" x="${left.toFixed(1)}" width="${width.toFixed(1)}" height="${pictureHeight}"><title>${completeness[kind]} ${kind}</title></rect>`;
    left += width;
    return drawn;
  });
  const shown = completeness.notgenuine > 0 ? ([...kinds, 'notgenuine'] as const) : kinds;
  const legend = shown.map(
    (kind) =>
      html`<li class="${kind}"><b>${completeness[kind]}</b> ${kind === 'notgenuine' ? 'not genuine' : kind}</li>`,
  );
  return html`<svg viewBox="0 0 ${pictureWidth} ${pictureHeight}" preserveAspectRatio="none" role="img" aria-label="${toCompletenessLine(outcome)}">${parts}</svg><ul class="legend">${legend}</ul>`;
}

/** How an agent answered; what it found is in a table of its own. */
function toAgentRow(result: ResultAnswer, name: string, notes: readonly string[]): Html {
  const lines = notes.map((note) => html`<li class="error">${escapeText(note)}</li>`);
  return html`<tr><td title="${result.agent}">${name} <small>${toShortId(result.agent)}</small></td><td class="${hasFound(result) ? 'found' : ''}">${foundStateOf(result)}</td><td class="${gradeOf(result)}">${gradeOf(result)}</td><td><ul>${lines}</ul></td><td>${describeGaps(result)}</td></tr>
`;
}

function list(title: string, lines: readonly string[]): Html {
  return lines.length === 0
    ? html``
    : html`<h2>${title}</h2><ul>${lines.map((line) => html`<li>${escapeText(line)}</li>`)}</ul>`;
}

/** What was asked, of whom, by whom and when. */
function renderHead({ asked, by, modules, now }: PrinterOptions): Html {
  const questions = asked.operations.map(({ module, parameters }) => {
    const summary = modules.get(module)?.summary ?? 'a module that this mig does not have';
    const words = describeQuestion({ module, parameters }, modules).map(
      (line) => html`<br><code>${escapeText(line)}</code>`,
    );
    return html`<li>${module}: ${summary}${words}</li>`;
  });
  const reference = 'threat' in asked ? (asked.threat.ref ?? '') : '';
  const rows: readonly (readonly [string, Html | string])[] = [
    ['asked', html`<ul>${questions}</ul>`],
    ['of', html`<code>${escapeText(asked.target)}</code>`],
    ['by', html`<ul>${by.map((person) => html`<li>${escapeText(person)}</li>`)}</ul>`],
    ...('validfrom' in asked ? [['when', `from ${asked.validfrom} until ${asked.expireafter}`] as const] : []),
    ['answers as of', toInstant(now())],
    ...('id' in asked ? [['action', `${asked.id} in ${asked.fleet}`] as const] : []),
    ...(reference === '' ? [] : [['reference', escapeText(reference)] as const]),
  ];
  return html`<dl>${rows.map(([term, detail]) => html`<dt>${term}</dt><dd>${detail}</dd>`)}</dl>`;
}

/** `web1.example.org (1111…)`, or the id alone. */
function toFullName(agent: AgentId, { names }: Outcome): string {
  const name = names.get(agent);
  return name === undefined ? agent : `${name} (${agent})`;
}

function toNotGenuine(outcome: Outcome): string[] {
  const { examples, total } = outcome.notGenuine;
  const more = total - examples.length;
  return [
    ...examples.map(({ agent, code }) => `${toFullName(agent, outcome)}: ${code}`),
    ...(more > 0 ? [`and ${more} more`] : []),
  ];
}

function renderPage(outcome: Outcome, findings: Html, rows: readonly Html[], options: PrinterOptions): string {
  const { asked } = options;
  const policy = `default-src 'none'; style-src ${sha256(style)}; script-src ${sha256(script)}`;
  const heads = ['agent', 'found', 'answered', 'errors and notes', 'not looked at'].map((title) => ({ title }));
  return toText(html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}"><meta name="referrer" content="no-referrer"><title>${escapeText(asked.name)}</title><style>${style}</style></head><body>
<h1>${escapeText(asked.name)}</h1>
<p class="verdict">${toSentence(outcome)}</p>
${drawSummary(outcome)}
<p>${toCompletenessLine(outcome)}</p>
${renderHead(options)}
${findings}
<h2>Agents</h2>
${renderTable('agents', heads, rows)}
${list(
  'Refused',
  outcome.refusals.map(
    ({ agent, code, altered }) =>
      `${toFullName(agent, outcome)}: ${code} (${refusals[code]})${altered ? '; it was given something that was not signed' : ''}`,
  ),
)}
${list(
  'Silent, as the server names them',
  outcome.silent.map(({ agent, name, state }) => `${name} (${agent}): ${state}`),
)}
${list('Not genuine', toNotGenuine(outcome))}
<details><summary>What was asked, in full</summary><pre>${toSafeJson(asked)}</pre></details>
<script>${script}</script></body></html>`);
}

export function htmlPrinter(options: PrinterOptions): Printer {
  const rows: { readonly found: boolean; readonly name: string; readonly row: Html }[] = [];
  const findings = findingsTable(options);
  const add = (result: ResultAnswer): void => {
    const name = options.label(result);
    const notes: string[] = [];
    for (const row of toListedRows(result, name, options))
      if (row.note === undefined) findings.add(row);
      else notes.push(row.note);
    rows.push({ found: hasFound(result), name: result.name, row: toAgentRow(result, name, notes) });
  };
  return {
    result: (result) => {
      if (isShown(result, options.show)) add(result);
    },
    end: (outcome) => {
      rows.sort((a, b) => Number(b.found) - Number(a.found) || compareRanks(a.name, b.name));
      options.console.data(
        renderPage(
          outcome,
          findings.render(),
          rows.map(({ row }) => row),
          options,
        ),
      );
      options.console.note(toCompletenessLine(outcome));
      options.console.note(toVerdictLine(outcome));
    },
  };
}
