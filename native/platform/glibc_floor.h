// Included before every source: binds the symbols that newer C libraries gave a second version to the old version, so
// that an addon built on a new distribution still loads where Node itself does (glibc 2.28).
#pragma once

#if defined(__linux__) && defined(__x86_64__)
// glibc 2.34 moved libpthread into libc and gave these a new default version.
__asm__(".symver pthread_once,pthread_once@GLIBC_2.2.5");
__asm__(".symver pthread_rwlock_init,pthread_rwlock_init@GLIBC_2.2.5");
__asm__(".symver pthread_rwlock_destroy,pthread_rwlock_destroy@GLIBC_2.2.5");
__asm__(".symver pthread_rwlock_rdlock,pthread_rwlock_rdlock@GLIBC_2.2.5");
__asm__(".symver pthread_rwlock_wrlock,pthread_rwlock_wrlock@GLIBC_2.2.5");
__asm__(".symver pthread_rwlock_unlock,pthread_rwlock_unlock@GLIBC_2.2.5");
#endif
