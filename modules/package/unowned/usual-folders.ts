/** Folders of programs, where most packages have theirs. */
export const usualFolders = ['/usr/bin', '/usr/sbin', '/bin', '/sbin'];
