/** The parsers of what starts on an endpoint by itself: whoever owns the endpoint wrote these files. */
import assert from 'node:assert/strict';
import { parseAptConf } from '../../../modules/kit/apt/apt-conf.ts';
import { parseModprobe } from '../../../modules/kit/modprobe/modprobe-lines.ts';
import { parseExecCommands } from '../../../modules/kit/systemd/exec-command.ts';
import { parseUnitText } from '../../../modules/kit/systemd/unit-text.ts';
import { splitUnitWords } from '../../../modules/kit/systemd/unit-words.ts';
import { isAptCommand } from '../../../modules/startup/mechanisms/apt-commands.ts';
import { parseAtJob } from '../../../modules/startup/mechanisms/at-job.ts';
import { parseCrontab } from '../../../modules/startup/mechanisms/crontab.ts';
import { toDesktopWords } from '../../../modules/startup/mechanisms/desktop-words.ts';
import * as hooks from '../../../modules/startup/mechanisms/hook-lines.ts';
import { parseInittab } from '../../../modules/startup/mechanisms/inittab.ts';
import { parseKernelParameters, parseModuleNames } from '../../../modules/startup/mechanisms/kernel-lines.ts';
import { KeyGroup, parseKeyFile } from '../../../modules/startup/mechanisms/key-file.ts';
import {
  parseLibraryVariables,
  parseLinkerFolders,
  parsePreload,
} from '../../../modules/startup/mechanisms/linker-lines.ts';
import { parsePam, toPamCommand } from '../../../modules/startup/mechanisms/pam-line.ts';
import { programOf } from '../../../modules/startup/mechanisms/shell-program.ts';
import { parseUdevRules } from '../../../modules/startup/mechanisms/udev-rule.ts';
import { type FuzzTarget, toSeeds } from '../target.ts';

/** The same numbers or larger ones for each next entry, and none beyond the file. */
function assertLines(text: string, entries: readonly { readonly line: number }[]): boolean {
  const last = text.split('\n').length;
  let before = 1;
  for (const { line } of entries) {
    assert.ok(line >= before && line <= last, `line ${line} after ${before} of ${last}`);
    before = line;
  }
  return entries.length > 0;
}

const crontabs: FuzzTarget = {
  name: 'crontabs',
  side: 'agent',
  holds: 'lines only grow, and a job has a schedule',
  prepare: async () => ({
    seeds: toSeeds(
      'PATH=/bin\n17 * * * * root cd / && run-parts /etc/cron.hourly\n@reboot root env A=b x %in\n',
      '1 5 cron.daily nice run-parts --report /etc/cron.daily\n',
      '"MY NAME" = "a b"\n-*/5 0~5 * jan sun /bin/x \\% y\n',
    ),
    take: (input) => {
      const text = input.toString('latin1');
      const tables = (['system', 'user', 'anacron'] as const).map((table) => {
        const lines = [...parseCrontab(text, table)];
        for (const line of lines) if (line.kind === 'job') assert.notEqual(line.schedule.trim(), '');
        return assertLines(text, lines);
      });
      return tables.includes(true);
    },
  }),
};

const secret = 'S3cr3tOfWhoMadeIt';

const atJobs: FuzzTarget = {
  name: 'at-jobs',
  side: 'agent',
  holds: 'the environment of who made a job is never in its command',
  prepare: async () => ({
    seeds: toSeeds('cd /root || {\n\t exit 1\n}\n/bin/x A=b\n', '\n}\n/bin/y\n'),
    take: (input) => {
      const preamble = `#!/bin/sh\n# atrun uid=0 gid=0\numask 22\nTOKEN=${secret}; export TOKEN\n`;
      const { uid, command } = parseAtJob(preamble + input.toString('latin1'));
      assert.equal(uid, 0);
      assert.ok(!command.includes(secret) || input.includes(secret));
      return command !== '';
    },
  }),
};

const commands: FuzzTarget = {
  name: 'startup-commands',
  side: 'agent',
  holds: 'the program of a command is made of its letters',
  prepare: async () => ({
    seeds: toSeeds(
      'test -x /usr/sbin/x || { cd / && nice -n 19 "/opt/a b" >/dev/null 2>&1; }\n',
      "sh -c 'exec env A=b /bin/x' # comment\n",
      'if [ -x /a ]; then . /etc/b; fi\n',
    ),
    take: (input) => {
      const text = toDesktopWords(input.toString('latin1'));
      const program = programOf(text);
      for (const letter of program ?? '') assert.ok(text.includes(letter));
      return program !== undefined;
    },
  }),
};

