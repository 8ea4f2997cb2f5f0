#include "textlog/stamp.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace mig::textlog {

namespace {

constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
constexpr std::string_view kDays = "MonTueWedThuFriSatSun";
constexpr std::array<int, 13> kLeapDaysBefore{0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335, 366};
constexpr std::array<int, 12> kMonthDays{31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
// Of the host and the user in front of the time of an access log.
constexpr size_t kMostAccessBytes = 512;
constexpr size_t kMostAnywhereBytes = 64;
constexpr int kLeapYear = 2000;

bool isDigit(char letter) { return letter >= '0' && letter <= '9'; }

// 1 to 12; 0 for no month.
int monthOf(std::string_view text) {
  const size_t at = text.size() < 3 ? std::string_view::npos : kMonths.find(text.substr(0, 3));
  return at == std::string_view::npos || at % 3 != 0 ? 0 : static_cast<int>(at / 3) + 1;
}

bool isWeekday(std::string_view text) {
  const size_t at = text.size() < 3 ? std::string_view::npos : kDays.find(text.substr(0, 3));
  return at != std::string_view::npos && at % 3 == 0;
}

// Reads a line from its beginning; a step that fails changes nothing.
class LineReader {
 public:
  explicit LineReader(std::string_view line, size_t at = 0) : line_(line), at_(at) {}

  size_t at() const { return at_; }
  std::string_view rest() const { return line_.substr(std::min(at_, line_.size())); }
  char peek() const { return at_ < line_.size() ? line_[at_] : '\0'; }
  void skip(size_t count) { at_ += count; }

  bool take(char letter) {
    if (peek() != letter) return false;
    at_ += 1;
    return true;
  }

  // Exactly so many digits.
  bool number(size_t digits, int& value) {
    if (at_ + digits > line_.size()) return false;
    int read = 0;
    for (size_t index = 0; index < digits; index += 1) {
      if (!isDigit(line_[at_ + index])) return false;
      read = read * 10 + (line_[at_ + index] - '0');
    }
    value = read;
    at_ += digits;
    return true;
  }

  // `hh:mm:ss`, and a fraction behind a dot or comma.
  bool clock(int64_t& ms, size_t& clockEnd) {
    int hour = 0, minute = 0, second = 0;
    if (!number(2, hour) || !take(':') || !number(2, minute) || !take(':') || !number(2, second)) return false;
    if (hour > 23 || minute > 59 || second > 60) return false;
    clockEnd = at_;
    ms = ((hour * 60 + minute) * 60 + second) * int64_t{1000} + fraction();
    return true;
  }

 private:
  int64_t fraction() {
    if ((peek() != '.' && peek() != ',') || at_ + 1 >= line_.size() || !isDigit(line_[at_ + 1])) return 0;
    at_ += 1;
    int64_t ms = 0;
    for (int weight = 100; isDigit(peek()); weight /= 10) {
      ms += weight * (line_[at_] - '0');
      at_ += 1;
    }
    return ms;
  }

  std::string_view line_;
  size_t at_;
};

bool isDate(int month, int day) { return month >= 1 && month <= 12 && day >= 1 && day <= kMonthDays[static_cast<size_t>(month - 1)]; }

// `Z`, `+01:00`, `+0100`, ` +0100`, ` UTC`; false without one.
bool takeZone(LineReader& reader, int64_t& offsetMs) {
  const std::string_view rest = reader.rest();
  const bool isBehindBlank = !rest.empty() && rest[0] == ' ';
  const std::string_view zone = rest.substr(isBehindBlank ? 1 : 0);
  offsetMs = 0;
  for (const std::string_view name : {std::string_view("UTC"), std::string_view("GMT"), std::string_view("Z")}) {
    if (zone.substr(0, name.size()) != name) continue;
    const char after = zone.size() > name.size() ? zone[name.size()] : ' ';
    if ((after >= 'A' && after <= 'Z') || (after >= 'a' && after <= 'z') || isDigit(after)) continue;
    if (name == "Z" && isBehindBlank) continue;
    reader.skip(name.size() + (isBehindBlank ? 1 : 0));
    return true;
  }
  if (zone.empty() || (zone[0] != '+' && zone[0] != '-')) return false;
  LineReader digits(zone, 1);
  int hours = 0, minutes = 0;
  if (!digits.number(2, hours)) return false;
  const bool hasColon = digits.take(':');
  if (!digits.number(2, minutes) && (hasColon || isBehindBlank)) return false;
  if (hours > 15 || minutes > 59 || isDigit(digits.peek())) return false;
  offsetMs = (hours * 60 + minutes) * int64_t{60000} * (zone[0] == '-' ? -1 : 1);
  reader.skip(digits.at() + (isBehindBlank ? 1 : 0));
  return true;
}

// `2026-01-31T07:00:00.123+01:00`, `2026/01/31 07:00:00`.
bool parseIso(LineReader reader, Stamp& stamp) {
  int year = 0, month = 0, day = 0;
  if (!reader.number(4, year)) return false;
  const char separator = reader.peek();
  if ((separator != '-' && separator != '/') || !reader.take(separator) || !reader.number(2, month)) return false;
  if (!reader.take(separator) || !reader.number(2, day) || !isDate(month, day) || year < 1970) return false;
  const char between = reader.peek();
  if (between != 'T' && between != ' ' && between != 't') return false;
  reader.skip(1);
  if (between == ' ' && reader.peek() == ' ') reader.skip(1);
  stamp.dateEnd = reader.at();
  int64_t clockMs = 0;
  if (!reader.clock(clockMs, stamp.clockEnd)) return false;
  int64_t offsetMs = 0;
  stamp.kind = takeZone(reader, offsetMs) ? StampKind::zoned : StampKind::local;
  stamp.ms = daysOf(year, month, day) * kDayMs + clockMs - offsetMs;
  stamp.end = reader.at();
  return true;
}

// `Jan 31 07:00:00`, `Jan  1 07:00:00`; behind a day of the week with the year at the end.
bool parseNamedMonth(LineReader reader, bool hasYear, Stamp& stamp) {
  const int month = monthOf(reader.rest());
  if (month == 0) return false;
  reader.skip(3);
  if (!reader.take(' ')) return false;
  int day = 0;
  const bool isPadded = reader.take(' ');
  if (!reader.number(isPadded ? 1 : 2, day) && !reader.number(1, day)) return false;
  if (!reader.take(' ') || !isDate(month, day)) return false;
  stamp.dateEnd = reader.at();
  int64_t clockMs = 0;
  if (!reader.clock(clockMs, stamp.clockEnd)) return false;
  stamp.kind = StampKind::yearless;
  stamp.ms = (kLeapDaysBefore[static_cast<size_t>(month - 1)] + day - 1) * kDayMs + clockMs;
  if (hasYear) {
    int year = 0;
    if (!reader.take(' ') || !reader.number(4, year) || year < 1970) return false;
    stamp.kind = StampKind::local;
    stamp.ms = daysOf(year, month, day) * kDayMs + clockMs;
    stamp.dateEnd = stamp.clockEnd = 0;
  }
  stamp.end = reader.at();
  return true;
}

// `1364481363.243`
bool parseEpoch(LineReader reader, Stamp& stamp) {
  int high = 0, low = 0;
  if (!reader.number(5, high) || !reader.number(5, low) || isDigit(reader.peek())) return false;
  const int64_t seconds = high * int64_t{100000} + low;
  int ms = 0;
  if (reader.take('.') && reader.number(3, ms)) {
    while (isDigit(reader.peek())) reader.skip(1);
  }
  stamp.kind = StampKind::zoned;
  stamp.ms = seconds * 1000 + ms;
  stamp.end = reader.at();
  return seconds >= 100000000;
}

// `[10/Oct/2000:13:55:36 -0700]` behind the address and the user.
bool parseAccess(std::string_view line, Stamp& stamp) {
  const std::string_view head = line.substr(0, kMostAccessBytes);
  const size_t bracket = head.find('[');
  if (bracket == std::string_view::npos) return false;
  LineReader reader(line, bracket + 1);
  int day = 0, year = 0;
  if (!reader.number(2, day) || !reader.take('/')) return false;
  const int month = monthOf(reader.rest());
  reader.skip(3);
  if (!isDate(month, day) || !reader.take('/') || !reader.number(4, year) || year < 1970 || !reader.take(':')) return false;
  int64_t clockMs = 0, offsetMs = 0;
  size_t clockEnd = 0;
  if (!reader.clock(clockMs, clockEnd)) return false;
  stamp.kind = takeZone(reader, offsetMs) ? StampKind::zoned : StampKind::local;
  stamp.ms = daysOf(year, month, day) * kDayMs + clockMs - offsetMs;
  stamp.end = reader.at();
  return true;
}

// Behind `<34>`, the version of RFC 5424, and a bracket.
size_t skipFrame(std::string_view line) {
  size_t at = line.substr(0, 3) == "\xef\xbb\xbf" ? 3 : 0;
  if (at < line.size() && line[at] == '<') {
    const size_t close = line.substr(0, at + 6).find('>', at);
    if (close != std::string_view::npos) at = close + 1;
    if (line.substr(at, 2) == "1 ") at += 2;
  }
  if (at < line.size() && line[at] == '[') at += 1;
  return at;
}

}  // namespace

int64_t daysOf(int64_t year, int month, int day) {
  // Years that begin in March have the leap day at their end.
  const int64_t shifted = year - (month <= 2 ? 1 : 0);
  const int64_t era = (shifted >= 0 ? shifted : shifted - 399) / 400;
  const int64_t yearOfEra = shifted - era * 400;
  const int64_t dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719468;
}

void splitYear(int64_t ms, int64_t& year, int64_t& msInLeapYear) {
  const int64_t days = (ms >= 0 ? ms : ms - kDayMs + 1) / kDayMs;
  year = 1970 + days / 366;
  while (daysOf(year + 1, 1, 1) <= days) year += 1;
  const bool isLeap = daysOf(year + 1, 1, 1) - daysOf(year, 1, 1) == 366;
  const int64_t dayOfYear = days - daysOf(year, 1, 1);
  const int64_t inLeapYear = dayOfYear + (!isLeap && dayOfYear >= kLeapDay ? 1 : 0);
  msInLeapYear = inLeapYear * kDayMs + (ms - days * kDayMs);
}

Stamp parseStamp(std::string_view line, bool anywhere) {
  Stamp stamp;
  const size_t start = skipFrame(line);
  LineReader reader(line, start);
  const char first = reader.peek();
  if (isDigit(first)) {
    if (parseIso(reader, stamp) || parseEpoch(reader, stamp)) return stamp;
  } else if (first >= 'A' && first <= 'Z') {
    if (parseNamedMonth(reader, false, stamp)) return stamp;
    if (isWeekday(reader.rest()) && reader.rest().size() > 4 && reader.rest()[3] == ' ') {
      LineReader behind(line, start + 4);
      if (parseNamedMonth(behind, true, stamp)) return stamp;
    }
  }
  stamp = {};
  constexpr std::string_view kAudit = "msg=audit(";
  const size_t audit = line.substr(0, kMostAnywhereBytes + kAudit.size()).find(kAudit);
  if (audit != std::string_view::npos && parseEpoch(LineReader(line, audit + kAudit.size()), stamp)) return stamp;
  if (parseAccess(line, stamp)) return stamp;
  stamp = {};
  if (!anywhere) return stamp;
  const size_t last = std::min(line.size(), kMostAnywhereBytes);
  for (size_t at = 0; at < last; at += 1) {
    if (!isDigit(line[at]) || (at > 0 && isDigit(line[at - 1]))) continue;
    if (parseIso(LineReader(line, at), stamp)) {
      stamp.dateEnd = stamp.clockEnd = 0;
      return stamp;
    }
    stamp = {};
  }
  return stamp;
}

}  // namespace mig::textlog
