/** All key spaces. */
import type { KeySpace } from './key-space.ts';
import { mountSpace } from './spaces/mount/mount.ts';
import { osSpace } from './spaces/os.ts';
import { swapSpace } from './spaces/swap.ts';
import { sysctlSpace } from './spaces/sysctl/sysctl.ts';

export const spaces: readonly KeySpace[] = [osSpace, sysctlSpace, mountSpace, swapSpace];
