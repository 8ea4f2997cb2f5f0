// Addresses as people write them.
#pragma once

#include <string>
#include <string_view>

namespace mig {

// 4 or 16 bytes in network order; an IPv4 address inside IPv6 (::ffff:a.b.c.d) is written as IPv4, which is what goes over
// the wire. Empty for other sizes.
std::string addressText(std::string_view bytes);

// "02:fc:00:00:00:01"; empty when there is none: all zero, or the address of a tunnel's end in its place.
std::string macText(std::string_view bytes);

}  // namespace mig
