/** Values that the builder bakes into the executable. Its esbuild plugin resolves them; nothing is read from disk at run time. */
declare module 'mig:environment' {
  const environment: import('../protocol/environment/environment.ts').BakedEnvironment;
  export default environment;
}

/** The modules of this environment, and no others: their code is not in the executable. */
declare module 'mig:modules' {
  const modules: import('../modules/registry.ts').ModuleTable;
  export default modules;
}

/** The version in package.json. */
declare const MIG_VERSION: string;
