#include "scan/file_state.h"

#include <algorithm>

namespace mig {

namespace {

bool isIn(const SizeTest& test, uint64_t sizeBytes) {
  return std::any_of(test.ranges.begin(), test.ranges.end(),
                     [&](const auto& range) { return sizeBytes >= range.first && sizeBytes <= range.second; });
}

std::optional<fs::Moment> momentOf(FileTime time, const fs::FileInfo& info) {
  const fs::FileFacts& facts = info.facts;
  const auto known = [&](fs::Fact fact, const fs::Moment& moment) { return facts.knows(fact) ? std::optional(moment) : std::nullopt; };
  switch (time) {
    case FileTime::changed: return known(fs::kChanged, facts.changed);
    case FileTime::born: return known(fs::kBorn, facts.born);
    case FileTime::accessed: return known(fs::kAccessed, facts.accessed);
    case FileTime::modified: break;
  }
  return fs::Moment{info.mtimeSeconds, info.mtimeNanoseconds};
}

std::optional<uint64_t> numberOf(FileNumber number, const fs::FileInfo& info) {
  const fs::FileFacts& facts = info.facts;
  const auto known = [&](fs::Fact fact, uint64_t value) { return facts.knows(fact) ? std::optional(value) : std::nullopt; };
  switch (number) {
    case FileNumber::owner: return known(fs::kOwner, info.user);
    case FileNumber::group: return known(fs::kGroup, info.group);
    case FileNumber::links: return known(fs::kLinks, facts.links);
    case FileNumber::inode: break;
  }
  return info.id.inode;
}

std::optional<bool> isIn(const TimeTest& test, const fs::FileInfo& info) {
  const std::optional<fs::Moment> moment = momentOf(test.time, info);
  if (!moment) return std::nullopt;
  const double time = static_cast<double>(moment->seconds) + moment->nanoseconds / 1e9;
  return time > test.after && time < test.before;
}

std::optional<bool> isIn(const NumberTest& test, const fs::FileInfo& info) {
  const std::optional<uint64_t> number = numberOf(test.number, info);
  if (!number) return std::nullopt;
  return std::any_of(test.ranges.begin(), test.ranges.end(), [&](const auto& range) { return *number >= range.first && *number <= range.second; });
}

std::optional<bool> hasMark(const MarkTest& test, const fs::FileFacts& facts) {
  if ((facts.knownMarks & test.mark) == 0) return std::nullopt;
  return (facts.marks & test.mark) != 0;
}

std::optional<bool> hasCapability(const CapabilityTest& test, AttributeFacts& attributes) {
  const std::optional<uint64_t> held = attributes.capabilities();
  if (!held) return std::nullopt;
  return (*held & test.set) != 0;
}

std::optional<bool> hasAttribute(const AttributeTest& test, AttributeFacts& attributes) {
  const std::vector<std::string>* names = attributes.names();
  if (names == nullptr) return std::nullopt;
  return std::any_of(names->begin(), names->end(), [&](const std::string& name) { return test.pattern->matches(name); });
}

}  // namespace

std::string toModeText(uint32_t mode) {
  std::string text;
  if ((mode & 04000) != 0) text += 'u';
  if ((mode & 02000) != 0) text += 'g';
  if ((mode & 01000) != 0) text += 't';
  if (text.empty()) text = "-";
  for (int bit = 8; bit >= 0; bit -= 1) text += (mode & (1u << bit)) != 0 ? "xwr"[bit % 3] : '-';
  return text;
}

void FileState::start(const ActiveSearch& place, const Search& search) {
  place_ = place;
  search_ = &search;
  stream_ = nullptr;
  alive_ = true;
  wasRead_ = false;
  isWithheld_ = isRefused_ = isUndecided_ = lacksFact_ = false;
  answers_.resize(search.checks.size());
  std::fill(answers_.begin(), answers_.end(), Answer::unknown);
}

void FileState::answer(size_t index, bool matched) {
  answers_[index] = matched != search_->checks[index].invert ? Answer::yes : Answer::no;
  if (answers_[index] == Answer::no && search_->matchAll) alive_ = false;
}

bool FileState::mayHit() const {
  return answers_.empty() || std::any_of(answers_.begin(), answers_.end(), [](Answer a) { return a != Answer::no; });
}

void FileState::testName(std::string_view name) {
  if (search_->infoFrom == 0) return;
  for (size_t index = 0; alive_ && index < search_->infoFrom; index += 1) {
    answer(index, std::get<NameTest>(search_->checks[index].test).pattern->matches(name));
  }
  alive_ = alive_ && mayHit();
}

void FileState::testInfo(const fs::FileInfo& info, std::string_view mode, std::string_view link, bool isFile, AttributeFacts& attributes) {
  if (!needsInfo()) return;
  for (size_t index = search_->infoFrom; alive_ && index < search_->contentFrom; index += 1) {
    const Test& test = search_->checks[index].test;
    if (const auto* target = std::get_if<LinkTest>(&test)) answer(index, !link.empty() && target->pattern->matches(link));
    else if (!isFile) continue;
    else if (std::holds_alternative<ModeTest>(test)) answer(index, matchesMode(index, info.mode, mode));
    else if (const auto* size = std::get_if<SizeTest>(&test)) answer(index, isIn(*size, info.sizeBytes));
    else if (const std::optional<bool> matched = testFact(test, info, attributes)) answer(index, *matched);
    else lacksFact_ = true;
  }
  alive_ = alive_ && mayHit();
}

// Nothing when the system does not tell.
std::optional<bool> FileState::testFact(const Test& test, const fs::FileInfo& info, AttributeFacts& attributes) const {
  if (const auto* time = std::get_if<TimeTest>(&test)) return isIn(*time, info);
  if (const auto* number = std::get_if<NumberTest>(&test)) return isIn(*number, info);
  if (const auto* mark = std::get_if<MarkTest>(&test)) return hasMark(*mark, info.facts);
  if (const auto* capability = std::get_if<CapabilityTest>(&test)) return hasCapability(*capability, attributes);
  if (const auto* attribute = std::get_if<AttributeTest>(&test)) return hasAttribute(*attribute, attributes);
  return std::nullopt;
}

bool FileState::matchesMode(size_t index, uint32_t mode, std::string_view text) {
  if (testedModes_.size() <= index) testedModes_.resize(search_->checks.size());
  TestedMode& tested = testedModes_[index];
  if (tested.mode != mode) tested = {mode, std::get<ModeTest>(search_->checks[index].test).pattern->matches(text)};
  return tested.matched;
}

bool FileState::wantsContent() const {
  if (!alive_ || isRefused_) return false;
  return returnsSha256() || std::find(answers_.begin() + contentFrom(), answers_.end(), Answer::unknown) != answers_.end();
}

uint64_t FileState::contentQuestions() const {
  uint64_t count = 0;
  for (size_t index = search_->contentFrom; alive_ && index < answers_.size(); index += 1) {
    if (answers_[index] != Answer::unknown) continue;
    const auto* digests = std::get_if<DigestTest>(&search_->checks[index].test);
    if (digests == nullptr) count += 1;
    else for (const auto& entry : digests->values) count += entry.second.size();
  }
  return count;
}

void FileState::refuseContent() {
  isRefused_ = true;
  stream_ = nullptr;
}

bool FileState::withholdDetails() {
  isWithheld_ = true;
  return alive_ && search_->returnSha256;
}

bool FileState::wantsOnlyDigests() const {
  if (search_->decompress) return false;
  for (size_t index = search_->contentFrom; index < answers_.size(); index += 1) {
    if (answers_[index] == Answer::unknown && !std::holds_alternative<DigestTest>(search_->checks[index].test)) return false;
  }
  return true;
}

void FileState::attach(ContentStream& stream) {
  stream_ = &stream;
  streamIndex_.assign(answers_.size(), 0);
  values_.assign(answers_.size(), -1);
  for (size_t index = 0; index < answers_.size(); index += 1) {
    const Test& test = search_->checks[index].test;
    if (const auto* bytes = std::get_if<BytesTest>(&test)) streamIndex_[index] = stream.addByteSearch(bytes->pattern.get());
    if (const auto* content = std::get_if<ContentTest>(&test))
      streamIndex_[index] = stream.addLineSearch(content->pattern.get(), content->everyLine, search_->encoding);
  }
}

void FileState::takeDecided() {
  for (size_t index = 0; alive_ && index < answers_.size(); index += 1) {
    if (answers_[index] != Answer::unknown) continue;
    const Test& test = search_->checks[index].test;
    if (std::holds_alternative<BytesTest>(test) && stream_->foundBytes(streamIndex_[index])) answer(index, true);
    if (!std::holds_alternative<ContentTest>(test)) continue;
    if (stream_->isDecided(streamIndex_[index])) answer(index, stream_->answer(streamIndex_[index]));
  }
  alive_ = alive_ && mayHit();
}

void FileState::takeFinal(bool complete) {
  takeDecided();
  wasRead_ = complete;
  for (size_t index = 0; complete && alive_ && index < answers_.size(); index += 1) {
    if (answers_[index] != Answer::unknown) continue;
    const Test& test = search_->checks[index].test;
    if (std::holds_alternative<BytesTest>(test)) answer(index, false);
    if (std::holds_alternative<ContentTest>(test)) takeLines(index);
    if (const auto* digests = std::get_if<DigestTest>(&test)) {
      bool known = true;
      for (const auto& [algorithm, values] : digests->values) {
        const std::string& value = stream_->digests().value(algorithm);
        const auto found = values.find(value);
        if (value.empty()) known = false;
        if (found != values.end()) values_[index] = static_cast<int32_t>(found->second);
      }
      if (known || values_[index] >= 0) answer(index, values_[index] >= 0);
    }
  }
}

void FileState::takeLines(size_t index) {
  if (stream_->isUnknown(streamIndex_[index])) isUndecided_ = true;
  else answer(index, stream_->answer(streamIndex_[index]));
}

uint32_t FileState::wantedDigests() const {
  if (!alive_) return 0;
  uint32_t wanted = returnsSha256() ? DigestSet::bit(DigestAlgorithm::sha256) : 0;
  for (size_t index = 0; index < answers_.size(); index += 1) {
    if (answers_[index] != Answer::unknown) continue;
    if (const auto* digests = std::get_if<DigestTest>(&search_->checks[index].test)) {
      for (const auto& entry : digests->values) wanted |= DigestSet::bit(entry.first);
    }
  }
  return wanted;
}

const std::vector<FileState::Match>& FileState::matches() {
  matches_.clear();
  if (!alive_) return matches_;
  const bool all = std::all_of(answers_.begin(), answers_.end(), [](Answer a) { return a == Answer::yes; });
  if (search_->matchAll || answers_.empty()) {
    if (all) matches_.push_back({-1, -1});
    return matches_;
  }
  for (size_t index = 0; index < answers_.size(); index += 1) {
    if (answers_[index] != Answer::yes) continue;
    const int32_t value = stream_ == nullptr || isWithheld_ ? -1 : values_[index];
    matches_.push_back({static_cast<int32_t>(search_->checks[index].id), value});
  }
  return matches_;
}

std::string FileState::sha256() const {
  if (!returnsSha256() || !wasRead_ || stream_ == nullptr) return "";
  return toHex(stream_->digests().value(DigestAlgorithm::sha256));
}

}  // namespace mig
