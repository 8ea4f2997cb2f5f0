/** Secrets recognized by their first bytes under any name, and files that only resemble them. */
import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { OperationResult, SkipReason } from '../../protocol/result/result.ts';
import { carryOut } from '../kit/carry-out.ts';
import type { ContentRule, Protection } from '../kit/gate.ts';
import { limits } from '../kit/testing/limits.ts';
import { module } from './module.ts';
import { run } from './run.ts';
import { makeTree, type SearchInput, toPaths } from './testing/ask.ts';

const kinds: readonly ContentRule['kind'][] = [
  'private-key',
  'password-hashes',
  'memory-image',
  'agent-key',
  'agent-executable',
];

/** @param mayRead for the people who ask. */
function contentRules(mayRead: boolean, questions = 100): Protection {
  return { rules: [], contents: kinds.map((kind) => ({ kind, mayRead })), questions };
}

function ask(search: SearchInput, protection: Protection): Promise<OperationResult> {
  const options = { matchall: true, ...search.options };
  return carryOut(
    module,
    run,
    { searches: { s1: { ...search, options } } },
    { signal: new AbortController().signal, limits, protection },
  );
}

function skippedBy({ receipt }: OperationResult, why: SkipReason = 'protected'): number {
  return receipt.skipped.find(({ reason }) => reason === why)?.count ?? 0;
}

/** As Node writes it. */
function toBytes(key: KeyObject, type: 'pkcs1' | 'pkcs8', format: 'pem' | 'der'): Buffer {
  return format === 'pem' ? Buffer.from(key.export({ type, format })) : key.export({ type, format });
}

function keyAs(type: 'pkcs1' | 'pkcs8', format: 'pem' | 'der'): Buffer {
  return toBytes(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey, type, format);
}

function edKey(format: 'pem' | 'der'): Buffer {
  return toBytes(generateKeyPairSync('ed25519').privateKey, 'pkcs8', format);
}

/** @param at offset of the bytes in a file of zeros. */
function zerosWith(bytes: string | Buffer, at: number): Buffer {
  const file = Buffer.alloc(at + 4096);
  Buffer.from(bytes).copy(file, at);
  return file;
}

function elf(kind: number, padding = ''): Buffer {
  const file = zerosWith(Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]), 0);
  file.write(padding, 9);
  file.writeUInt16LE(kind, 16);
  return file;
}

const certificate = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
const opensshKey = '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEA\n-----END OPENSSH PRIVATE KEY-----\n';

const secrets: Readonly<Record<string, string | Buffer>> = {
  'PEM, PKCS #8': keyAs('pkcs8', 'pem'),
  'PEM, PKCS #1': keyAs('pkcs1', 'pem'),
  'PEM, Ed25519': edKey('pem'),
  'PEM, encrypted': '-----BEGIN ENCRYPTED PRIVATE KEY-----\nMII\n',
  'PEM with lines of Windows': '\r\n-----BEGIN PRIVATE KEY-----\r\nMII\r\n',
  'PEM behind a chain of certificates': `${certificate.repeat(40)}${opensshKey}`,
  'DER, PKCS #8': keyAs('pkcs8', 'der'),
  'DER, PKCS #1': keyAs('pkcs1', 'der'),
  'DER, Ed25519': edKey('der'),
  OpenSSH: opensshKey,
  OpenPGP: '-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nlQ\n',
  PuTTY: 'PuTTY-User-Key-File-3: ssh-ed25519\n',
  age: '# created: 2026-01-01T00:00:00Z\n# public key: age1\nAGE-SECRET-KEY-1QQ\n',
  LUKS: Buffer.from('4c554b53babe0002', 'hex'),
  shadow: 'root:$y$j9T$abc$def:19000:0:99999:7:::\nbin:*:19000:0:99999:7:::\n',
  'shadow behind a byte order mark': '\ufeffroot:$y$j9T$abc$def:19000:0:99999:7:::\n',
  'key in UTF-16': Buffer.from(`\ufeff${opensshKey}`, 'utf16le'),
  'key in UTF-16 without a mark': Buffer.from(String(keyAs('pkcs8', 'pem')), 'utf16le').swap16(),
  'shadow without a password of root': 'root:*:19000:0:99999:7:::\nann:$6$a$b:19000:0:99999:7:::\n',
  'shadow with a locked password': 'ann:!$6$a$b:19000:0:99999:7:::\n',
  gshadow: 'root:*::\nadm:*::ann\n',
  'passwords of a web server': '# users\nann:$apr1$abc$def\n',
  'core of an ELF program': elf(4),
  'swap, pages of 4 KiB': zerosWith('SWAPSPACE2', 4096 - 10),
  'swap, pages of 64 KiB': zerosWith('SWAPSPACE2', 65_536 - 10),
  hibernation: zerosWith('S1SUSPEND', 4096 - 10),
  minidump: Buffer.from('4d444d5093a70000', 'hex'),
  'dump of the kernel of Windows': 'PAGEDU64',
  "agent's key": JSON.stringify({ privatekey: edKey('der').toString('base64'), machine: 'x' }),
  "agent's executable, Linux": elf(2, 'MIGAGNT'),
  "agent's executable, Windows": Buffer.concat([Buffer.from('MZ'), zerosWith('MIGAGNT', 0x26)]),
  "agent's executable, macOS": Buffer.concat([Buffer.from('cffaedfe', 'hex'), zerosWith('MIGA', 24)]),
};

