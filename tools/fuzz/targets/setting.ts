/** Conditions on settings, which investigators write, and the tables and files that decide settings, which whoever owns the endpoint wrote. */
import assert from 'node:assert/strict';
import { toTableLines } from '../../../modules/kit/files/table-line.ts';
import { parseModprobe } from '../../../modules/kit/modprobe/modprobe-lines.ts';
import { parseCondition, printCondition } from '../../../modules/setting/grammar/condition.ts';
import { parseCommandLine } from '../../../modules/setting/spaces/cmdline/parameters.ts';
import { parseFstabLine, parseMountLine } from '../../../modules/setting/spaces/mount/tables.ts';
import { parseAssignment } from '../../../modules/setting/spaces/sysctl/assignments.ts';
import { type FuzzTarget, toSeeds } from '../target.ts';

const conditions: FuzzTarget = {
  name: 'setting-conditions',
  side: 'agent',
  holds: 'what is parsed is printed, and parsed again the same',
  prepare: async () => ({
    seeds: toSeeds(
      'sysctl:net.ipv4.ip_forward != 0',
      '"mount:/my disk" in a, "b, c"',
      'os:uptime > 90d',
      'os:id now!=boot',
    ),
    take: (input) => {
      const parsed = parseCondition(input.toString('utf8'));
      if (parsed.kind === 'condition') assert.deepEqual(parseCondition(printCondition(parsed.condition)), parsed);
      return parsed.kind === 'condition';
    },
  }),
};

const tables: FuzzTarget = {
  name: 'setting-tables',
  side: 'agent',
  holds: 'a mount has a path and options, an assignment a name, a rule of modprobe a line',
  prepare: async () => ({
    seeds: toSeeds(
      '22 1 8:1 / /a\\040b rw,relatime shared:1 - ext4 /dev/sda1 rw,errors=remount-ro\n',
      '/dev/sdb1 /mnt/my\\040disk xfs users,exec,ro 0 0\n',
      '-net.ipv4.conf.*.rp_filter = 1\n',
      'blacklist floppy\ninstall cramfs \\\n /bin/false\n',
    ),
    take: (input) => {
      let taken = 0;
      for (const line of toTableLines(input)) {
        const mounts = [parseMountLine(line.text), parseFstabLine(line, '/etc/fstab')].filter((one) => one !== null);
        for (const { options, type } of mounts) assert.ok(options.length > 0 && type !== '');
        const assignment = parseAssignment(line.text, { path: '/etc/sysctl.conf' });
        if (assignment !== null) assert.notEqual(assignment.name, '');
        taken += mounts.length + (assignment === null ? 0 : 1);
      }
      for (const { module, line } of parseModprobe(input.toString('latin1'))) {
        assert.ok(module !== '' && line > 0);
        taken += 1;
      }
      return taken > 0;
    },
  }),
};

const commandLine: FuzzTarget = {
  name: 'setting-cmdline',
  side: 'agent',
  holds: 'no password leaves, and every parameter has a name and a value',
  prepare: async () => ({
    seeds: toSeeds(
      'root=/dev/sda1 ro quiet console=tty0 console="tty S0" -- x',
      'rd.luks.password=hunter22222 ip=dhcp',
    ),
    take: (input) => {
      const text = input.toString('latin1');
      const parameters = parseCommandLine(text);
      for (const [name, values] of parameters) assert.ok(name !== '' && values.length > 0);
      const told = JSON.stringify([...parseCommandLine(`${text} rd.password=hunter22222`)]);
      assert.ok(text.includes('hunter') || !told.includes('hunter22222'));
      return parameters.size > 0;
    },
  }),
};

export const settingTargets: readonly FuzzTarget[] = [conditions, tables, commandLine];
