// Converts between Windows' unchecked UTF-16 names and bytes. WTF-8 (simonsapin.github.io/wtf-8) is UTF-8 that also
// encodes an unpaired surrogate, so that every name survives the round trip.
#pragma once

#include <string>
#include <string_view>

namespace mig {

std::wstring toWide(std::string_view wtf8);
std::string fromWide(std::wstring_view wide);

}  // namespace mig
