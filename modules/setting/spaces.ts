/** All key spaces. */
import type { KeySpace } from './key-space.ts';
import { osSpace } from './spaces/os.ts';

export const spaces: readonly KeySpace[] = [osSpace];
