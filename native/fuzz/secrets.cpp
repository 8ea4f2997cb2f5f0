// Any first bytes of a file are judged, and no byte behind them is read.
#include "content/secret_kind.h"

#include <vector>

#include "fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t sizeBytes) {
  // Of its own size, so that a read behind its end is seen.
  const std::vector<uint8_t> head(data, data + sizeBytes);
  const mig::SecretKind kind = mig::secretKindOf(head.data(), head.size());
  mig::expect(kind == mig::secretKindOf(data, sizeBytes), "the same bytes are of the same kind");
  mig::expect(mig::secretKindOf(data, 0) == mig::SecretKind::none, "nothing is no secret");
  return 0;
}
