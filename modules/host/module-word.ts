/** The word on the command line of a module process, which nobody types. Separate, for every start of `mig` looks for it. */
export const moduleWord = 'module-process';
