/** The part of a module that only the investigator's machine has: parsers of files, and commands of its own. */
import type { OperationResult } from '../../protocol/result/result.ts';

/** Files that a person named. @throws CodedError when one cannot be read. */
type ReadFile = (path: string) => Buffer;

/** `mig MODULE FILE …`: the file is the question, and flags say the rest. */
interface DocumentReader {
  /** `policy document` */
  readonly what: string;
  /**
   * Values of fields that were declared by `fromDocument`.
   * @param file its name, for messages.
   * @throws CodedError when the file holds no such document.
   */
  readonly read: (bytes: Buffer, file: string) => Readonly<Record<string, string>>;
}

interface CommandFace {
  /** What follows the word: `FILE [flags]`. */
  readonly operands: string;
  readonly summary: string;
  readonly example: string;
}

/** Asks the question of this machine. Its exit code is that of a check: 0 pass, 1 fail, 3 unknown. */
export interface CheckCommand extends CommandFace {
  readonly kind: 'check';
  readonly judge: (result: OperationResult) => 'pass' | 'fail' | 'unknown';
}

/** Prints a text made of files. */
export interface PrintCommand extends CommandFace {
  readonly kind: 'print';
  /** @throws CodedError usage, and others */
  readonly print: (operands: readonly string[], readFile: ReadFile) => PrintedText;
}

export interface PrintedText {
  /** For standard output, not escaped. */
  readonly text: string;
  /** For standard error, one line each. */
  readonly notes: readonly string[];
}

type LaptopCommand = CheckCommand | PrintCommand;

export interface LaptopPart {
  readonly document?: DocumentReader;
  /** By the word behind that of the module. The words are reserved: a file of that name is written `./WORD`. */
  readonly commands: Readonly<Record<string, LaptopCommand>>;
}

/** Loaders by module. */
export type LaptopTable = Readonly<Record<string, () => Promise<LaptopPart>>>;
