/** Folders in which programs of languages are, on most systems. Images of containers below /var/lib are left out. */
export const usualRoots = [
  '/usr',
  '/opt',
  '/srv',
  '/app',
  '/home',
  '/root',
  '/var/www',
  '/var/lib/gems',
  '/var/lib/jenkins',
];
