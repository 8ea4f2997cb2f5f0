/** Writes zip archives as Java's tools do. */
import { deflateRawSync } from 'node:zlib';

type Content = string | Uint8Array;

interface ZipForm {
  readonly packs?: boolean;
  /** What stands before the archive. */
  readonly before?: string;
  /** The size that the directory tells of each entry. */
  readonly toldSize?: number;
}

export function toZip(files: Readonly<Record<string, Content>>, form: ZipForm = {}): Buffer {
  const { packs = true, before = '', toldSize } = form;
  const [parts, directory]: [Buffer[], Buffer[]] = [[], []];
  let offset = 0;
  for (const [path, content] of Object.entries(files)) {
    const [name, plain] = [Buffer.from(path), Buffer.from(content)];
    const data = packs ? deflateRawSync(plain) : plain;
    const common = Buffer.alloc(26);
    common.writeUInt16LE(packs ? 8 : 0, 4);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(toldSize ?? plain.length, 18);
    common.writeUInt16LE(name.length, 22);
    const end = Buffer.alloc(14);
    end.writeUInt32LE(offset, 10);
    const [header, entry] = ['PK\x03\x04', 'PK\x01\x02\0\0'].map((mark) => Buffer.from(mark, 'latin1'));
    directory.push(Buffer.concat([entry ?? end, common, end, name]));
    parts.push(Buffer.concat([header ?? end, common, name, data]));
    offset += 30 + name.length + data.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(directory.length, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([Buffer.from(before), ...parts, listed, end]);
}
