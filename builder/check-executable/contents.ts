/** Checks without running an executable that its parts are inside, whole and switched on. */
import { CodedError } from '../../protocol/base/coded-error.ts';
import type { BuildCode } from '../bundle.ts';
import { verifyCodeSignature } from '../mach-o/code-signature.ts';
import type { BuildTarget } from '../package/target.ts';

/** The mark by which Node knows that it carries a program. It is in two pieces here: no bundle may hold it whole. */
const fuse = ['NODE_SEA', 'FUSE_fce680ab2cc467b6e072b8b5df1996b2:'].join('_');

/**
 * @param parts what must be inside, byte for byte.
 * @returns what was found, for the manifest.
 * @throws CodedError<BuildCode> check-failed; CodedError<MachOCode> when the signature of one for macOS does not hold
 */
export function checkContents(file: Buffer, { os }: Pick<BuildTarget, 'os'>, parts: readonly Uint8Array[]): string {
  if (!file.includes(`${fuse}1`))
    throw new CodedError<BuildCode>(
      'check-failed',
      'expected an executable that knows of its program, got one that does not',
    );
  if (!parts.every((part) => file.includes(Buffer.from(part.buffer, part.byteOffset, part.byteLength))))
    throw new CodedError<BuildCode>('check-failed', 'expected the bundle and the native part in the executable');
  if (os !== 'darwin') return 'bundle and native part are whole';
  const { pages, isAdHoc } = verifyCodeSignature(file);
  return `bundle and native part are whole, the signature${isAdHoc ? ' (ad hoc)' : ''} holds for all ${pages} pages`;
}
