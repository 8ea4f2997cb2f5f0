import { describe, it } from 'node:test';
import { checkAnyTexts, checkOrder } from '../testing/check-order.ts';
import { compareApk } from './apk.ts';

describe('the order of apk', () => {
  it('sorts a list of versions that covers every rule', () =>
    checkOrder(compareApk, [
      ['0.1_alpha'],
      ['0.1_alpha1'],
      ['0.1_beta2'],
      ['0.1_pre'],
      ['0.1_rc1'],
      ['0.1_rc10-r3'],
      ['0.1'],
      ['0.1-r0'],
      ['0.1-r1'],
      ['0.1-r10'],
      ['0.1_cvs'],
      ['0.1_git20230101'],
      ['0.1_p1'],
      ['0.1a'],
      ['0.1b'],
      ['0.1.0'],
      ['0.1.01'],
      ['0.1.1'],
      ['0.1.10'],
      ['0.2', '00.2'],
      ['0.10'],
      ['5.9.2p1-r0'],
      ['5.9.2p1-r1'],
      ['5.9.2p2-r0'],
      ['99999999999999999999'],
      ['100000000000000000000'],
    ]));

  it('takes any texts', () => checkAnyTexts(compareApk, '0129ab._-r~p+é'));
});
