/** Random numbers that repeat for the same seed: xoshiro128** (Blackman and Vigna, 2018). */
export class Random {
  readonly #state: Uint32Array;

  constructor(seed: number) {
    // splitmix32, so that near seeds do not begin alike.
    let mixed = seed >>> 0;
    this.#state = Uint32Array.from({ length: 4 }, () => {
      mixed = (mixed + 0x9e3779b9) >>> 0;
      let value = mixed;
      value = Math.imul(value ^ (value >>> 16), 0x21f0aaad);
      value = Math.imul(value ^ (value >>> 15), 0x735a2d97);
      return (value ^ (value >>> 15)) >>> 0;
    });
  }

  #next(): number {
    const [a = 0, b = 0, c = 0, d = 0] = this.#state;
    const rotate = (value: number, by: number): number => (value << by) | (value >>> (32 - by));
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const [third, fourth] = [c ^ a, d ^ b];
    this.#state.set([a ^ fourth, b ^ third, third ^ (b << 9), rotate(fourth, 11)]);
    return result;
  }

  /** From 0 to `below` - 1. */
  below(below: number): number {
    return this.#next() % below;
  }

  pick<T>(values: readonly T[]): T {
    const value = values[this.below(values.length)];
    if (value === undefined) throw new RangeError('expected values to pick from');
    return value;
  }
}
