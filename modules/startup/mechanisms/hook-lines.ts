/** Lines of other programs' files that name a command. */
import { toLogicalLines } from './logical-lines.ts';

export interface HookLine {
  readonly line: number;
  readonly name: string;
  readonly command: string;
}

const hooks = /^(?:pre-up|up|post-up|pre-down|down|post-down)$/;

/** @see interfaces(5) */
export function* parseInterfaces(text: string): Generator<HookLine> {
  let name = '';
  for (const { line, text: entry } of toLogicalLines(text)) {
    const [word = '', second = ''] = entry.split(/\s+/, 2);
    if (word === 'iface') name = second;
    else if (hooks.test(word)) yield { line, name: `${name} ${word}`.trim(), command: entry.slice(word.length).trim() };
  }
}

/** `PostUp = iptables -A FORWARD -i %i -j ACCEPT` @see wg-quick(8) */
export function* parseWireguard(text: string): Generator<HookLine> {
  for (const { line, text: entry } of toLogicalLines(text)) {
    const [, name, command] = /^((?:Pre|Post)(?:Up|Down))\s*=\s*([^#\s][^#]*)/i.exec(entry) ?? [];
    if (name !== undefined && command !== undefined) yield { line, name, command: command.trimEnd() };
  }
}

const openvpnHooks =
  /^(?:--)?(up|down|ipchange|route-up|route-pre-down|client-connect|client-disconnect|learn-address|auth-user-pass-verify|tls-verify|tls-crypt-v2-verify|plugin)\s+(\S.*)$/;

/** @see openvpn(8), script hooks */
export function* parseOpenvpn(text: string): Generator<HookLine> {
  for (const { line, text: entry } of toLogicalLines(text, '#;')) {
    const [, name, command = ''] = openvpnHooks.exec(entry) ?? [];
    if (name === undefined) continue;
    // A word says how the password comes.
    const quoted = /^(["'])(.*)\1(?:\s|$)/.exec(command)?.[2];
    yield { line, name, command: quoted ?? command };
  }
}

/** @see acpid(8) */
export function* parseAcpiEvent(text: string): Generator<HookLine> {
  let event = '';
  for (const { line, text: entry } of toLogicalLines(text)) {
    const [, key = '', value = ''] = /^(event|action)\s*=\s*(.*)$/.exec(entry) ?? [];
    if (key === 'event') event = value;
    else if (key === 'action') yield { line, name: event, command: value };
  }
}

const scripts = /^(?:prerotate|postrotate|firstaction|lastaction|preremove)$/;

/** The scripts, each with its lines. @see logrotate(8) */
export function* parseLogrotate(text: string): Generator<HookLine> {
  let script: { readonly line: number; readonly name: string; readonly lines: string[] } | undefined;
  let line = 0;
  for (const whole of text.split('\n')) {
    line += 1;
    const entry = whole.trim();
    if (script === undefined) {
      if (scripts.test(entry)) script = { line, name: entry, lines: [] };
    } else if (entry === 'endscript') {
      const { lines, ...start } = script;
      if (lines.length > 0) yield { ...start, command: lines.join('\n').slice(0, 4096) };
      script = undefined;
    } else if (entry !== '' && !entry.startsWith('#')) script.lines.push(entry);
  }
}

/** `PROGRAM /usr/sbin/handle-mdadm-events` @see mdadm.conf(5) */
export function* parseMdadm(text: string): Generator<HookLine> {
  for (const { line, text: entry } of toLogicalLines(text)) {
    const [, command] = /^PROGRAM\s+(\S.*)$/i.exec(entry) ?? [];
    if (command !== undefined) yield { line, name: 'PROGRAM', command };
  }
}

/** `-M exec /path` @see smartd.conf(5) */
export function* parseSmartd(text: string): Generator<HookLine> {
  for (const { line, text: entry } of toLogicalLines(text)) {
    const [, command] = /\s-M\s+exec\s+(\S+)/.exec(entry) ?? [];
    if (command !== undefined) yield { line, name: 'exec', command };
  }
}

/** `:name:type:offset:magic:mask:interpreter:flags`, the first sign being the separator. @see binfmt.d(5) */
export function* parseBinfmt(text: string): Generator<HookLine> {
  for (const { line, text: entry } of toLogicalLines(text, '#;')) {
    const [, name, , , , , command] = entry.split(entry[0] ?? ':', 7);
    if (name !== undefined && name !== '' && command?.startsWith('/') === true) yield { line, name, command };
  }
}

/** The kernel runs these: for a crash behind `|`, and to load modules. @see core(5), sysctl.d(5) */
export function* parseKernelPrograms(text: string): Generator<HookLine> {
  for (const { line, text: entry } of toLogicalLines(text, '#;')) {
    const [, name = '', value = ''] =
      /^-?kernel[./](core_pattern|modprobe|hotplug|poweroff_cmd)\s*=\s*(\S.*)$/.exec(entry) ?? [];
    const command = name === 'core_pattern' ? /^\|(.*)$/.exec(value)?.[1] : value;
    if (name !== '' && command !== undefined) yield { line, name: `kernel.${name}`, command };
  }
}

/** Plugins that sudo loads. @see sudo.conf(5) */
export function* parseSudoPlugins(text: string): Generator<HookLine> {
  for (const { line, text: entry } of toLogicalLines(text)) {
    const [, name, command] = /^(?:Plugin|Path)\s+(\S+)\s+(\S+)/.exec(entry) ?? [];
    if (name !== undefined && command !== undefined) yield { line, name, command };
  }
}
