/** The drill: attacks on an agent's host and on its link. */
import { playGroup } from './play-group.ts';

playGroup('hosts');
