/** Kinds of packages, each with databases and an order of versions of its own. */
export const packageTypes = ['dpkg', 'rpm', 'apk', 'pacman'] as const;
export type PackageType = (typeof packageTypes)[number];
