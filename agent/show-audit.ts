/** What `mig-agent audit` prints: one line for each thing that was asked of this machine. */
import type { AuditEntry, AuditEvent } from './audit-log.ts';

/** Everything in an action is written by others: what a terminal obeys or an eye cannot see must not reach the owner's. */
const unsafe = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

function escapeForTerminal(text: string): string {
  return text.replaceAll(unsafe, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

/** One line of JSON that does nothing to a terminal and parses to the same. */
export function toAuditJson(entry: AuditEntry): string {
  const escapeUnits = (text: string): string =>
    text.replaceAll(/[\s\S]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return JSON.stringify(entry).replaceAll(unsafe, escapeUnits);
}

function describeProtected(event: Extract<AuditEvent, { kind: 'answered' }>): string {
  const asked =
    event.protectedquestions === undefined
      ? ''
      : `, ${event.protectedquestions} questions about protected content, ${event.protectedleft} left this hour`;
  return event.protectedskipped === undefined ? asked : `${asked}, ${event.protectedskipped} protected skipped`;
}

function describeCopy({ copiedfrom }: Extract<AuditEvent, { kind: 'started' }>): string {
  return copiedfrom === undefined
    ? ''
    : `, a new one: the state here was made on another machine, by agent ${copiedfrom}`;
}

function describeUntold({ untold }: { readonly untold?: number | undefined }): string {
  return untold === undefined ? '' : ` and ${untold} more like it before`;
}

function describe(event: AuditEvent): string {
  switch (event.kind) {
    case 'started':
      return `started version ${event.version} as agent ${event.agent}${describeCopy(event)}`;
    case 'accepted': {
      const asked = event.operations.map(({ module, parameters }) => `${module} ${JSON.stringify(parameters)}`);
      return `accepted ${event.action} '${event.name}' signed by ${event.signers.join(', ')}: ${asked.join('; ')}`;
    }
    case 'answered': {
      const found = event.foundanything ? 'found something' : 'nothing found';
      return `answered ${event.action} ${event.state}, ${found}, ${event.sealedbytes} bytes sealed, ${event.cpums} ms of CPU${describeProtected(event)}`;
    }
    case 'trusted':
      return `trusted list ${event.version}, signed by ${event.signers.join(', ')}, until ${event.expires}`;
    case 'distrusted':
      return `refused a trust list: ${event.code} (${event.detail})${describeUntold(event)}`;
    case 'refused':
      return `refused ${event.action ?? event.actiondigest ?? 'a message'}: ${event.code} (${event.detail})${describeUntold(event)}`;
    case 'untold':
      return `${event.untold} more of '${event.what}' were counted only: there were too many`;
  }
}

export function toAuditLine({ sequence, time, event }: AuditEntry): string {
  return escapeForTerminal(`${sequence} ${time} ${describe(event)}`);
}
