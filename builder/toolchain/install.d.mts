/** Whether a file or folder is there. */
export function isThere(path: string): Promise<boolean>;

/** @param root the repository. @param name a folder beside this file. @returns an absolute path. */
export function findToolchainFolder(root: string, name: string): Promise<string>;

/** The folder appears complete or not at all. @throws Error of npm, or of the file system */
export function installToolchain(root: string, name: string): Promise<void>;
