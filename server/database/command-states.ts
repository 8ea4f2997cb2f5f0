import type { CommandState } from '../../protocol/api/api.ts';

/** States that are not final. */
export const openStates = ['queued', 'sent', 'running'] as const satisfies readonly CommandState[];
