/** Signatures by a known and fit key that must count for nothing. */
import { createHash } from 'node:crypto';
import { toSignedBytes } from '../../../protocol/action/envelope.ts';
import { type Attack, must } from '../attack.ts';
import { signRaw, toSignaturePacket } from '../raw-signature.ts';
import { signatureTricks, toArmor } from '../signature-tricks.ts';

const tricks: readonly Attack[] = signatureTricks.map(({ says, forge, outcome }) => ({
  name: `signature ${says}`,
  tried: `a signature ${says}, by a key that has the weight`,
  run: async (stage) => {
    const { action } = await stage.compose();
    const bytes = toSignedBytes(action);
    const signatures = [await forge(bytes, stage.people.rsa.key)];
    return stage.refuses(action, { payload: bytes.toString('base64'), signatures }, [
      outcome === 'signed-later' ? 'not-yet-valid' : 'bad-signature',
      'malformed',
      'unknown-signer',
    ]);
  },
}));

/** The first 320 bytes of the two files of https://shattered.io (Stevens et al., 2017), which have one SHA-1. */
const shattered = (() => {
  const head =
    '255044462d312e330a25e2e3cfd30a0a0a312030206f626a0a3c3c2f57696474682032203020522f4865696768742033203020522f547970652034203020522f' +
    '537562747970652035203020522f46696c7465722036203020522f436f6c6f7253706163652037203020522f4c656e6774682038203020522f42697473506572' +
    '436f6d706f6e656e7420383e3e0a73747265616d0affd8fffe00245348412d3120697320646561642121212121852fec092339759c39b1a1c63c4c97e1fffe01';
  const blocks = [
    '7f46dc93a6b67e013b029aaa1db2560b45ca67d688c7f84b8c4c791fe02b3df614f86db1690901c56b45c1530afedfb76038e972722fe7ad728f0e4904e046c2' +
      '30570fe9d41398abe12ef5bc942be33542a4802d98b5d70f2a332ec37fac3514e74ddc0f2cc1a874cd0c78305a21566461309789606bd0bf3f98cda8044629a1',
    '7346dc9166b67e118f029ab621b2560ff9ca67cca8c7f85ba84c79030c2b3de218f86db3a90901d5df45c14f26fedfb3dc38e96ac22fe7bd728f0e45bce046d2' +
      '3c570feb141398bb552ef5a0a82be331fea48037b8b5d71f0e332edf93ac3500eb4ddc0decc1a864790c782c76215660dd309791d06bd0af3f98cda4bc4629b1',
  ];
  return blocks.map((block) => Buffer.from(head + block, 'hex'));
})();

const collision: Attack = {
  name: 'SHA-1 collision pair',
  tried: 'a SHA-1 signature of one file, under another file of the same SHA-1',
  run: async (stage) => {
    const [one, other] = shattered;
    if (one === undefined || other === undefined) throw new Error('expected a pair');
    const sha1 = (bytes: Buffer) => createHash('sha1').update(bytes).digest('hex');
    must(!one.equals(other) && sha1(one) === sha1(other), 'the pair is no collision');
    const signatures = [toArmor(toSignaturePacket(signRaw(one, stage.people.rsa.key, { hash: 'sha1' })))];
    const { action } = await stage.compose();
    return stage.refuses(action, { payload: other.toString('base64'), signatures }, ['bad-signature']);
  },
};

export const signatureAttacks: readonly Attack[] = [...tricks, collision];
