import type { CommandState } from '../../protocol/api.ts';

/** Not final. */
export const openStates = ['queued', 'sent', 'running'] as const satisfies readonly CommandState[];
