/** The parsers of encrypted messages from a relay, and of their decrypted content. */
import assert from 'node:assert/strict';
import { createMessage, encrypt, generateKey, readMessage } from 'openpgp';
import { maximumPlainBytes, readEncryptedMessage, readLiteral } from '../../../protocol/encrypted-message.ts';
import { encryptPackets, toCompressedPacket, toLiteralPacket } from '../../lab/encrypt-packets.ts';
import { type FuzzTarget, takenOrRefused, toSeeds } from '../target.ts';

async function newKey(name: string) {
  const { privateKey } = await generateKey({ userIDs: [{ name }], format: 'object' });
  return privateKey.toPublic();
}

/** For whom the library holds the message; for nobody when it does not take it. */
async function readByLibrary(bytes: Buffer): Promise<string[]> {
  try {
    const message = await readMessage({ binaryMessage: bytes });
    return message.getEncryptionKeyIDs().map((id) => id.toHex().toUpperCase());
  } catch {
    return [];
  }
}

const encryptedMessage: FuzzTarget = {
  name: 'encrypted-message',
  side: 'investigator',
  holds: 'whoever a library sees as a reader of the message is one of its recipients',
  prepare: async () => {
    const [alice, bob] = [await newKey('alice'), await newKey('bob')];
    const message = await createMessage({ text: 'a reply key' });
    const both = await encrypt({ message, encryptionKeys: [alice, bob] });
    const hidden = await encrypt({ message, encryptionKeys: [alice, bob], wildcard: true });
    const plain = await encryptPackets(toLiteralPacket(Buffer.from('x')), alice.armor());
    return {
      seeds: toSeeds(String(both), String(hidden), plain, String(both).replace('\n\n', '\nComment: x\n\n')),
      take: async (input) => {
        const read = takenOrRefused(['message-malformed'], () => readEncryptedMessage(input.toString('utf8')));
        if (read === null) return false;
        // The library leaves out packets of unknown algorithms.
        const unseen = [...read.recipients];
        for (const reader of await readByLibrary(read.bytes)) {
          assert.ok(unseen.includes(reader), `the library sees ${reader} beside ${unseen}`);
          unseen.splice(unseen.indexOf(reader), 1);
        }
        return true;
      },
    };
  },
};

const literalPacket: FuzzTarget = {
  name: 'literal-packet',
  side: 'investigator',
  holds: 'nothing is unpacked: what is read is a part of what came, and short',
  prepare: async () => ({
    seeds: [
      toLiteralPacket(Buffer.from('a reply key')),
      toLiteralPacket(Buffer.alloc(maximumPlainBytes, 'k')),
      toCompressedPacket('zip', Buffer.from('x')),
    ],
    take: (input) => {
      const plain = takenOrRefused(['plain-malformed'], () => readLiteral(input));
      if (plain === null) return false;
      assert.ok(plain.length <= maximumPlainBytes);
      assert.ok(input.subarray(-plain.length).equals(plain) || plain.length === 0);
      return true;
    },
  }),
};

export const openpgpMessageTargets: readonly FuzzTarget[] = [encryptedMessage, literalPacket];
