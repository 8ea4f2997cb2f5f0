// Windows has names in UTF-16 that nothing checks; here they are bytes. WTF-8 (simonsapin.github.io/wtf-8) is UTF-8 that
// also takes a surrogate without its other half, so that every name survives the way there and back.
#pragma once

#include <string>
#include <string_view>

namespace mig {

std::wstring toWide(std::string_view wtf8);
std::string fromWide(std::wstring_view wide);

}  // namespace mig
