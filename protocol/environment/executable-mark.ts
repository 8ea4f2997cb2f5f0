/**
 * The mark in the header of an agent's executable, where each format has bytes that nothing reads. Agents know every copy by
 * it and look into none, since the relay's password is in there. `native/content/secret_kind.cc` knows the same places.
 * @see elf(5) on EI_PAD; https://learn.microsoft.com/windows/win32/debug/pe-format on the MS-DOS stub; mach-o/loader.h
 */

/** Raised when the mark becomes another one, so that caches notice. */
export const markVersion = 1;

interface Format {
  /** Of the executable's first bytes, latin1. */
  readonly magic: string;
  readonly offset: number;
  readonly mark: string;
}

const formats: readonly Format[] = [
  { magic: '\x7fELF', offset: 9, mark: 'MIGAGNT' },
  { magic: 'MZ', offset: 0x28, mark: 'MIGAGNT' },
  { magic: '\xcf\xfa\xed\xfe', offset: 28, mark: 'MIGA' },
];

/** Undefined when the bytes are of no format that agents have. */
export function findMarkFormat(head: Buffer): Format | undefined {
  return formats.find(({ magic }) => head.toString('latin1', 0, magic.length) === magic);
}

export function hasAgentMark(head: Buffer): boolean {
  const format = findMarkFormat(head);
  return (
    format !== undefined && head.toString('latin1', format.offset, format.offset + format.mark.length) === format.mark
  );
}
