/** `mig-agent audit` prints one line for each entry of the audit log. */

import { escapeText, toSafeJson } from '../../protocol/base/escape.ts';
import { plural } from '../../protocol/base/plural.ts';
import type { AuditEntry, AuditEvent } from './audit-log.ts';
import type { DescribeQuestion } from './describe-question.ts';

/** One line of JSON that does nothing to the owner's terminal. */
export function toAuditJson(entry: AuditEntry): string {
  return toSafeJson(entry, 0);
}

function describeProtected(event: Extract<AuditEvent, { kind: 'reported' }>): string {
  const asked =
    event.protectedquestions === undefined
      ? ''
      : `, ${plural(event.protectedquestions, 'question', 'questions')} about protected content, ${event.protectedleft} left this hour`;
  return event.protectedskipped === undefined ? asked : `${asked}, ${event.protectedskipped} protected skipped`;
}

function describeCopy({ copiedfrom }: Extract<AuditEvent, { kind: 'started' }>): string {
  return copiedfrom === undefined
    ? ''
    : `, a new one: the state here was made on another machine, by agent ${copiedfrom}`;
}

function describeCounted({ counted }: { readonly counted?: number | undefined }): string {
  return counted === undefined ? '' : ` and ${counted} more like it before`;
}

function describe(event: AuditEvent, describeQuestion: DescribeQuestion): string {
  switch (event.kind) {
    case 'started':
      return `started version ${event.version} as agent ${event.agent}${describeCopy(event)}`;
    case 'accepted': {
      const asked = event.operations.map(
        ({ module, parameters }) =>
          `${module} ${describeQuestion(module, parameters)?.join(' | ') ?? JSON.stringify(parameters)}`,
      );
      return `accepted ${event.action} '${event.name}' signed by ${event.signers.join(', ')}: ${asked.join('; ')}; sealed to ${event.replykey}, which ${event.readers.join(', ')} can open`;
    }
    case 'reported': {
      const found = event.foundanything ? 'found something' : 'nothing found';
      return `reported ${event.action} ${event.state}, ${found}, ${plural(event.sealedbytes, 'byte', 'bytes')} sealed, ${event.cpums} ms of CPU${describeProtected(event)}`;
    }
    case 'undelivered':
      return `the report on ${event.action} could not be delivered: ${event.why}`;
    case 'trusted':
      return `trusted list ${event.version}, signed by ${event.signers.join(', ')}, until ${event.expires}`;
    case 'distrusted':
      return `refused a trust list: ${event.code} (${event.detail})${describeCounted(event)}`;
    case 'refused':
      return `refused ${event.action ?? event.actiondigest ?? 'a message'}: ${event.code} (${event.detail})${describeCounted(event)}`;
    case 'counted':
      return `${event.counted} more of '${event.what}' were counted only: there were too many`;
  }
}

export function toAuditLine(
  { sequence, time, event }: AuditEntry,
  describeQuestion: DescribeQuestion = () => undefined,
): string {
  return escapeText(`${sequence} ${time} ${describe(event, describeQuestion)}`);
}