const harmless: Readonly<Record<string, string | Buffer>> = {
  'a certificate': certificate,
  'a bundle of certificates': certificate.repeat(300),
  'a public key': '-----BEGIN PUBLIC KEY-----\nMCow\n-----END PUBLIC KEY-----\n',
  'a public key of OpenSSH': 'ssh-ed25519 AAAA ann@host\n',
  'a text about keys': 'It begins with -----BEGIN PRIVATE KEY-----, which marks a PRIVATE KEY----- in PEM.\n',
  'code that makes keys': "const begin = '-----BEGIN RSA PRIVATE KEY-----';\n",
  passwd: 'root:x:0:0:root:/root:/bin/bash\n',
  group: 'root:x:0:\nadm:x:4:ann\n',
  'group of BSD': 'wheel:*:0:root\n',
  'a file of settings': 'password:$HOME/secret\nuser: $1\n',
  'a program': elf(2),
  'a library': elf(3),
  'a certificate in DER': Buffer.from('308201223081c9a003020102', 'hex'),
  'a request in JSON': '{"privatekey":"none"}',
  'a text that mentions swap': 'SWAPSPACE2 is a signature\n'.repeat(1000),
};

describe('what is known by its first bytes', () => {
  for (const [says, content] of Object.entries(secrets))
    it(`is protected: ${says}`, async () => {
      const tree = makeTree({ 'a/notes': Buffer.from(content), 'b/packed': gzipSync(content) });
      const questions: readonly SearchInput[] = [
        { paths: [tree.path], contents: ['!nothing like it'], options: { decompress: true } },
        { paths: [tree.path], bytes: ['cafe00babe'], options: { decompress: true, mismatch: ['bytes'] } },
        { paths: [tree.path], sha2: ['0'.repeat(64)], options: { decompress: true, mismatch: ['sha2'] } },
      ];
      for (const question of questions) {
        const answer = await ask(question, contentRules(false));
        assert.deepEqual(toPaths(module.elements.parse(answer.elements).s1), []);
        assert.equal(skippedBy(answer), 2);
      }
      const digest: SearchInput = { paths: [tree.at('a')], md5: ['0'.repeat(32)], options: { mismatch: ['md5'] } };
      assert.equal(skippedBy(await ask(digest, contentRules(false))), 1);
      const named = await ask({ paths: [tree.at('a/notes')], contents: ['!no'] }, contentRules(false));
      assert.equal(named.success, false);
    });

  for (const [says, content] of Object.entries(harmless))
    it(`stays open: ${says}`, async () => {
      const tree = makeTree({ 'a/notes': Buffer.from(content), 'b/packed': gzipSync(content) });
      const question = { paths: [tree.path], contents: ['!nothing like it'], options: { decompress: true } };
      const answer = await ask(question, contentRules(false));
      assert.equal(toPaths(module.elements.parse(answer.elements).s1).length, 2);
      assert.equal(skippedBy(answer), 0);
    });

  it('is read for those who may, and each question counts', async () => {
    const tree = makeTree({ notes: opensshKey });
    const question = { paths: [tree.path], contents: ['b3Blbn', 'no'], options: { matchall: false } };
    const answer = await ask(question, contentRules(true));
    assert.equal(answer.foundanything, true);
    assert.equal(answer.receipt.protectedquestions, 2);
    assert.equal(skippedBy(await ask(question, contentRules(true, 1)), 'question-limit'), 1);
  });
});
