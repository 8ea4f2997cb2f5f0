/** Meanings of a failed statement: by SQLSTATE (PostgreSQL, appendix A), or by the system's and the client's words. */
import type { ConnectionSettings } from '../../host/connection-problem.ts';

/** Where an operator sets what the connection needs. */
export const databaseSettings: ConnectionSettings = {
  peer: 'the database',
  url: 'MIG_DATABASE_URL',
  ca: 'sslrootcert in MIG_DATABASE_URL',
  clientCertificate: 'sslcert and sslkey in MIG_DATABASE_URL',
};

/** Messages of the PostgreSQL client that have no code. */
const lostConnection =
  /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying)/;

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** The database cannot be reached or has no room for another connection: this passes. */
export function isOutage(error: unknown): boolean {
  if (/^(08|53|57P|ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)/.test(codeOf(error)))
    return true;
  return error instanceof Error && lostConnection.test(error.message);
}

/** The database cannot hold these values (a NUL in a text, a year out of range): trying again does not help. */
export function isDataError(error: unknown): boolean {
  return /^(22|54)\w{3}$/.test(codeOf(error));
}
