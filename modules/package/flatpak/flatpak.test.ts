import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { askBelow, makeSystem } from '../testing/system.ts';

/** As flatpak serialises it, with other pairs around the version. */
function toDeploy(origin: string, version: string): string {
  const pairs = `deploy-version\0\0\x04\0\0\0\0i\0\0\0\0\0\0\0appdata-name\0\0\0\0GIMP\0\0s\0appdata-version\0${version}\0\0s`;
  return `${origin}\0${'a1'.repeat(32)}\0\0\0\0\0\x01\x02\x03\0\0\0\0\0${pairs}`;
}

describe('the folders of flatpak', () => {
  it('have applications and runtimes of the system and of users', async (context) => {
    const root = makeSystem(context, {
      'var/lib/flatpak/app/org.gimp.GIMP/x86_64/stable/abc/deploy': toDeploy('flathub', '2.10.36'),
      'var/lib/flatpak/runtime/org.gnome.Platform/x86_64/45/active/deploy': 'fedora\0',
      'var/lib/flatpak/runtime/org.gnome.Platform/x86_64/44/gone': '',
      'home/ann/.local/share/flatpak/app/org.x.Y/aarch64/beta/active/deploy': toDeploy('own', '1'),
    });
    symlinkSync('abc', join(root, 'var/lib/flatpak/app/org.gimp.GIMP/x86_64/stable/active'));
    symlinkSync('x86_64/stable', join(root, 'var/lib/flatpak/app/org.gimp.GIMP/current'));
    const { hits, receipt } = await askBelow(root).ask({ types: ['flatpak'] });
    const common = { type: 'flatpak', status: 'installed' };
    assert.deepEqual(hits, [
      { name: 'org.gimp.GIMP', version: '2.10.36', ...common, arch: 'x86_64', stream: 'stable', origin: 'flathub' },
      { name: 'org.gnome.Platform', version: null, ...common, arch: 'x86_64', stream: '45' },
      { name: 'org.x.Y', version: '1', ...common, arch: 'aarch64', stream: 'beta', origin: 'own' },
    ]);
    assert.deepEqual(
      receipt.sources?.map(({ path, entries, complete }) => [path?.slice(root.length), entries, complete]),
      [
        ['/var/lib/flatpak', 2, true],
        ['/home/ann/.local/share/flatpak', 1, true],
      ],
    );
  });
});
