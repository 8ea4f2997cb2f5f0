/** Meanings of a failed statement: by SQLSTATE (PostgreSQL, appendix A), or by the system's and the client's words. */

/** Messages of the PostgreSQL client that have no code. */
const lostConnection =
  /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying)/;

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** The database cannot be reached or has no room for another connection: this passes. */
export function isOutage(error: unknown): boolean {
  if (/^(08|53|57P|ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH)/.test(codeOf(error))) return true;
  return error instanceof Error && lostConnection.test(error.message);
}

/** The database cannot hold these values (a NUL in a text, a year out of range): trying again does not help. */
export function isDataError(error: unknown): boolean {
  return /^(22|54)\w{3}$/.test(codeOf(error));
}
