/** Cuts the stream of a client into the protocol header and frames; keeps no more of it than an unfinished frame. */
import { type Frame, minimumFrameBytes, protocolHeader, takeFrame } from './codec.ts';

export class FrameReader {
  /** Larger frames are refused before they are there. */
  maximumFrameBytes = minimumFrameBytes;
  #rest: Buffer = Buffer.alloc(0);

  push(bytes: Buffer): void {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
  }

  takeProtocolHeader(): 'taken' | 'unfinished' | 'wrong' {
    const length = Math.min(this.#rest.length, protocolHeader.length);
    if (!protocolHeader.subarray(0, length).equals(this.#rest.subarray(0, length))) return 'wrong';
    if (length < protocolHeader.length) return 'unfinished';
    this.#rest = this.#rest.subarray(length);
    return 'taken';
  }

  /** Null when it is not all there. Throws on what can never be a frame. */
  next(): Frame | null {
    const taken = takeFrame(this.#rest, this.maximumFrameBytes);
    if (taken === null) return null;
    this.#rest = taken.rest;
    return taken.frame;
  }

  /** To be called after the last whole frame. Copies the rest, which would keep the whole chunk in memory. */
  compact(): void {
    this.#rest = Buffer.from(this.#rest);
  }
}
