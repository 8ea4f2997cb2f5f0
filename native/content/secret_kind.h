// Recognizes secrets by the first bytes of a file, whatever its name: keys, password hashes, memory images, and files
// of agents.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace mig {

enum class SecretKind : uint8_t { none, privateKey, passwordHashes, memoryImage, agentKey, agentExecutable };
constexpr size_t kSecretKinds = 6;

// `none` for an unknown name.
SecretKind secretKindOfName(std::string_view name);

// Enough first bytes for the mark of an agent's executable.
constexpr size_t kAgentMarkBytes = 64;
bool hasAgentMark(const uint8_t* head, size_t count);

// Reads the first 64 KiB at most.
SecretKind secretKindOf(const uint8_t* head, size_t count);

}  // namespace mig
