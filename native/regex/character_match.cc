#include "regex/character_match.h"

#include <re2/re2.h>

#include <algorithm>
#include <string>

#include "text/utf8.h"

namespace mig {

namespace {

constexpr size_t kNone = std::string_view::npos;

size_t findIn(const re2::RE2& regex, std::string_view text, size_t from, size_t to) {
  re2::StringPiece found;
  if (!regex.Match(re2::StringPiece(text.data(), text.size()), from, to, re2::RE2::UNANCHORED, &found, 1)) return kNone;
  return static_cast<size_t>(found.data() - text.data());
}

}  // namespace

bool matchesCharacters(const re2::RE2& regex, std::string_view text) {
  const auto matches = [&](std::string_view characters) {
    return regex.Match(re2::StringPiece(characters.data(), characters.size()), 0, characters.size(), re2::RE2::UNANCHORED, nullptr, 0);
  };
  if (isUtf8(text)) return matches(text);
  std::string characters;
  appendCharacters(text, characters);
  return matches(characters);
}

size_t findCharacters(const re2::RE2& regex, std::string_view text, size_t from, size_t to) {
  if (const size_t start = characterStart(text, from); start < from) from = start + characterBytesAt(text, start);
  to = characterStart(text, to);
  if (from > to) return kNone;
  const std::string_view part = text.substr(from, to - from);
  if (isUtf8(part)) return findIn(regex, text, from, to);
  std::string characters;
  const size_t before = from > 0 ? 1 : 0;
  // Of a neighbour only matters whether it is a letter or a line end.
  characters.append(text, from - before, before);
  appendCharacters(part, characters);
  const size_t end = characters.size();
  characters.append(text, to, 1);
  const size_t found = findIn(regex, characters, before, end);
  return found == kNone ? kNone : from + placeOfCharacters(part, found - before);
}

}  // namespace mig
