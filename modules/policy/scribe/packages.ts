/** The packages of a host, by the names that scribe documents have for them. */
import { native } from '../../../native/index.ts';
import type { InnerAnswer, InnerElement } from '../../kit/inner/inner-question.ts';
import type { Candidate, Candidates } from './candidates.ts';
import type { ScribePackage } from './document.ts';

interface Installed {
  readonly name: string;
  readonly arch: string;
  readonly version: string;
  readonly element: InnerElement;
}

function toInstalled(element: InnerElement): Installed {
  const { name, arch, version } = element.toCells();
  return { name: String(name ?? ''), arch: String(arch ?? ''), version: String(version ?? ''), element };
}

export class HostPackages {
  readonly #answer: InnerAnswer;
  readonly #installed: readonly Installed[];
  /** By name, and by `name:arch`. */
  readonly #byName = new Map<string, Installed[]>();
  readonly #archs: ReadonlySet<string>;

  constructor(answer: InnerAnswer) {
    this.#answer = answer;
    this.#installed = answer.elements.map(toInstalled);
    this.#archs = new Set(this.#installed.map(({ arch }) => arch));
    for (const one of this.#installed)
      for (const name of [one.name, `${one.name}:${one.arch}`]) {
        const known = this.#byName.get(name);
        if (known === undefined) this.#byName.set(name, [one]);
        else known.push(one);
      }
  }

  /** @param expand variables of the document. @throws CodedError bad-pattern */
  find({ name, collectmatch, onlynewest }: ScribePackage, expand: (text: string) => string): Candidates {
    const wanted = expand(name);
    const found = (collectmatch ?? '') === '' ? (this.#byName.get(wanted) ?? []) : this.#match(collectmatch ?? '');
    const list = (onlynewest === true ? newestOf(found) : found).map(toCandidate);
    const { doubts, failure } = this.#answer;
    const candidates = { list, doubts, failure };
    return list.length === 0 && this.#isOfOtherArch(wanted) ? { ...candidates, isInapplicable: true } : candidates;
  }

  #match(pattern: string): Installed[] {
    const fits = native().compilePattern(pattern);
    return this.#installed.filter(({ name, arch }) =>
      [name, `${name}:${arch}`].some((text) => fits(Buffer.from(text))),
    );
  }

  /** `libc6:amd64` where no package is of that architecture. */
  #isOfOtherArch(wanted: string): boolean {
    const arch = /:([a-z0-9-]+)$/.exec(wanted)?.[1];
    return arch !== undefined && this.#installed.length > 0 && !this.#archs.has(arch);
  }
}

function newestOf(found: readonly Installed[]): readonly Installed[] {
  const [first, ...others] = found;
  if (first === undefined) return [];
  const isNewer = (one: Installed, than: Installed): boolean => (one.element.order('version', than.version) ?? 0) > 0;
  return [others.reduce((newest, one) => (isNewer(one, newest) ? one : newest), first)];
}

function toCandidate({ name, version, element }: Installed): Candidate {
  return { identifier: name, value: version, element };
}
