// Network addresses as text.
#pragma once

#include <string>
#include <string_view>

namespace mig {

// 4 or 16 bytes in network order. An IPv4-mapped IPv6 address (::ffff:a.b.c.d) is written as IPv4, as it appears on the
// wire. Empty for other sizes.
std::string addressText(std::string_view bytes);

// "02:fc:00:00:00:01"; empty for an all-zero address and for other sizes, such as a tunnel's remote address.
std::string macText(std::string_view bytes);

}  // namespace mig
