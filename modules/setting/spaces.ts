/** All key spaces. */
import type { KeySpace } from './key-space.ts';
import { osSpace } from './spaces/os.ts';
import { sysctlSpace } from './spaces/sysctl/sysctl.ts';

export const spaces: readonly KeySpace[] = [osSpace, sysctlSpace];