const units: FuzzTarget = {
  name: 'unit-text',
  side: 'agent',
  holds: 'a name and its value are in the file, lines only grow, and a command has a program',
  prepare: async () => ({
    seeds: toSeeds(
      '\xef\xbb\xbf[Unit]\nAfter = a.target \\\n# c\n b.target\n[Service]\nExecStart=-/bin/sh -c "x \\x41" ; /bin/y\n',
      '; c\n[Install]\r\nWantedBy=multi-user.target\r\nAlias=\n[broken\nUser=\xff\n',
    ),
    take: (input) => {
      const text = input.toString('latin1');
      const { assignments } = parseUnitText(input);
      for (const { key, value } of assignments) {
        assert.ok(key !== '' && text.includes(key));
        for (const word of value.split(/[ \t\r]+/)) assert.ok(text.includes(word));
        for (const { program } of parseExecCommands(value)) assert.notEqual(program, '');
        splitUnitWords(value);
      }
      return assertLines(text, assignments);
    },
  }),
};

const aptConf: FuzzTarget = {
  name: 'apt-conf',
  side: 'agent',
  holds: 'lines only grow, and a command has a name',
  prepare: async () => ({
    seeds: toSeeds(
      'DPkg::Post-Invoke {"rm -f /x || true"; "b \\"c\\"";};\n',
      '// a\nAPT { Update { Post-Invoke:: "d"; }; /* b\n */ Periodic::Enable 1; };\n',
    ),
    take: (input) => {
      const text = input.toString('latin1');
      const settings = [...parseAptConf(text)];
      assertLines(text, settings);
      return settings.some(({ name }) => isAptCommand(name));
    },
  }),
};

/** Parsers of which every entry has a line, each with text that it takes. */
const tables: readonly (readonly [(text: string) => Iterable<{ readonly line: number }>, string])[] = [
  [(text) => parsePam(text), 'auth [success=1 default=ignore] pam_exec.so quiet /bin/x\n'],
  [(text) => parsePam(text, true), 'login -session optional \\\n pam_x.so [a b] # c\n'],
  [parseUdevRules, 'ACTION=="add", RUN{program}+="/bin/x \\"%k\\"", ENV{SYSTEMD_WANTS}+="y"\n'],
  [parseKeyFile, '[Desktop Entry]\nExec=env A=b x %U\nHidden = true\n'],
  [parseInittab, '1:2345:respawn:/sbin/getty 38400 tty1\n::sysinit:/x\n'],
  [parsePreload, '/a.so:/b.so c.so # d\n'],
  [parseLinkerFolders, 'include ld.so.conf.d/*.conf\n/opt/lib=x /b\n'],
  [parseLibraryVariables, 'LD_PRELOAD DEFAULT="/a.so" OVERRIDE=/b.so\n'],
  [parseModuleNames, 'loop max_loop=8\n'],
  [parseModprobe, 'install d /sbin/modprobe \\\n -i d\nsoftdep e pre: f\n'],
  [(text) => parseKernelParameters(text, /^/), 'linux /v root=x init=/bin/sh systemd.unit="x.target"\n'],
  [hooks.parseInterfaces, 'iface eth0 inet dhcp\n pre-up /bin/x\n'],
  [hooks.parseOpenvpn, 'up "/etc/x y"\nplugin /x.so\n'],
  [hooks.parseAcpiEvent, 'event=a\naction=/b %e\n'],
  [hooks.parseLogrotate, 'postrotate\n /bin/x\nendscript\n'],
  [hooks.parseMdadm, 'PROGRAM /x\n'],
  [hooks.parseSmartd, 'DEVICESCAN -M exec /x\n'],
  [hooks.parseBinfmt, ':q:M::\\x7f:\\xff:/usr/bin/q:OCF\n'],
  [hooks.parseKernelPrograms, 'kernel.core_pattern=|/x %P\n'],
  [hooks.parseSudoPlugins, 'Plugin a /b.so\n'],
];

const startupTables: FuzzTarget = {
  name: 'startup-tables',
  side: 'agent',
  holds: 'lines only grow, and none is beyond the file',
  prepare: async () => {
    const [first = '', ...others] = tables.map(([, text]) => text);
    return {
      seeds: toSeeds(first, ...others),
      take: (input) => {
        const text = input.toString('latin1');
        const group = new KeyGroup(parseKeyFile(text), 'Desktop Entry');
        if (group.value('Exec') !== undefined) assert.ok(text.includes('[Desktop Entry]'));
        for (const { module, words } of parsePam(text)) toPamCommand(module, words);
        return tables.map(([parse]) => assertLines(text, [...parse(text)])).includes(true);
      },
    };
  },
};

export const startupTargets: readonly FuzzTarget[] = [crontabs, atJobs, commands, units, aptConf, startupTables];
