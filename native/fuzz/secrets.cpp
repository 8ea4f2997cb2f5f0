// Judges any first bytes of a file, and reads no byte beyond them.
#include "content/secret_kind.h"

#include <vector>

#include "fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t sizeBytes) {
  // A buffer of the exact size: the sanitizer sees an overread.
  const std::vector<uint8_t> head(data, data + sizeBytes);
  const mig::SecretKind kind = mig::secretKindOf(head.data(), head.size());
  mig::expect(kind == mig::secretKindOf(data, sizeBytes), "the same bytes are of the same kind");
  mig::expect(mig::secretKindOf(data, 0) == mig::SecretKind::none, "nothing is no secret");
  return 0;
}
