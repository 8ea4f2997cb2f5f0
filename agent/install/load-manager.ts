/** The service manager of this system. */
import type { ServiceManager } from './service-manager.ts';

export async function loadServiceManager(): Promise<ServiceManager> {
  switch (process.platform) {
    case 'win32':
      return (await import('./windows.ts')).windowsServices;
    case 'darwin':
      return (await import('./launchd.ts')).launchd;
    default:
      return (await import('./systemd.ts')).systemd;
  }
}
