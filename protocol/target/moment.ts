/** Targets about the moment in which they are asked: who is online now is not who comes up tomorrow. */
import type { TargetNode } from './tree.ts';

/**
 * Whether it asks for what changes by itself: the status, the latest heartbeat, or the time of now. Such a target means the
 * agents that fit when it is asked. Any other also means those that come up before the action ends.
 */
export function isOfTheMoment(node: TargetNode): boolean {
  switch (node.kind) {
    case 'constant':
      return false;
    case 'and':
    case 'or':
      return node.terms.some(isOfTheMoment);
    case 'not':
      return isOfTheMoment(node.term);
    case 'compare-time':
      return node.column.name === 'heartbeattime' || node.instant.kind === 'now';
    default:
      return 'name' in node.column && (node.column.name === 'status' || node.column.name === 'heartbeattime');
  }
}
