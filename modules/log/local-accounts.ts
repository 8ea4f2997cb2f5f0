/** The accounts of this machine. Other names in logs are counted together: people type passwords where a name is asked for. */
import type { NamedNumber } from '../kit/accounts/account-names.ts';
import { toUser } from '../kit/accounts/account-names.ts';
import type { Host } from '../kit/files/host.ts';

export class LocalAccounts {
  readonly entries: readonly NamedNumber[];
  readonly names: ReadonlySet<string>;

  constructor(host: Host) {
    const table = host.readTable('passwd', '/etc/passwd', toUser);
    this.entries = table.state === 'read' ? table.entries : [];
    this.names = new Set(this.entries.map(({ name }) => name));
  }
}
