/** What modules do on the investigator's machine alone. Agents are built without it. */
import type { LaptopPart, LaptopTable } from './kit/laptop-part.ts';
import { laptopLoaders } from './laptop.generated.ts';

const loaders: LaptopTable = laptopLoaders;

/** Undefined for a module that has none. */
export async function loadLaptopPart(module: string): Promise<LaptopPart | undefined> {
  return Object.hasOwn(loaders, module) ? loaders[module]?.() : undefined;
}
