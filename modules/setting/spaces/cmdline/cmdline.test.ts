import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { askerOf } from '../../../kit/testing/ask.ts';
import { makeHost } from '../../../kit/testing/host.ts';
import { module } from '../../module.ts';
import { runBelow } from '../../run.ts';

const running =
  'root=/dev/sda1 ro quiet console=tty0 console=ttyS0 mitigations=off rd.password=hunter2 "a=b c" -- x=1\n';

async function read(files: Readonly<Record<string, string>>, key: string) {
  const host = makeHost({ '/proc/cmdline': running, ...files });
  const { ask } = askerOf(module, runBelow(host.root));
  const [hit] = (await ask({ settings: [key], options: { verdicts: true } })).hits;
  const changes = (await ask({ settings: [`${key} now!=boot`], options: { verdicts: true } })).hits[0]?.holds;
  return { now: hit?.now, boot: hit?.boot, line: hit?.from?.line, changes };
}

/** As update-grub of Debian writes it. */
const grub = (chosen: string) => `set default="${chosen}"
if [ "\${next_entry}" ] ; then
   set default="\${next_entry}"
fi
menuentry 'Debian' {
  linux /boot/vmlinuz root=UUID=1 ro quiet mitigations=auto
}
menuentry 'Debian (recovery mode)' {
  linux /boot/vmlinuz root=UUID=1 ro single mitigations=auto
}
`;

describe('a parameter of the kernel', () => {
  it('has every value that it was given, and no secret', async () => {
    assert.deepEqual((await read({}, 'cmdline:console')).now, ['tty0', 'ttyS0']);
    assert.deepEqual((await read({}, 'cmdline:a')).now, ['b c']);
    assert.deepEqual((await read({}, 'cmdline:quiet')).now, ['']);
    assert.deepEqual((await read({}, 'cmdline:rd.password')).now, ['<redacted>']);
    assert.equal((await read({}, 'cmdline:x')).now, null);
  });

  it('is known for the next start by the entry that GRUB starts', async () => {
    assert.deepEqual(await read({ '/boot/grub/grub.cfg': grub('0') }, 'cmdline:mitigations'), {
      now: ['off'],
      boot: ['auto'],
      line: 6,
      changes: 'yes',
    });
    assert.equal((await read({ '/boot/grub/grub.cfg': grub('0') }, 'cmdline:single')).boot, null);
  });

  it('is unknown where the entries do not agree and any may start', async () => {
    const saved = { '/boot/grub2/grub.cfg': grub('$' + '{saved_entry}') };
    assert.deepEqual((await read(saved, 'cmdline:mitigations')).boot, ['auto']);
    assert.equal((await read(saved, 'cmdline:quiet')).changes, 'unknown');
  });

  it('is in the entries of other loaders, with their variables', async () => {
    const entries = {
      '/boot/loader/entries/a.conf': 'title A\noptions root=/dev/sda1 $kernelopts\noptions quiet\n',
      '/boot/loader/entries/b.conf': 'title B\noptions root=/dev/sda1 quiet mitigations=off\n',
      '/boot/grub2/grubenv': '# GRUB Environment Block\nkernelopts=ro mitigations=off\n####\n',
    };
    assert.deepEqual((await read(entries, 'cmdline:mitigations')).boot, ['off']);
    assert.equal((await read(entries, 'cmdline:mitigations')).changes, 'no');
    assert.equal((await read(entries, 'cmdline:ro')).changes, 'unknown');
  });

  it('is unknown for the next start where no loader is seen, or a kernel has its line inside', async () => {
    assert.equal((await read({}, 'cmdline:quiet')).changes, 'unknown');
    const unified = { '/boot/grub/grub.cfg': grub('0'), '/efi/EFI/Linux/a.efi': '' };
    assert.equal((await read(unified, 'cmdline:mitigations')).changes, 'unknown');
  });
});
