/** The drill: attacks by what agents are sent. */
import { playGroup } from './play-group.ts';

playGroup('orders');
