/** The drill: attacks by a relay that has turned. */
import { playGroup } from './play-group.ts';

playGroup('relays');
