// What the first bytes of a file show it to be, so that a secret is known under any name: keys, password hashes, images of
// memory, and what belongs to agents.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace mig {

enum class SecretKind : uint8_t { none, privateKey, passwordHashes, memoryImage, agentKey, agentExecutable };
constexpr size_t kSecretKinds = 6;

// `none` for a name that is not known.
SecretKind secretKindOfName(std::string_view name);

// As many of the first bytes as the mark of an agent's executable takes.
constexpr size_t kAgentMarkBytes = 64;
bool hasAgentMark(const uint8_t* head, size_t count);

// Looks at the first 64 KiB at most.
SecretKind secretKindOf(const uint8_t* head, size_t count);

}  // namespace mig
