/**
 * Preloaded (`node --import`) for a run of a tool: what V8 has compiled of its bundle by the end of the run is written to
 * MIG_CODE_FILE. Node's own compile cache keeps what is compiled before anything has run, which leaves out most functions.
 */
import { renameSync, writeFileSync } from 'node:fs';
import vm from 'node:vm';

const file = process.env.MIG_CODE_FILE ?? '';

class KeptScript extends vm.Script {
  constructor(source: string, options: vm.ScriptOptions) {
    super(source, options);
    process.once('exit', () => {
      const temporary = `${file}.${process.pid}.tmp`;
      writeFileSync(temporary, this.createCachedData());
      renameSync(temporary, file);
    });
  }
}

Object.assign(vm, { Script: KeptScript });
