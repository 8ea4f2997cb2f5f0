#include "content/decoded_text.h"

namespace mig {

void DecodedText::start(TextEncoding encoding) {
  encoding_ = encoding;
  decoder_.start(encoding);
  lines_.reset();
}

bool DecodedText::match(std::string_view bytes, bool last) {
  for (;;) {
    uint8_t* out = lines_.space();
    if (out == nullptr) return false;
    const size_t count = decoder_.decode(bytes, last, out, ContentStream::kPieceBytes);
    // The decoder stops for want of room only, and there is room for a whole piece.
    const bool isDone = bytes.empty() && count + TextDecoder::kMaxStepBytes <= ContentStream::kPieceBytes;
    if (!lines_.match(count, last && isDone)) return false;
    if (isDone) return true;
  }
}

}  // namespace mig
