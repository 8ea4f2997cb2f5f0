// What the build of bzip2 writes: the version of the sources in the package node-bzip2.
#define BZ_VERSION "1.1.0"
