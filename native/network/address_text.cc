#include "network/address_text.h"

#include <uv.h>

namespace mig {

namespace {

constexpr size_t kIpv4Bytes = 4;
constexpr size_t kIpv6Bytes = 16;
constexpr std::string_view kMappedPrefix("\0\0\0\0\0\0\0\0\0\0\xff\xff", 12);

}  // namespace

std::string addressText(std::string_view bytes) {
  if (bytes.size() == kIpv6Bytes && bytes.substr(0, kMappedPrefix.size()) == kMappedPrefix) bytes.remove_prefix(kMappedPrefix.size());
  char text[INET6_ADDRSTRLEN] = "";
  if (bytes.size() == kIpv4Bytes) uv_inet_ntop(AF_INET, bytes.data(), text, sizeof(text));
  if (bytes.size() == kIpv6Bytes) uv_inet_ntop(AF_INET6, bytes.data(), text, sizeof(text));
  return text;
}

std::string macText(std::string_view bytes) {
  static const char digits[] = "0123456789abcdef";
  if (bytes.size() == kIpv4Bytes || bytes.size() == kIpv6Bytes || bytes.find_first_not_of('\0') == std::string_view::npos) return {};
  std::string text;
  for (const char letter : bytes) {
    const auto byte = static_cast<unsigned char>(letter);
    if (!text.empty()) text += ':';
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

}  // namespace mig
