// Definitions of what only newer libraries have but the headers of a new compiler refer to: with these the addon needs
// nothing beyond GLIBC_2.28 and GLIBCXX_3.4.21, like Node itself. Without any include: a header's declaration would
// make them visible outside.
#if defined(__linux__)
// glibc 2.32; std::shared_ptr asks it whether it may leave out atomic operations.
extern "C" __attribute__((visibility("hidden"))) char __libc_single_threaded = 0;

namespace std {
// libstdc++ 3.4.29 and 3.4.30; both are only reached by a defect.
[[noreturn]] __attribute__((visibility("hidden"))) void __throw_bad_array_new_length() { __builtin_abort(); }
[[noreturn]] __attribute__((visibility("hidden"))) void __glibcxx_assert_fail(const char*, int, const char*,
                                                                              const char*) noexcept {
  __builtin_abort();
}
}  // namespace std
#endif
