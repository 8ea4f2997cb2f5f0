import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { isWeakHash, type Scheme, toScheme } from './scheme.ts';

const r = (count: number): string => 'Ab./9'.repeat(100).slice(0, count);

describe('the scheme of a hash', () => {
  const cases: readonly (readonly [string, Scheme | null, weak?: 'weak'])[] = [
    [`$y$j9T$${r(22)}$${r(43)}`, 'yescrypt'],
    [`$gy$j9T$${r(22)}$${r(43)}`, 'gost-yescrypt'],
    [`$7$${r(20)}$${r(43)}`, 'scrypt'],
    [`$2b$12$${r(53)}`, 'bcrypt'],
    [`$2y$07$${r(53)}`, 'bcrypt', 'weak'],
    [`$2x$12$${r(53)}`, 'bcrypt', 'weak'],
    [`$2$12$${r(53)}`, 'bcrypt', 'weak'],
    [`$6$salt$${r(86)}`, 'sha512'],
    [`$6$$${r(86)}`, 'sha512'],
    [`$6$rounds=100000$salt$${r(86)}`, 'sha512'],
    [`$6$rounds=1000$salt$${r(86)}`, 'sha512', 'weak'],
    [`$5$salt$${r(43)}`, 'sha256'],
    [`$5$rounds=4999$salt$${r(43)}`, 'sha256', 'weak'],
    [`$sha1$40000$${r(8)}$${r(28)}`, 'sha1', 'weak'],
    [`$md5,rounds=5000$${r(8)}$$${r(22)}`, 'sunmd5', 'weak'],
    [`$1$saltsalt$${r(22)}`, 'md5', 'weak'],
    [`$3$$${'0f'.repeat(16)}`, 'nt', 'weak'],
    [`_J9..${r(15)}`, 'bsdi', 'weak'],
    [r(13), 'des', 'weak'],
    [r(24), 'bigcrypt', 'weak'],
    ['$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$aGFzaA', 'other'],
    ['', null],
    ['x', null],
    ['*', null],
    ['NP', null],
    [r(12), null],
    [`$6$salt$${r(85)}`, 'other'],
    ['$6$', null],
  ];
  for (const [hash, scheme, weak] of cases)
    it(`${hash.slice(0, 24)}… is ${scheme}${weak === undefined ? '' : ', which is weak'}`, () => {
      assert.equal(toScheme(hash), scheme);
      if (scheme !== null) assert.equal(isWeakHash(hash, scheme), weak === 'weak');
    });

  const options: readonly (readonly [Scheme, option: string])[] = [
    ['md5', '-1'],
    ['sha256', '-5'],
    ['sha512', '-6'],
  ];
  for (const [scheme, option] of options)
    it(`is known for what openssl passwd ${option} makes`, (context) => {
      const { status, stdout } = spawnSync('openssl', ['passwd', option, 'secret'], { encoding: 'utf8' });
      if (status !== 0) return context.skip('openssl is not installed');
      assert.equal(toScheme(stdout.trim()), scheme);
    });
});
