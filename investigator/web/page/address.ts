/** What is looked at stands in the page's address, behind `#/`: reload, back, bookmarks and a second tab lose nothing. */
import { signal } from '@preact/signals';

export interface Address {
  /** `['a', id, 'findings']` */
  readonly path: readonly string[];
  readonly values: Readonly<Record<string, string>>;
}

function parse(hash: string): Address {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  return {
    path: path.split('/').filter((part) => part !== ''),
    values: Object.fromEntries(new URLSearchParams(query)),
  };
}

export const address = signal(parse(location.hash));

addEventListener('hashchange', () => {
  address.value = parse(location.hash);
});

/** Without empty values. */
export function toHash(path: readonly string[], values: Readonly<Record<string, string>> = {}): string {
  const query = new URLSearchParams(Object.entries(values).filter(([, value]) => value !== '')).toString();
  return `#/${path.join('/')}${query === '' ? '' : `?${query}`}`;
}

export function go(path: readonly string[], values: Readonly<Record<string, string>> = {}): void {
  location.hash = toHash(path, values);
}

/** Changes the view in place: no new step for the back button. */
export function change(values: Readonly<Record<string, string>>): void {
  const { path, values: before } = address.value;
  history.replaceState(null, '', toHash(path, { ...before, ...values }));
  address.value = parse(location.hash);
}

/** A new step. */
export function step(values: Readonly<Record<string, string>>): void {
  const { path, values: before } = address.value;
  go(path, { ...before, ...values });
}
