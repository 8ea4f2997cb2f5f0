// The time at which a line of a log was written, as it stands in the line.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace mig::textlog {

// `zoned`: with its offset from UTC. `local`: by the clock of the host. `yearless`: the same without a year.
enum class StampKind : uint8_t { none, zoned, local, yearless };

struct Stamp {
  StampKind kind = StampKind::none;
  // Milliseconds: since 1970 in UTC; since 1970 of the host's clock; since the beginning of a leap year.
  int64_t ms = 0;
  // Where the date ends, and the time of day to the second; both zero when two stamps may not be compared as text.
  size_t dateEnd = 0;
  size_t clockEnd = 0;
  // Where the rest of the line begins.
  size_t end = 0;
};

constexpr int64_t kDayMs = 86400000;
// 29 February, by days of a leap year.
constexpr int64_t kLeapDay = 59;

// Days since 1970-01-01 of a date of the Gregorian calendar.
int64_t daysOf(int64_t year, int month, int day);
// The year of so many milliseconds since 1970, and the milliseconds since the beginning of a leap year with that date.
void splitYear(int64_t ms, int64_t& year, int64_t& msInLeapYear);

// RFC 3164, RFC 5424, ISO 8601, ctime(3), seconds since 1970, the audit system's and the access log's of web servers.
// `anywhere`: also a date further behind, for logs that begin with something else.
Stamp parseStamp(std::string_view line, bool anywhere);

}  // namespace mig::textlog
