import type { CommandState } from '../../protocol/api/api.ts';

/** Not final. */
export const openStates = ['queued', 'sent', 'running'] as const satisfies readonly CommandState[];
