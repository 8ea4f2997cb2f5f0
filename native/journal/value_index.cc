#include "journal/value_index.h"

#include <algorithm>

#include "journal/data_hash.h"
#include "journal/linked_entries.h"

namespace mig::journal {

namespace {

// An entry that the index leads to takes so many times as long as one in a row.
constexpr uint64_t kCostOfEntry = 4;
constexpr uint64_t kMostChain = 10000;
// Each lookup takes several readings.
constexpr size_t kMostLookups = 64;
constexpr size_t kBucketBytes = 16;

uint64_t entriesOf(const std::vector<uint64_t>& counts) {
  uint64_t sum = 0;
  for (const uint64_t count : counts) sum += count;
  return sum;
}

}  // namespace

std::optional<std::vector<uint64_t>> ValueIndex::findEntries(const Question& question) {
  std::vector<Values> found;
  std::vector<uint64_t> counts;
  for (const JournalSearch& search : question.searches) {
    std::optional<Values> values = findFewest(question, search);
    if (!values) return std::nullopt;
    for (const Value& value : *values) counts.push_back(value.entries);
    if (entriesOf(counts) > header_.entries / kCostOfEntry) return std::nullopt;
    found.push_back(std::move(*values));
  }
  std::vector<uint64_t> entries;
  for (const Values& values : found) {
    for (const Value& value : values) {
      if (!addEntries(value, entries)) return std::nullopt;
    }
  }
  std::sort(entries.begin(), entries.end());
  entries.erase(std::unique(entries.begin(), entries.end()), entries.end());
  return entries;
}

// Of the tests that a matching entry must pass, the one that the fewest entries pass.
std::optional<ValueIndex::Values> ValueIndex::findFewest(const Question& question, const JournalSearch& search) {
  std::optional<Values> fewest;
  uint64_t least = UINT64_MAX;
  for (const auto& [number, invert] : search.tests) {
    const ValueTest& test = question.tests[number];
    if (invert || test.pattern || test.values.size() * test.fields.size() > kMostLookups) continue;
    std::optional<Values> values = findValues(test);
    if (!values) return std::nullopt;
    uint64_t entries = 0;
    for (const Value& value : *values) entries += std::min(value.entries, header_.entries);
    if (entries >= least) continue;
    least = entries;
    fewest = std::move(values);
  }
  return fewest;
}

std::optional<ValueIndex::Values> ValueIndex::findValues(const ValueTest& test) {
  Values values;
  for (const std::string& field : test.fields) {
    for (const std::string& value : test.values) {
      if (!addValue(field + "=" + value, values)) return std::nullopt;
    }
  }
  return values;
}

// False when the index is damaged.
bool ValueIndex::addValue(const std::string& payload, Values& values) {
  const uint64_t buckets = header_.dataTableBytes / kBucketBytes;
  if (buckets == 0) return false;
  const uint64_t hash = header_.hasKeyedHash ? sipHash(payload, header_.fileId) : jenkinsHash(payload);
  const uint8_t* bucket = window_.get(header_.dataTable + hash % buckets * kBucketBytes, kBucketBytes);
  if (bucket == nullptr) return false;
  uint64_t offset = number64(bucket);
  for (uint64_t steps = 0; offset != 0; steps += 1) {
    const uint8_t* object = offset % 8 == 0 ? window_.get(offset, data::kCompactPayload) : nullptr;
    if (object == nullptr || object[0] != static_cast<uint8_t>(ObjectType::data) || steps > kMostChain) return false;
    const uint64_t next = number64(object + data::kNextInTable);
    const Value value{number64(object + data::kFirstEntry), number64(object + data::kEntryArray), number64(object + data::kEntries)};
    const size_t payloadAt = header_.payloadAt();
    const bool isSameHash = number64(object + data::kHash) == hash;
    // It may be the value; only reading all of the file tells.
    if (isSameHash && (object[1] & kAnyCompression) != 0) return false;
    if (isSameHash && number64(object + 8) == payloadAt + payload.size()) {
      const uint8_t* bytes = window_.get(offset, payloadAt + payload.size());
      if (bytes == nullptr) return false;
      if (memcmp(bytes + payloadAt, payload.data(), payload.size()) == 0) {
        values.push_back(value);
        return true;
      }
    }
    offset = next;
  }
  return true;
}

// False when the index is damaged. The first entry is not in the chain of the others.
bool ValueIndex::addEntries(const Value& value, std::vector<uint64_t>& entries) {
  if (value.entries == 0) return true;
  entries.push_back(value.firstEntry);
  LinkedEntries linked(source_, header_, value.entryArray, value.entries - 1);
  for (; linked.current() != 0; linked.next()) entries.push_back(linked.current());
  return !linked.isBroken();
}

}  // namespace mig::journal
