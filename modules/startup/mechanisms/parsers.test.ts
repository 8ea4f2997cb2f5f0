/** The parsers of mechanisms: tables of what they make of a line, and of any bytes. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Stopwatch } from '../../../tests/stopwatch.ts';
import { parseAptConf } from '../../kit/apt/apt-conf.ts';
import { parseModprobe } from '../../kit/modprobe/modprobe-lines.ts';
import { isAptCommand } from './apt-commands.ts';
import { toDesktopWords } from './desktop-words.ts';
import * as hooks from './hook-lines.ts';
import { parseInittab } from './inittab.ts';
import { parseKernelParameters, parseModuleNames } from './kernel-lines.ts';
import { parseKeyFile } from './key-file.ts';
import { parseLibraryVariables, parseLinkerFolders, parsePreload } from './linker-lines.ts';
import { toLogicalLines } from './logical-lines.ts';
import { parsePam, toPamCommand } from './pam-line.ts';
import { parseUdevRules } from './udev-rule.ts';

const plain = (found: Iterable<object>): object[] => [...found].map((one) => ({ ...one }));

it('lines are continued by a backslash, but comments are not', () =>
  assert.deepEqual(plain(toLogicalLines('# a\\\nb \\\n  c\n\n;d\n e\\', '#;')), [
    { line: 2, text: 'b    c' },
    { line: 6, text: 'e' },
  ]));

it('a key file has groups, keys and values with any sign in them', () =>
  assert.deepEqual(plain(parseKeyFile('x=0\n[A B]\n#c\nExec = env A=b x\n=\nname\n[C]\ny=\n')), [
    { line: 1, group: '', key: 'x', value: '0' },
    { line: 4, group: 'A B', key: 'Exec', value: 'env A=b x' },
    { line: 8, group: 'C', key: 'y', value: '' },
  ]));

it('Exec of a desktop entry loses its codes and escapes', () => {
  assert.equal(toDesktopWords('"/opt/a b/x" %U --p=100%% a\\sb \\\\$x'), '"/opt/a b/x"  --p=100% a b \\$x');
});

describe('a line of PAM', () => {
  const cases: readonly (readonly [string, object | undefined])[] = [
    ['auth required pam_unix.so nullok', { module: 'pam_unix.so', words: ['nullok'] }],
    ['-session  [success=1 default=ignore]\t/x/y.so [a b] # c', { module: '/x/y.so', words: ['a b'] }],
    [
      'session optional \\\n  pam_exec.so seteuid /bin/x A=b',
      { module: 'pam_exec.so', words: ['seteuid', '/bin/x', 'A=b'] },
    ],
    ['@include common-auth', undefined],
    ['auth include system-auth', undefined],
    ['auth substack system-auth', undefined],
    ['# auth required pam_x.so', undefined],
    ['auth required', undefined],
    ['audit required pam_x.so', undefined],
  ];
  for (const [text, expected] of cases)
    it(`${JSON.stringify(text)} ${expected === undefined ? 'loads nothing' : 'loads a module'}`, () =>
      assert.deepEqual(plain(parsePam(text)), expected === undefined ? [] : [{ line: 1, ...expected }]));

  it('names the service in pam.conf', () =>
    assert.deepEqual(plain(parsePam('login auth required x.so', true)), [
      { line: 1, service: 'login', module: 'x.so', words: [] },
    ]));

  it('runs a command behind the options of pam_exec', () => {
    assert.equal(toPamCommand('pam_exec.so', ['seteuid', 'log=/x y', '/bin/x', 'quiet']), '/bin/x quiet');
    assert.equal(toPamCommand('/lib/security/pam_exec.so', ['quiet']), undefined);
    assert.equal(toPamCommand('pam_unix.so', ['/bin/x']), undefined);
  });
});

describe('a rule of udev', () => {
  const cases: readonly (readonly [string, ...(readonly [string, string])[]])[] = [
    ['ACTION=="add", RUN+="/bin/x %k", RUN{program}+="y"', ['RUN', '/bin/x %k'], ['RUN', 'y']],
    ['RUN{builtin}+="kmod load", RUN-="z", RUN=="n", RUN=""'],
    [
      'PROGRAM=="/bin/a", PROGRAM!="/bin/b", PROGRAM="c"',
      ['PROGRAM', '/bin/a'],
      ['PROGRAM', '/bin/b'],
      ['PROGRAM', 'c'],
    ],
    [
      'IMPORT{program}="ata_id --export $devnode", IMPORT{builtin}="x"',
      ['IMPORT{program}', 'ata_id --export $devnode'],
    ],
    [
      'ENV{SYSTEMD_WANTS}+="x.service", ENV{SYSTEMD_USER_WANTS}="y", ENV{A}="b"',
      ['ENV{SYSTEMD_WANTS}', 'x.service'],
      ['ENV{SYSTEMD_USER_WANTS}', 'y'],
    ],
    ['ENV{SYSTEMD_WANTS}=="x.service"'],
    ['SUBSYSTEM=="usb", \\\n  RUN += "/bin/sh -c \'echo \\"a\\"\'"', ['RUN', '/bin/sh -c \'echo "a"\'']],
    ['# RUN+="/bin/x"'],
    ['RUN+="not closed'],
  ];
  for (const [text, ...expected] of cases)
    it(`${JSON.stringify(text)} starts ${expected.length}`, () =>
      assert.deepEqual(
        plain(parseUdevRules(text)),
        expected.map(([key, command]) => ({ line: 1, key, command })),
      ));
});

it('apt names commands in groups, lists and comments', () => {
  const text = `// DPkg::Post-Invoke "no";
/* DPkg::Post-Invoke "no";
*/ DPkg::Post-Invoke {"rm -f /x || true"; "b c";};
APT { Update { Post-Invoke-Success:: "d"; } Periodic::Enable 1; };
# DPkg::Pre-Invoke "no";
DPkg::Pre-Install-Pkgs:: "/usr/sbin/x --apt || true"; Acquire::http::Proxy-Auto-Detect /opt/y;
`;
  assert.deepEqual(
    [...parseAptConf(text)].map(({ line, name, value }) => `${line} ${name} ${value}${isAptCommand(name) ? ' !' : ''}`),
    [
      '3 DPkg::Post-Invoke rm -f /x || true !',
      '3 DPkg::Post-Invoke b c !',
      '4 APT::Update::Post-Invoke-Success d !',
      '4 APT::Periodic::Enable 1',
      '6 DPkg::Pre-Install-Pkgs /usr/sbin/x --apt || true !',
      '6 Acquire::http::Proxy-Auto-Detect /opt/y !',
    ],
  );
});

describe('a line of another program', () => {
  const tell = (found: Iterable<hooks.HookLine>) =>
    [...found].map(({ line, name, command }) => `${line} ${name}: ${command}`);
  const cases: readonly (readonly [string, (text: string) => Iterable<hooks.HookLine>, string, readonly string[]])[] = [
    [
      'wg0.conf',
      hooks.parseWireguard,
      '[Interface]\nPrivateKey = x=\nPostUp = /opt/up %i; echo ok # why\npredown=/opt/down\nPostDown =\n#PreUp = /no\n[Peer]\n',
      ['3 PostUp: /opt/up %i; echo ok', '4 predown: /opt/down'],
    ],
    [
      'interfaces',
      hooks.parseInterfaces,
      'auto eth0\niface eth0 inet dhcp\n  pre-up /bin/x a\n\tup route add \\\n -net y\n',
      ['3 eth0 pre-up: /bin/x a', '4 eth0 up: route add   -net y'],
    ],
    [
      'openvpn',
      hooks.parseOpenvpn,
      'client\nup "/etc/openvpn/up.sh a"\n;down /x\nplugin /usr/lib/x.so y\nupload 3\n',
      ['2 up: /etc/openvpn/up.sh a', '4 plugin: /usr/lib/x.so y'],
    ],
    [
      'acpi',
      hooks.parseAcpiEvent,
      'event=button/power.*\naction=/etc/acpi/power.sh %e\n',
      ['2 button/power.*: /etc/acpi/power.sh %e'],
    ],
    [
      'logrotate',
      hooks.parseLogrotate,
      '/var/log/x {\n daily\n postrotate\n  # note\n  /bin/x a\n  y\n endscript\n prerotate\n endscript\n}\n',
      ['3 postrotate: /bin/x a\ny'],
    ],
    ['mdadm', hooks.parseMdadm, 'MAILADDR root\nPROGRAM /usr/sbin/x\n', ['2 PROGRAM: /usr/sbin/x']],
    [
      'smartd',
      hooks.parseSmartd,
      'DEVICESCAN -d removable -n standby -m root -M exec /usr/share/x\n',
      ['1 exec: /usr/share/x'],
    ],
    ['binfmt', hooks.parseBinfmt, ':qemu:M::\\x7fELF:\\xff:/usr/bin/qemu:OCF\n;x\n', ['1 qemu: /usr/bin/qemu']],
    [
      'sysctl',
      hooks.parseKernelPrograms,
      '-kernel.core_pattern = |/usr/lib/x %P\nkernel/modprobe=/sbin/y\nkernel.core_pattern=core\nkernel.sysrq=1\n',
      ['1 kernel.core_pattern: /usr/lib/x %P', '2 kernel.modprobe: /sbin/y'],
    ],
    [
      'sudo.conf',
      hooks.parseSudoPlugins,
      'Plugin sudoers_policy /opt/x.so a\nSet disable_coredump false\nPath askpass /bin/y\n',
      ['1 sudoers_policy: /opt/x.so', '3 askpass: /bin/y'],
    ],
  ];
  for (const [name, parse, text, expected] of cases)
    it(`names a command: ${name}`, () => assert.deepEqual(tell(parse(text)), expected));
});

it('the linker is told libraries and folders', () => {
  assert.deepEqual(plain(parsePreload('# x\n/a.so:/b.so c.so # d\n\n')), [
    { line: 2, value: '/a.so' },
    { line: 2, value: '/b.so' },
    { line: 2, value: 'c.so' },
  ]);
  assert.deepEqual(plain(parseLinkerFolders('include ld.so.conf.d/*.conf\nhwcap 0 x\n/opt/lib /b=libc6 relative\n')), [
    { line: 1, value: 'ld.so.conf.d/*.conf', isInclude: true },
    { line: 3, value: '/opt/lib' },
    { line: 3, value: '/b' },
  ]);
  assert.deepEqual(
    plain(
      parseLibraryVariables(
        'PATH="/bin"\nLD_PRELOAD="/x.so /y.so"\nexport LD_AUDIT=/z.so\nLD_PRELOAD DEFAULT=/a OVERRIDE=/b\n',
      ),
    ),
    [
      { line: 2, value: '/x.so', variable: 'LD_PRELOAD' },
      { line: 2, value: '/y.so', variable: 'LD_PRELOAD' },
      { line: 3, value: '/z.so', variable: 'LD_AUDIT' },
      { line: 4, value: '/a', variable: 'LD_PRELOAD' },
      { line: 4, value: '/b', variable: 'LD_PRELOAD' },
    ],
  );
});

it('the kernel is told modules, commands and what starts first', () => {
  assert.deepEqual(plain(parseModuleNames('# x\nloop max_loop=8\n;y\n')), [{ line: 2, module: 'loop' }]);
  assert.deepEqual(
    plain(
      parseKernelParameters(
        'menuentry init=/no\nlinux /vmlinuz root=x init=/bin/sh xinit=/y systemd.unit="rescue.target" init.x=1\n',
        /^linux/,
      ),
    ),
    [
      { line: 2, parameter: 'init', value: '/bin/sh' },
      { line: 2, parameter: 'systemd.unit', value: 'rescue.target' },
    ],
  );
});

const parsers: Readonly<Record<string, (text: string) => Iterable<unknown>>> = {
  lines: (text) => toLogicalLines(text),
  'key files': parseKeyFile,
  'desktop words': toDesktopWords,
  PAM: (text) => parsePam(text),
  'pam.conf': (text) => parsePam(text, true),
  udev: parseUdevRules,
  inittab: parseInittab,
  'apt.conf': parseAptConf,
  modprobe: parseModprobe,
  'ld.so.preload': parsePreload,
  'ld.so.conf': parseLinkerFolders,
  environments: parseLibraryVariables,
  modules: parseModuleNames,
  'kernel parameters': (text) => parseKernelParameters(text, /^/),
  interfaces: hooks.parseInterfaces,
  wireguard: hooks.parseWireguard,
  openvpn: hooks.parseOpenvpn,
  acpi: hooks.parseAcpiEvent,
  logrotate: hooks.parseLogrotate,
  mdadm: hooks.parseMdadm,
  smartd: hooks.parseSmartd,
  binfmt: hooks.parseBinfmt,
  sysctl: hooks.parseKernelPrograms,
  'sudo.conf': hooks.parseSudoPlugins,
};

describe('any bytes', () => {
  const signs = fc.constantFrom(
    '\\',
    '\n',
    '"',
    "'",
    '{',
    '}',
    '[',
    ']',
    '=',
    ' ',
    '#',
    ';',
    ':',
    '\xff',
    'RUN',
    'a',
    '+=',
    '/',
    '*',
    '::',
  );
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(signs, { maxLength: 60 }).map((parts) => parts.join('')),
  );
  for (const [name, parse] of Object.entries(parsers)) {
    it(`are taken as ${name}`, () => fc.assert(fc.property(texts, (text) => void [...parse(text)])));

    it(`are taken as ${name} in time`, () => {
      const watch = new Stopwatch();
      for (const part of [
        '\\',
        '"',
        '[',
        'RUN+="',
        'RUN=" ',
        ' ',
        'a b ',
        'A{',
        'auth x [',
        '[a',
        '{',
        'x {',
        '//',
        '/*',
        'a::',
        ';',
        '%',
        '=',
        'a\\\n',
        'x\n',
      ])
        [...parse(part.repeat(30_000))].length;
      assert.ok(watch.processorMs < 3000, `${watch.processorMs} ms`);
    });
  }
});
