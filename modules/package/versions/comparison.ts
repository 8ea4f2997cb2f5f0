/** `<2.36-9+deb12u9`: comparisons of versions, each in the order of its kind of package. */
import { accepts, type OrderOperator, type PartialOrder } from '../../kit/versions/order.ts';
import type { AnyType } from '../package-types.ts';
import { compareApk } from './apk.ts';
import { compareDebian } from './debian.ts';
import { compareGem } from './gem.ts';
import { compareGo } from './go.ts';
import { compareMaven } from './maven.ts';
import { comparePacman } from './pacman.ts';
import { comparePython } from './python.ts';
import { compareRpm } from './rpm.ts';
import { compareSemantic } from './semantic.ts';

/** Whoever makes the package writes what they like. */
const noOrder: PartialOrder = () => undefined;

const orders: Readonly<Record<AnyType, PartialOrder>> = {
  dpkg: compareDebian,
  rpm: compareRpm,
  apk: compareApk,
  pacman: comparePacman,
  snap: noOrder,
  flatpak: noOrder,
  npm: compareSemantic,
  pip: comparePython,
  gem: compareGem,
  go: compareGo,
  jar: compareMaven,
  cargo: compareSemantic,
};

interface Comparison {
  readonly operator: OrderOperator;
  readonly version: string;
}

function isOperator(text: string): text is OrderOperator {
  return Object.hasOwn(accepts, text);
}

/** Undefined when malformed. */
export function parseComparison(text: string): Comparison | undefined {
  const [, operator = '', version = ''] = /^([<>]=?|!?=) ?([^\s<>=][!-~]*)$/.exec(text) ?? [];
  return isOperator(operator) ? { operator, version } : undefined;
}

/** In the order of the kind of package; negative when the first is older, undefined when one is no version of it. */
export function compareVersions(type: AnyType, a: string, b: string): number | undefined {
  return orders[type](a, b);
}

/** Undefined when one is no version of the kind. */
export function holds({ operator, version }: Comparison, type: AnyType, installed: string): boolean | undefined {
  const order = compareVersions(type, installed, version);
  return order === undefined ? undefined : accepts[operator](order);
}
