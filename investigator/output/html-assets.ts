/** Style and script of the page; constants, so that the page's content security policy can name their hashes. */
import { Html } from './html-template.ts';

export const style = new Html(`
:root{color-scheme:light dark;--fully:#2a7;--partly:#b80;--refused:#a3c;--failed:#c33;--silent:#888}
body{font:15px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:75rem;padding:0 1rem}
h1{font-size:1.3rem;overflow-wrap:anywhere}h2{font-size:1.05rem}dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem}
dt{opacity:.7}dd{margin:0;overflow-wrap:anywhere}dd ul{margin:0;padding:0;list-style:none}svg{width:100%;height:1.6rem}
rect.fully{fill:var(--fully)}rect.partly{fill:var(--partly)}rect.refused{fill:var(--refused)}rect.failed{fill:var(--failed)}rect.silent{fill:var(--silent)}
.legend{display:flex;gap:1.5rem;list-style:none;padding:0;flex-wrap:wrap}.legend li{border-left:.8rem solid;padding-left:.4rem}
li.fully{border-color:var(--fully)}li.partly{border-color:var(--partly)}li.refused{border-color:var(--refused)}li.failed{border-color:var(--failed)}li.silent{border-color:var(--silent)}
td.partly{color:var(--partly)}td.failed,.error{color:var(--failed)}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid #8884}
td ul{margin:0;padding:0;list-style:none}td li{font:13px/1.4 ui-monospace,monospace;overflow-wrap:anywhere}th{white-space:nowrap}th button{all:unset;cursor:pointer;font-weight:600}th button:focus-visible{outline:2px solid}
th button::after{content:' ↕';opacity:.5}[aria-sort=ascending] button::after{content:' ↑'}[aria-sort=descending] button::after{content:' ↓'}
pre{overflow:auto;padding:.8rem;background:#8882}@media print{details{display:none}}
`);

export const script = new Html(`
for (const [column, head] of document.querySelectorAll('th').entries()) {
  const button = document.createElement('button');
  button.textContent = head.textContent;
  head.replaceChildren(button);
  button.addEventListener('click', () => {
    const body = document.querySelector('tbody');
    const down = head.getAttribute('aria-sort') === 'ascending';
    for (const other of document.querySelectorAll('th')) other.removeAttribute('aria-sort');
    head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
    const text = (row) => row.cells[column].textContent;
    const rows = [...body.rows].sort((a, b) => text(a).localeCompare(text(b), undefined, { numeric: true }));
    body.replaceChildren(...(down ? rows.reverse() : rows));
  });
}
`);
