declare module 'seek-bzip' {
  const bzip2: {
    /** @throws Error when the data is damaged. */
    readonly decode: (packed: Uint8Array) => Buffer;
  };
  export default bzip2;
}
