/** The table of parameters in a module's page, generated from its fields. */
import type { Field } from './field.ts';
import type { Module } from './module.ts';

const begin = '<!-- parameters: made of the declaration by UPDATE=1 npm test -- modules/modules.test.ts -->';
const end = '<!-- end of parameters -->';

const systems = { linux: 'Linux', win32: 'Windows', darwin: 'macOS' } as const;

function toCell(text: string): string {
  return text.replaceAll('|', '\\|');
}

function toRow(name: string, { flags, kind }: Field): string[] {
  if (flags.length === 0) return [];
  const names = flags.map((flag) => `\`-${flag.name}\``).join(' ');
  const help = flags.map((flag) => flag.help).join(' ');
  return [`| \`${name}\` | ${names} | ${kind} | ${toCell(help)} |`];
}

/** A field without a flag has no row. */
function toFieldTable({ fields, platforms, needs }: Module): string {
  const rows = Object.entries({
    ...fields.search,
    ...Object.fromEntries(Object.entries(fields.options).map(([name, field]) => [`options.${name}`, field])),
    ...fields.question,
  });
  return [
    '| parameter | flag | kind | meaning |',
    '|---|---|---|---|',
    ...rows.flatMap(([name, field]) => toRow(name, field)),
    '',
    `For ${platforms.map((platform) => systems[platform]).join(', ')}. Rights beyond its own user's: ${needs.map((need) => `\`${need}\``).join(', ') || 'none'}.`,
  ].join('\n');
}

/** The page with the current table; undefined when the page has no markers for it. */
export function withFieldTable(page: string, module: Module): string | undefined {
  const [before, rest] = page.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) return undefined;
  return `${before}${begin}\n${toFieldTable(module)}\n${end}${after}`;
}
