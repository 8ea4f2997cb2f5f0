/** Numbers in a typed array that grows: four bytes each. */

const firstCapacity = 1024;

export class Uint32List {
  #values = new Uint32Array(firstCapacity);
  length = 0;

  push(value: number): void {
    if (this.length === this.#values.length) {
      const larger = new Uint32Array(this.#values.length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.length] = value;
    this.length += 1;
  }

  at(index: number): number {
    return this.#values[index] ?? 0;
  }

  /** A view, good until the next push. */
  get values(): Uint32Array {
    return this.#values.subarray(0, this.length);
  }
}
