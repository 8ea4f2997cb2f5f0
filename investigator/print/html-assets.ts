/** Style and script of the page; constants, so that the page's content security policy can name their hashes. */
import { Html } from './html-template.ts';

export const style = new Html(`
:root{color-scheme:light dark;--fully:#187a50;--partly:#a06400;--refused:#8a2be2;--failed:#b3261e;--silent:#777;--notgenuine:CanvasText}
@media (prefers-color-scheme:dark){:root{--fully:#3cc98a;--partly:#e0a030;--refused:#c58cff;--failed:#ff7b72;--silent:#999}}
body{font:15px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:75rem;padding:0 1rem}
h1{font-size:1.3rem;overflow-wrap:anywhere}.verdict{font-size:1.1rem}h2{font-size:1.05rem;margin:1.5rem 0 .3rem}dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem}
dt{opacity:.7}dd{margin:0;overflow-wrap:anywhere}dd ul{margin:0;padding:0;list-style:none}svg{width:100%;height:1.6rem;margin-top:.4rem}
rect.fully{fill:var(--fully)}rect.partly{fill:var(--partly)}rect.refused{fill:var(--refused)}rect.failed,rect.stopped{fill:var(--failed)}rect.silent{fill:var(--silent)}
.legend{display:flex;gap:.3rem 1.5rem;list-style:none;padding:0;margin:.4rem 0 1rem;flex-wrap:wrap}.legend li{border-left:.8rem solid;padding-left:.4rem}
li.fully{border-color:var(--fully)}li.partly{border-color:var(--partly)}li.refused{border-color:var(--refused)}li.failed,li.stopped{border-color:var(--failed)}li.silent{border-color:var(--silent)}li.notgenuine{border-color:var(--notgenuine)}
td.partly{color:var(--partly)}td.failed,td.stopped,.error{color:var(--failed)}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%}.agents td:nth-child(4){width:50%}.findings td{font:13px/1.4 ui-monospace,monospace;max-width:40rem;overflow-wrap:break-word}.findings td.time{white-space:nowrap}td.number{text-align:right}td.found{font-weight:600}small{display:block;opacity:.6;font-family:ui-monospace,monospace}th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid #8884}
td ul{margin:0;padding:0;list-style:none}td li+li{margin-top:.25rem}td li{font:13px/1.4 ui-monospace,monospace;overflow-wrap:anywhere}th{white-space:nowrap;position:sticky;top:0;background:Canvas}th button{all:unset;cursor:pointer;font-weight:600}th button:focus-visible{outline:2px solid}
th button::after{content:' ↕';opacity:.5}[aria-sort=ascending] button::after{content:' ↑'}[aria-sort=descending] button::after{content:' ↓'}
details{margin-top:1.5rem}pre{overflow:auto;padding:.8rem;background:#8882}@media print{details{display:none}}
`);

export const script = new Html(`
const toOrder = (one, other, isNumber, down) => {
  if (one === '' || other === '') return (one === '') - (other === '');
  return (down ? -1 : 1) * (isNumber ? one - other : one.localeCompare(other, undefined, { numeric: true }));
};
for (const table of document.querySelectorAll('table')) for (const [column, head] of [...table.tHead.rows[0].cells].entries()) {
  const button = document.createElement('button');
  button.textContent = head.textContent;
  head.replaceChildren(button);
  button.addEventListener('click', () => {
    const [body] = table.tBodies;
    const down = head.getAttribute('aria-sort') === 'ascending';
    for (const other of table.tHead.rows[0].cells) other.removeAttribute('aria-sort');
    head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
    const isNumber = body.rows[0]?.cells[column].className === 'number';
    const text = (row) => row.cells[column].textContent.trim();
    body.replaceChildren(...[...body.rows].sort((one, other) => toOrder(text(one), text(other), isNumber, down)));
  });
}
`);
