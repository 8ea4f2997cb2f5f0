/** Packages of Rust: programs that cargo installed, and those that were compiled into a program with `cargo auditable`. */
import { inflateSync } from 'node:zlib';
import * as z from 'zod';
import { malformed } from '../../kit/files/malformed.ts';
import { type FoundPackage, isPlain } from './found-package.ts';

export const cargoPath = /\/\.crates(?:2\.json|\.toml)$/;

/** Both files list the same: `"ripgrep 13.0.0 (registry+https://…)"` is a key in each. */
const key = /"([A-Za-z0-9_-]+) (\d[^\s"]*) \([^"\n]*\)"\s*[:=]/g;

export function parseCrates(bytes: Buffer): readonly FoundPackage[] {
  return [...bytes.toString('utf8').matchAll(key)].flatMap(([, name = '', version = '']) =>
    isPlain(name) && isPlain(version) ? [{ type: 'cargo' as const, name, version }] : [],
  );
}

/** The largest known have 100 KB. */
const mostAuditBytes = 16 * 1024 * 1024;

const Audit = z.looseObject({
  packages: z.array(z.looseObject({ name: z.string(), version: z.string(), kind: z.string().optional() })),
});

function unpack(section: Buffer): unknown {
  try {
    return JSON.parse(inflateSync(section, { maxOutputLength: mostAuditBytes }).toString('utf8'));
  } catch {
    throw malformed('JSON that zlib packed', `${section.length} other bytes`);
  }
}

/** @param section `.dep-v0` of a program. @throws CodedError `database-malformed` @see https://github.com/rust-secure-code/cargo-auditable/blob/master/PARSING.md */
export function parseAudit(section: Buffer): readonly FoundPackage[] {
  const { success, data } = Audit.safeParse(unpack(section));
  if (!success) throw malformed('packages with names and versions', 'others');
  return data.packages.flatMap(({ name, version, kind }) =>
    // Those of the build are not in the program.
    kind === 'build' || !isPlain(name) || !isPlain(version) ? [] : [{ type: 'cargo' as const, name, version }],
  );
}
