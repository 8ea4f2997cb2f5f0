/** All key spaces. */
import type { KeySpace } from './key-space.ts';
import { aptSpace } from './spaces/apt/apt.ts';
import { auditSpace } from './spaces/audit.ts';
import { clockSpace } from './spaces/clock.ts';
import { commandLineSpace } from './spaces/cmdline/cmdline.ts';
import { fileSpace } from './spaces/file/file.ts';
import { firewallSpace } from './spaces/firewall.ts';
import { cpuSpace } from './spaces/hardware/cpu.ts';
import { efiSpace } from './spaces/hardware/efi.ts';
import { loginSpace } from './spaces/login/login.ts';
import { lsmSpace } from './spaces/lsm/lsm.ts';
import { moduleSpace } from './spaces/module/module.ts';
import { mountSpace } from './spaces/mount/mount.ts';
import { osSpace } from './spaces/os.ts';
import { pamSpace } from './spaces/pam/pam.ts';
import { plistSpace } from './spaces/plist/plist.ts';
import { sshdSpace } from './spaces/sshd/sshd.ts';
import { sudoSpace } from './spaces/sudo/sudo.ts';
import { swapSpace } from './spaces/swap.ts';
import { sysctlSpace } from './spaces/sysctl/sysctl.ts';
import { systemdSpace } from './spaces/systemd/systemd.ts';

export const spaces: readonly KeySpace[] = [
  osSpace,
  clockSpace,
  sysctlSpace,
  mountSpace,
  swapSpace,
  commandLineSpace,
  moduleSpace,
  lsmSpace,
  auditSpace,
  firewallSpace,
  efiSpace,
  cpuSpace,
  sshdSpace,
  sudoSpace,
  pamSpace,
  loginSpace,
  systemdSpace,
  aptSpace,
  fileSpace,
  plistSpace,
];
