/** The files of packages that are not as their package brought them. */
import type { Host } from '../../kit/files/host.ts';
import { toText } from '../../kit/files/latin1-text.ts';
import type { SourceWork } from '../../kit/listing/run-listing.ts';
import type { ExpectedFile } from '../../kit/packages/expected-file.ts';
import { verifyFiles } from '../../kit/packages/verify.ts';
import type { PackageRow } from '../columns.ts';

/** A package, and what it says of its files. */
export interface PackageFiles {
  readonly row: PackageRow;
  readonly files: Iterable<ExpectedFile>;
}

interface Pending {
  readonly row: PackageRow;
  readonly file: ExpectedFile;
}

/** Verified at once: fewer cost more starts, more cost memory. */
const filesAtOnce = 50_000;

export class AlteredFiles {
  readonly #host: Host;
  readonly #work: SourceWork;
  readonly #namesOf: (path: string) => readonly string[];
  #pending: Pending[] = [];

  /** @param namesOf the names under which the question is about a file, by its path; all in Latin-1. */
  constructor(host: Host, work: SourceWork, namesOf: (path: string) => readonly string[]) {
    this.#host = host;
    this.#work = work;
    this.#namesOf = namesOf;
  }

  /** Rows of the files that were verified meanwhile. */
  async *add({ row, files }: PackageFiles): AsyncGenerator<PackageRow> {
    for (const file of files) {
      if (this.#namesOf(file.path).length > 0) this.#pending.push({ row, file });
      if (this.#pending.length >= filesAtOnce) yield* this.finish();
    }
  }

  /** Rows of all that were added. */
  async *finish(): AsyncGenerator<PackageRow> {
    const pending = this.#pending;
    this.#pending = [];
    if (pending.length === 0 || this.#work.signal.aborted) return;
    const verdicts = await verifyFiles(
      this.#host,
      pending.map(({ file }) => file),
      this.#work,
    );
    for (const [index, { row, file }] of pending.entries()) {
      const verdict = verdicts[index];
      if (verdict?.kind !== 'altered') continue;
      for (const name of this.#namesOf(file.path))
        yield { ...row, file: toText(name), is: 'altered', change: verdict.differs, role: file.role };
    }
  }
}
