// Whether a text ends within a value that a name before it calls a secret: `password=12`, `"pin": "`, `OTP is `.
#pragma once

#include <string_view>

namespace mig {

bool endsInSecret(std::string_view text);

}  // namespace mig
