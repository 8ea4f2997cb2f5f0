// The hashes by which a journal file finds its data objects.
#pragma once

#include <cstdint>
#include <string_view>

#include "journal/format.h"

namespace mig::journal {

// SipHash-2-4 with the file's identifier as key: of files with keyed hashes.
// See "SipHash: a fast short-input PRF" by Aumasson and Bernstein.
uint64_t sipHash(std::string_view text, const Id& key);

// Both results of Bob Jenkins's hashlittle2 with zero as start: of all other files.
// See https://burtleburtle.net/bob/c/lookup3.c
uint64_t jenkinsHash(std::string_view text);

}  // namespace mig::journal
