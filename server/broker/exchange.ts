/** Exchanges and their bindings: exact keys by look-up, patterns one by one. */
import { AmqpError } from './amqp-error.ts';
import type { Queue } from './queue.ts';

export type ExchangeType = 'direct' | 'topic';

interface PatternBinding {
  readonly pattern: string;
  readonly words: readonly string[];
  readonly queue: Queue;
}

/** Whether words fit a topic pattern: `*` is exactly one word, `#` any number of them. Linear in the product of both. */
function matchesTopic(pattern: readonly string[], words: readonly string[]): boolean {
  // reached[i]: the pattern read so far can end before word i.
  let reached = new Array<boolean>(words.length + 1).fill(false);
  reached[0] = true;
  for (const part of pattern) {
    const next = new Array<boolean>(words.length + 1).fill(false);
    for (let index = 0; index <= words.length; index += 1) {
      if (part === '#') next[index] = reached[index] === true || (index > 0 && next[index - 1] === true);
      else if (index > 0) next[index] = reached[index - 1] === true && (part === '*' || part === words[index - 1]);
    }
    reached = next;
  }
  return reached[words.length] === true;
}

/** An agent has two: its own id and its environment. */
const maximumKeysPerQueue = 16;

export class Exchange {
  readonly name: string;
  readonly type: ExchangeType;
  readonly durable: boolean;
  readonly #exact = new Map<string, Set<Queue>>();
  readonly #keysOf = new Map<Queue, Set<string>>();
  #patterns: PatternBinding[] = [];

  constructor(name: string, type: ExchangeType, durable: boolean) {
    this.name = name;
    this.type = type;
    this.durable = durable;
  }

  #isPattern(key: string): boolean {
    return this.type === 'topic' && /[*#]/.test(key);
  }

  /** @throws AmqpError precondition-failed when the queue has as many bindings as one may have */
  bind(queue: Queue, key: string): void {
    const keys = this.#keysOf.get(queue) ?? new Set();
    if (keys.has(key)) return;
    if (keys.size >= maximumKeysPerQueue)
      throw new AmqpError('precondition-failed', `expected at most ${maximumKeysPerQueue} bindings of a queue`);
    this.#keysOf.set(queue, keys.add(key));
    if (this.#isPattern(key)) {
      this.#patterns.push({ pattern: key, words: key.split('.'), queue });
      return;
    }
    const queues = this.#exact.get(key);
    if (queues === undefined) this.#exact.set(key, new Set([queue]));
    else queues.add(queue);
  }

  unbind(queue: Queue, key: string): void {
    const keys = this.#keysOf.get(queue);
    if (keys?.delete(key) !== true) return;
    if (keys.size === 0) this.#keysOf.delete(queue);
    if (this.#isPattern(key)) {
      this.#patterns = this.#patterns.filter((binding) => binding.pattern !== key || binding.queue !== queue);
      return;
    }
    const queues = this.#exact.get(key);
    queues?.delete(queue);
    if (queues?.size === 0) this.#exact.delete(key);
  }

  removeQueue(queue: Queue): void {
    for (const key of [...(this.#keysOf.get(queue) ?? [])]) this.unbind(queue, key);
  }

  /** The queues that a message with this key goes to, each once. */
  route(key: string): Set<Queue> {
    const queues = new Set(this.#exact.get(key));
    if (this.#patterns.length > 0) {
      const words = key.split('.');
      for (const binding of this.#patterns) if (matchesTopic(binding.words, words)) queues.add(binding.queue);
    }
    return queues;
  }
}
