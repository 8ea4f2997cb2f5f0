/** Lines of inittab(5), also in the form of busybox. */

interface InittabLine {
  readonly line: number;
  readonly id: string;
  readonly levels: string;
  readonly action: string;
  readonly command: string;
  readonly trigger: 'boot' | 'event';
}

/** `initdefault` names a level, and starts nothing. */
const actions =
  /^(?:respawn|wait|once|boot|bootwait|off|ondemand|sysinit|powerwait|powerfail|powerokwait|powerfailnow|ctrlaltdel|kbrequest|askfirst|shutdown|restart)$/;
const events = /^(?:power|ctrlaltdel|kbrequest|ondemand|shutdown|restart)/;

export function* parseInittab(text: string): Generator<InittabLine> {
  let line = 0;
  for (const whole of text.split('\n')) {
    line += 1;
    const [, id = '', levels = '', action = '', process = ''] =
      /^([^:#]*):([^:]*):([^:]*):(.*)$/.exec(whole.trim()) ?? [];
    if (!actions.test(action) || process === '') continue;
    // A sign in front keeps the process out of the records of logins, or asks nothing of a terminal.
    const command = process.replace(/^[+-]/, '');
    yield { line, id, levels, action, command, trigger: events.test(action) ? 'event' : 'boot' };
  }
}
