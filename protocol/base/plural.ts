/** Counts with their noun. */

/** `1 agent has`, `2 agents have` */
export function plural(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
