// The lines of a text that is not UTF-8: its bytes are converted piece by piece into a stream of their own.
#pragma once

#include "content/content_stream.h"
#include "text/encoding.h"

namespace mig {

class DecodedText {
 public:
  void start(TextEncoding encoding);
  TextEncoding encoding() const { return encoding_; }
  ContentStream& lines() { return lines_; }
  const ContentStream& lines() const { return lines_; }
  // False when out of memory.
  bool match(std::string_view bytes, bool last);

 private:
  TextEncoding encoding_ = TextEncoding::latin1;
  TextDecoder decoder_;
  ContentStream lines_;
};

}  // namespace mig
