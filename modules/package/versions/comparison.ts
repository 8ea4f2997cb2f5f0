/** `<2.36-9+deb12u9`: comparisons of versions, each in the order of its kind of package. */
import type { PackageType } from '../../kit/packages/package-type.ts';
import type { Order } from '../../kit/versions/order.ts';
import { compareApk } from './apk.ts';
import { compareDebian } from './debian.ts';
import { comparePacman } from './pacman.ts';
import { compareRpm } from './rpm.ts';

const orders: Readonly<Record<PackageType, Order>> = {
  dpkg: compareDebian,
  rpm: compareRpm,
  apk: compareApk,
  pacman: comparePacman,
};

type Operator = '<' | '<=' | '=' | '!=' | '>=' | '>';

interface Comparison {
  readonly operator: Operator;
  readonly version: string;
}

const accepts: Readonly<Record<Operator, (order: number) => boolean>> = {
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '=': (order) => order === 0,
  '!=': (order) => order !== 0,
  '>=': (order) => order >= 0,
  '>': (order) => order > 0,
};

function isOperator(text: string): text is Operator {
  return Object.hasOwn(accepts, text);
}

/** Undefined when malformed. */
export function parseComparison(text: string): Comparison | undefined {
  const [, operator = '', version = ''] = /^([<>]=?|!?=) ?([^\s<>=][!-~]*)$/.exec(text) ?? [];
  return isOperator(operator) ? { operator, version } : undefined;
}

/** In the order of the kind of package; negative when the first is older. */
export function compareVersions(type: PackageType, a: string, b: string): number {
  return orders[type](a, b);
}

export function holds({ operator, version }: Comparison, type: PackageType, installed: string): boolean {
  return accepts[operator](compareVersions(type, installed, version));
}
