// Converts the searches of native/journal/journal.ts.
#pragma once

#include <napi.h>

#include <memory>
#include <string>

#include "journal/question.h"

namespace mig::journal {

// Null when a pattern or value is not valid; `error` then names it.
std::unique_ptr<Question> toQuestion(const Napi::Array& searches, std::string& error);

}  // namespace mig::journal
