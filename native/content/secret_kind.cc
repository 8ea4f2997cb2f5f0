#include "content/secret_kind.h"

#include <algorithm>
#include <string>

#include "regex/literal_search.h"
#include "text/encoding.h"

namespace mig {

namespace {

using std::string_view_literals::operator""sv;

constexpr size_t kHeadBytes = 64 * 1024;
// Page sizes differ between machines: 4 to 64 KiB.
constexpr size_t kSmallestPageBytes = 4096;
constexpr size_t kLargestPageBytes = 64 * 1024;
constexpr size_t kMaxPemLabelBytes = 64;

bool beginsWith(std::string_view text, std::string_view beginning) { return text.substr(0, beginning.size()) == beginning; }
bool isAt(std::string_view text, size_t at, std::string_view wanted) { return at <= text.size() && beginsWith(text.substr(at), wanted); }

// The format that builder/package/mark.ts writes.
bool isAgentExecutable(std::string_view head) {
  if (beginsWith(head, "\x7f""ELF"sv)) return isAt(head, 9, "MIGAGNT"sv);
  if (beginsWith(head, "MZ"sv)) return isAt(head, 0x28, "MIGAGNT"sv);
  return beginsWith(head, "\xcf\xfa\xed\xfe"sv) && isAt(head, 28, "MIGA"sv);
}

// The format that agent/state/identity.ts writes: an Ed25519 key, PKCS #8 in base64.
bool isAgentKey(std::string_view head) {
  return beginsWith(head, "{"sv) && head.substr(0, 1024).find("\"privatekey\":\"MC4CAQ"sv) != std::string_view::npos;
}

bool isElfCore(std::string_view head) {
  if (!beginsWith(head, "\x7f""ELF"sv) || head.size() < 18) return false;
  constexpr char core = 4;
  constexpr char bigEndian = 2;
  return head[5] == bigEndian ? head[17] == core && head[16] == 0 : head[16] == core && head[17] == 0;
}

// Swap areas, also those that hold a hibernated system; the signatures that libblkid knows.
bool isSwapArea(std::string_view head) {
  static constexpr std::string_view signatures[] = {"SWAPSPACE2"sv, "SWAP-SPACE"sv, "S1SUSPEND"sv, "S2SUSPEND"sv, "ULSUSPEND"sv, "LINHIB0001"sv};
  for (size_t page = kSmallestPageBytes; page <= kLargestPageBytes; page *= 2) {
    if (std::any_of(std::begin(signatures), std::end(signatures), [&](std::string_view one) { return isAt(head, page - 10, one); })) return true;
  }
  return false;
}

bool isMemoryImage(std::string_view head) {
  // Dumps of Windows, kdump, LiME, AVML and virtual machines.
  static constexpr std::string_view beginnings[] = {"MDMP\x93\xa7"sv, "PAGEDUMP"sv, "PAGEDU64"sv, "KDUMP   "sv, "EMiL"sv, "LibvirtQemud"sv, "QEVM\0\0\0"sv,
                                                    "\xed\xc3\x02\xe9\x98\x56\xe5\x0c"sv};
  if (std::any_of(std::begin(beginnings), std::end(beginnings), [&](std::string_view one) { return beginsWith(head, one); })) return true;
  const bool isMachCore = beginsWith(head, "\xcf\xfa\xed\xfe"sv) && isAt(head, 12, "\x04\0\0\0"sv);
  return isMachCore || isElfCore(head) || isSwapArea(head);
}

// Whether the words are in the first line of a key; false in a text about keys.
bool isPemLine(std::string_view head, size_t words) {
  const size_t earliest = words - std::min(words, kMaxPemLabelBytes);
  const size_t lineBreak = head.substr(earliest, words - earliest).find_last_of("\r\n"sv);
  if (lineBreak == std::string_view::npos && earliest > 0) return false;
  const size_t start = lineBreak == std::string_view::npos ? 0 : earliest + lineBreak + 1;
  constexpr std::string_view key = "PRIVATE KEY"sv;
  return isAt(head, start, "-----BEGIN "sv) && isAt(head, words, key) &&
         (isAt(head, words + key.size(), "-----"sv) || isAt(head, words + key.size(), " BLOCK-----"sv));
}

bool hasPemKey(std::string_view head) {
  static const LiteralSearch words("private key");
  if (head.size() < words.size()) return false;
  const size_t to = head.size() - words.size() + 1;
  for (size_t at = words.find(head, 0, to); at != LiteralSearch::npos; at = words.find(head, at + 1, to)) {
    if (isPemLine(head, at)) return true;
  }
  return false;
}

// PKCS #1, PKCS #8 and SEC 1 in DER: a sequence whose first element is the version.
bool isDerKey(std::string_view head) {
  if (!beginsWith(head, "\x30"sv) || head.size() < 12) return false;
  const auto length = static_cast<uint8_t>(head[1]);
  const size_t body = length < 0x80 ? 2 : 2 + (length & 0x7f);
  if (body > 4) return false;
  const std::string_view inside = head.substr(body);
  if (beginsWith(inside, "\x02\x01\x01\x04"sv)) return true;
  return beginsWith(inside, "\x02\x01\x00\x30"sv) || beginsWith(inside, "\x02\x01\x00\x02"sv);
}

bool isPrivateKey(std::string_view head) {
  static constexpr std::string_view beginnings[] = {"PuTTY-User-Key-File-"sv, "AGE-SECRET-KEY-1"sv,          "LUKS\xba\xbe"sv,   "SKUL\xba\xbe"sv,
                                                    "(11:private-key"sv,      "(21:protected-private-key"sv, "Key: (private-"sv, "Key: (protected-private-"sv};
  if (std::any_of(std::begin(beginnings), std::end(beginnings), [&](std::string_view one) { return beginsWith(head, one); })) return true;
  if (beginsWith(head, "# created: "sv) && head.substr(0, 1024).find("\nAGE-SECRET-KEY-1"sv) != std::string_view::npos) return true;
  return isDerKey(head) || hasPemKey(head);
}

// `$6$…`, `$y$…`: a crypt(5) hash with its method.
bool isCryptHash(std::string_view field) {
  if (!beginsWith(field, "$"sv)) return false;
  const size_t end = field.find('$', 1);
  const std::string_view method = field.substr(1, end == std::string_view::npos ? 0 : end - 1);
  return !method.empty() && method.size() <= 10 && method.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-"sv) == std::string_view::npos;
}

// A line of shadow(5), gshadow(5), master.passwd(5) or a web server's password file. passwd(5) and group(5) have an x
// there.
bool isHashLine(std::string_view line) {
  const size_t colon = line.find(':');
  const std::string_view user = line.substr(0, colon);
  if (colon == std::string_view::npos || user.empty() || user.size() > 64 || user.find_first_of(" \t\"'{"sv) != std::string_view::npos) return false;
  const std::string_view rest = line.substr(colon + 1);
  const std::string_view field = rest.substr(0, rest.find(':'));
  const auto colons = std::count(line.begin(), line.end(), ':');
  const bool isLocked = !field.empty() && field.find_first_not_of("!*"sv) == std::string_view::npos;
  // Of the four fields of gshadow the third has names. In group of BSD and macOS, which also has a star, it is a
  // number.
  const std::string_view third = rest.substr(std::min(rest.find(':'), rest.size() - 1) + 1);
  const bool isTable = colons == 8 || (colons == 3 && (third.empty() || "-0123456789"sv.find(third[0]) == std::string_view::npos));
  return isCryptHash(field.substr(std::min(field.find_first_not_of('!'), field.size()))) || (isLocked && isTable);
}

bool isPasswordHashes(std::string_view head) {
  std::string_view rest = head.substr(0, 4096);
  while (beginsWith(rest, "#"sv)) rest.remove_prefix(std::min(rest.find('\n'), rest.size() - 1) + 1);
  return isHashLine(rest.substr(0, std::min<size_t>(rest.find_first_of("\r\n"sv), 1024)));
}

SecretKind kindOf(std::string_view head) {
  if (isAgentExecutable(head)) return SecretKind::agentExecutable;
  if (isAgentKey(head)) return SecretKind::agentKey;
  if (isMemoryImage(head)) return SecretKind::memoryImage;
  if (isPasswordHashes(head)) return SecretKind::passwordHashes;
  return isPrivateKey(head) ? SecretKind::privateKey : SecretKind::none;
}

// The text as the searches of lines see it.
std::string toUtf8(std::string_view head, const TextStart& start) {
  head.remove_prefix(start.markBytes);
  if (start.encoding == TextEncoding::utf8) return std::string(head);
  TextDecoder decoder;
  decoder.start(start.encoding);
  std::string text(2 * head.size() + TextDecoder::kMaxStepBytes, '\0');
  text.resize(decoder.decode(head, true, reinterpret_cast<uint8_t*>(text.data()), text.size()));
  return text;
}

constexpr std::string_view kNames[kSecretKinds] = {"", "private-key", "password-hashes", "memory-image", "agent-key", "agent-executable"};

}  // namespace

SecretKind secretKindOfName(std::string_view name) {
  for (size_t index = 1; index < kSecretKinds; index += 1) {
    if (kNames[index] == name) return static_cast<SecretKind>(index);
  }
  return SecretKind::none;
}

bool hasAgentMark(const uint8_t* head, size_t count) { return isAgentExecutable({reinterpret_cast<const char*>(head), count}); }

SecretKind secretKindOf(const uint8_t* data, size_t count) {
  const std::string_view head(reinterpret_cast<const char*>(data), std::min(count, kHeadBytes));
  const SecretKind kind = kindOf(head);
  const TextStart start = textStartOf(head, TextEncoding::automatic);
  if (kind != SecretKind::none || (start.encoding == TextEncoding::utf8 && start.markBytes == 0)) return kind;
  return kindOf(toUtf8(head, start));
}

}  // namespace mig
