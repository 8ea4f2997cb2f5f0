/** A change of these makes another library. */
export const libraryFlags: readonly string[];

/** zig's name for this machine, with the oldest C library that what is built here must load on. */
export const hostTriple: string;

export interface ZigFolder {
  /** Absolute path of its package. */
  readonly folder: string;
  /** Says where it keeps what it has made. */
  readonly env: NodeJS.ProcessEnv;
}

/** @param toolchain where it is installed. @param root the repository. */
export function findZig(toolchain: string, root: string): ZigFolder;

/** Ends when the library is there, or could not be built; ends at once when it was there. */
export function buildLibrary(zig: ZigFolder, triple: string): Promise<void>;
