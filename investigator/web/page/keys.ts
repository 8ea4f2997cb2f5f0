/** Keys for everything. Single letters do nothing inside of inputs, and can be switched off (WCAG 2.1.4). */
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { address, go } from './address.ts';

const settingName = 'mig-letters';

export const isHelpOpen = signal(false);
export const hasLetters = signal(localStorage.getItem(settingName) !== 'off');

export function switchLetters(isOn: boolean): void {
  hasLetters.value = isOn;
  localStorage.setItem(settingName, isOn ? 'on' : 'off');
}

export interface Key {
  /** `f`, or `g a`: one after the other. */
  readonly keys: string;
  readonly says: string;
  readonly run: () => void;
}

function goInAction(screen: string): () => void {
  return () => {
    const [root, id] = address.value.path;
    if (root === 'a' && id !== undefined) go(['a', id, screen]);
  };
}

const commonKeys: readonly Key[] = [
  { keys: '?', says: 'shows these keys', run: () => (isHelpOpen.value = !isHelpOpen.value) },
  { keys: '/', says: 'goes to the filter', run: () => document.querySelector<HTMLElement>('[data-filter]')?.focus() },
  { keys: 'n', says: 'asks a new question', run: () => go(['ask']) },
  { keys: 'g a', says: 'lists the actions', run: () => go(['actions']) },
  { keys: 'f', says: 'follows the open action', run: goInAction('follow') },
  { keys: 'r', says: 'lists its findings', run: goInAction('findings') },
  { keys: 'w', says: 'says who answered, and who did not', run: goInAction('agents') },
];

/** Keys of lists, for the help; the list itself obeys them. */
export const listKeys: readonly (readonly [keys: string, says: string])[] = [
  ['j k ↓ ↑', 'next, previous row'],
  ['PgDn PgUp Home End', 'a screen further, to the first and last row'],
  ['Enter', 'opens the row'],
  ['Backspace', 'goes back'],
  ['Esc', 'closes the help, leaves the filter'],
];

const bound = new Set<readonly Key[]>([commonKeys]);
let begun = '';
const pauseMs = 1000;
let begunMs = 0;

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

function press(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === 'Escape') {
    if (isHelpOpen.value) isHelpOpen.value = false;
    else if (isTyping(event.target) && event.target instanceof HTMLElement) event.target.blur();
    return;
  }
  if (isTyping(event.target)) return;
  if (event.key === 'Backspace') {
    history.back();
    return;
  }
  if (!hasLetters.value && event.key !== '?') return;
  const now = performance.now();
  const keys = begun !== '' && now - begunMs < pauseMs ? `${begun} ${event.key}` : event.key;
  const all = [...bound].reverse().flat();
  const found = all.find((key) => key.keys === keys);
  begun = found === undefined && all.some((key) => key.keys.startsWith(`${keys} `)) ? keys : '';
  begunMs = now;
  if (found === undefined) return;
  event.preventDefault();
  found.run();
}

addEventListener('keydown', press);

/** Keys of a screen, as long as it is shown. */
export function useKeys(keys: readonly Key[]): void {
  useEffect(() => {
    bound.add(keys);
    return () => void bound.delete(keys);
  });
}

export function boundKeys(): readonly Key[] {
  return [...bound].flat();
}
