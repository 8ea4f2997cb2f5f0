/**
 * Preloaded (`node --import`) for a run of a tool. At its end the code that V8 has compiled of the bundle is written to
 * MIG_CODE_FILE. Node's own compile cache keeps only the code from before the run, without most functions.
 */
import { renameSync, writeFileSync } from 'node:fs';
import vm from 'node:vm';

const file = process.env.MIG_CODE_FILE ?? '';

class CachedScript extends vm.Script {
  constructor(source: string, options: vm.ScriptOptions) {
    super(source, options);
    process.once('exit', () => {
      const temporary = `${file}.${process.pid}.tmp`;
      writeFileSync(temporary, this.createCachedData());
      renameSync(temporary, file);
    });
  }
}

Object.assign(vm, { Script: CachedScript });
