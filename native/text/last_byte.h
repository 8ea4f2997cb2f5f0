// memrchr(3), which only the GNU C library has.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace mig {

// The last occurrence of the byte; null when there is none.
inline const uint8_t* findLastByte(const uint8_t* bytes, uint8_t wanted, size_t count) {
#if defined(__linux__)
  return static_cast<const uint8_t*>(memrchr(bytes, wanted, count));
#else
  while (count > 0 && bytes[count - 1] != wanted) count -= 1;
  return count == 0 ? nullptr : bytes + count - 1;
#endif
}

}  // namespace mig
