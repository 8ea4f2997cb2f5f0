/** What a unit runs. */
import type { Host } from '../../kit/files/host.ts';
import type { EffectiveUnit, UnitSetting } from '../../kit/systemd/effective-unit.ts';
import { type ExecCommand, parseExecCommands } from '../../kit/systemd/exec-command.ts';
import { expandSpecifiers } from '../../kit/systemd/specifiers.ts';
import type { UnitType } from '../../kit/systemd/unit-name.ts';
import { findProgram } from '../mechanisms/find-program.ts';
import { programOf } from '../mechanisms/shell-program.ts';

/** The main command first, where there is one. */
const commandKeys: Readonly<Partial<Record<UnitType, readonly [section: string, ...keys: string[]]>>> = {
  service: [
    'Service',
    'ExecStart',
    'ExecCondition',
    'ExecStartPre',
    'ExecStartPost',
    'ExecReload',
    'ExecStop',
    'ExecStopPost',
  ],
  socket: ['Socket', 'ExecStartPre', 'ExecStartPost', 'ExecStopPre', 'ExecStopPost'],
};

export interface UnitCommand {
  /** In Latin-1. */
  readonly command: string;
  /** Absolute, in Latin-1; undefined where something else decides it. */
  readonly target?: string;
  readonly path: string;
  readonly line: number;
}

/** For an interpreter its script. Undefined where only the start decides it. */
function findTarget(host: Host, { text, program }: ExecCommand, unit: EffectiveUnit): string | undefined {
  const expanded = expandSpecifiers(text, unit.name);
  const named = expanded === undefined ? undefined : programOf(expanded);
  const path = named ?? expandSpecifiers(program, unit.name);
  return path === undefined ? undefined : findProgram(host, path);
}

function toCommands(host: Host, unit: EffectiveUnit, { value, path, line }: UnitSetting): UnitCommand[] {
  return parseExecCommands(value).map((command) => {
    const target = findTarget(host, command, unit);
    return { command: command.text, ...(target === undefined ? {} : { target }), path, line };
  });
}

export function commandsOf(host: Host, unit: EffectiveUnit): readonly UnitCommand[] {
  const [section, ...keys] = commandKeys[unit.name.type] ?? [];
  if (section === undefined) return [];
  return keys.flatMap((key) => unit.values(section, key).flatMap((setting) => toCommands(host, unit, setting)));
}
