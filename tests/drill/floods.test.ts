/** The drill: attacks by agents that are not ours. */
import { playGroup } from './play-group.ts';

playGroup('floods');
