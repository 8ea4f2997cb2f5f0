// Included before every source for linux-arm64: glibc 2.34 moved libpthread into libc and gave these symbols a new default
// version; with the old one the addon loads where Node itself does (glibc 2.28).
#pragma once

__asm__(".symver pthread_once,pthread_once@GLIBC_2.17");
__asm__(".symver pthread_rwlock_init,pthread_rwlock_init@GLIBC_2.17");
__asm__(".symver pthread_rwlock_destroy,pthread_rwlock_destroy@GLIBC_2.17");
__asm__(".symver pthread_rwlock_rdlock,pthread_rwlock_rdlock@GLIBC_2.17");
__asm__(".symver pthread_rwlock_wrlock,pthread_rwlock_wrlock@GLIBC_2.17");
__asm__(".symver pthread_rwlock_unlock,pthread_rwlock_unlock@GLIBC_2.17");
