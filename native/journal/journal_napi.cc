#include "journal/journal_napi.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "fs/path_text.h"
#include "journal/journal_scan.h"
#include "journal/question_napi.h"
#include "napi/errors.h"
#include "napi/functions.h"
#include "napi/thread_job.h"
#include "napi/values.h"
#include "scan/plan_napi.h"

namespace mig {

namespace {

// A scan's state without its searches.
class NoScanHits final : public HitSink {
 public:
  void add(Hit) override {}
};

// Null for a file that was read, or is outside of the asked times.
const char* failureName(journal::FileOutcome outcome) {
  switch (outcome) {
    case journal::FileOutcome::vanished: return "vanished";
    case journal::FileOutcome::noPermission: return "no-permission";
    case journal::FileOutcome::readError: return "read-error";
    case journal::FileOutcome::otherFileSystem: return "other-file-system";
    case journal::FileOutcome::specialFile: return "special-file";
    case journal::FileOutcome::isProtected: return "protected";
    case journal::FileOutcome::questionLimit: return "question-limit";
    case journal::FileOutcome::malformed: return "malformed";
    case journal::FileOutcome::unsupported: return "unsupported";
    case journal::FileOutcome::read:
    case journal::FileOutcome::outside: return nullptr;
  }
  return nullptr;
}

Napi::Value toMs(Napi::Env env, uint64_t microseconds) { return Napi::Number::New(env, static_cast<double>(microseconds) / 1000); }
Napi::Value toCount(Napi::Env env, uint64_t count) { return Napi::Number::New(env, static_cast<double>(count)); }
Napi::Value firstOf(Napi::Env env, const journal::Span& span) { return span.count == 0 ? env.Null() : toMs(env, span.first); }
Napi::Value lastOf(Napi::Env env, const journal::Span& span) { return span.count == 0 ? env.Null() : toMs(env, span.last); }

std::string toHex(const journal::Id& id) {
  static const char digits[] = "0123456789abcdef";
  std::string text;
  for (const uint8_t byte : id) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

Napi::Value toObject(Napi::Env env, const journal::SearchCount& count) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("matched", toCount(env, count.all.count));
  object.Set("firstMs", firstOf(env, count.all));
  object.Set("lastMs", lastOf(env, count.all));
  Napi::Array groups = Napi::Array::New(env, count.groups.size());
  for (uint32_t index = 0; index < count.groups.size(); index += 1) {
    const auto& [value, span] = count.groups[index];
    Napi::Object group = Napi::Object::New(env);
    group.Set("value", toBytes(env, value));
    group.Set("count", toCount(env, span.count));
    group.Set("firstMs", toMs(env, span.first));
    group.Set("lastMs", toMs(env, span.last));
    groups.Set(index, group);
  }
  object.Set("groups", groups);
  object.Set("others", toCount(env, count.others));
  object.Set("withoutValue", toCount(env, count.withoutValue));
  return object;
}

void setHeader(Napi::Env env, Napi::Object& object, const journal::FileHeader& header) {
  static const char* const states[] = {"offline", "online", "archived"};
  object.Set("machineId", toHex(header.machineId));
  object.Set("sequenceId", toHex(header.sequenceId));
  object.Set("state", states[static_cast<size_t>(header.state)]);
  object.Set("isSealed", Napi::Boolean::New(env, header.isSealed));
}

void setFacts(Napi::Env env, Napi::Object& object, const journal::FileFacts& facts) {
  const char* damage = facts.damage == journal::Damage::truncated ? "truncated" : "corrupted";
  object.Set("damage", facts.damage == journal::Damage::none ? env.Null() : Napi::String::New(env, damage).As<Napi::Value>());
  object.Set("entries", toCount(env, facts.span.count));
  object.Set("fromMs", firstOf(env, facts.span));
  object.Set("toMs", lastOf(env, facts.span));
  Napi::Array boots = Napi::Array::New(env, facts.boots.size());
  for (uint32_t index = 0; index < facts.boots.size(); index += 1) {
    const auto& [id, span] = facts.boots[index];
    Napi::Object boot = Napi::Object::New(env);
    boot.Set("id", toHex(id));
    boot.Set("entries", toCount(env, span.count));
    boot.Set("fromMs", toMs(env, span.first));
    boot.Set("toMs", toMs(env, span.last));
    boots.Set(index, boot);
  }
  object.Set("boots", boots);
  object.Set("isBootsCut", Napi::Boolean::New(env, facts.isBootsCut));
  object.Set("duplicates", toCount(env, facts.duplicates));
  object.Set("unlinkedEntries", toCount(env, facts.unlinked));
  object.Set("backwardSteps", toCount(env, facts.backwardSteps));
  object.Set("unreadableObjects", toCount(env, facts.unreadable));
}

Napi::Value toObject(Napi::Env env, const journal::ReadFile& file) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("path", fs::pathText(file.path));
  if (const char* reason = failureName(file.outcome); reason != nullptr) {
    object.Set("kind", "failed");
    object.Set("reason", reason);
    return object;
  }
  setHeader(env, object, file.header);
  if (file.outcome == journal::FileOutcome::read && file.facts.isInOrder) {
    object.Set("kind", "read");
    setFacts(env, object, file.facts);
    return object;
  }
  const auto [from, to] = std::minmax(file.header.headRealtime, file.header.tailRealtime);
  const bool isIndexed = file.outcome == journal::FileOutcome::read;
  object.Set("kind", isIndexed ? "indexed" : "outside");
  if (isIndexed) object.Set("unreadableObjects", toCount(env, file.facts.unreadable));
  object.Set("entries", toCount(env, file.header.entries));
  object.Set("fromMs", toMs(env, from));
  object.Set("toMs", toMs(env, to));
  return object;
}

Napi::Value toObject(Napi::Env env, const journal::SequenceSummary& sequence) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("id", toHex(sequence.id));
  object.Set("from", std::to_string(sequence.from));
  object.Set("to", std::to_string(sequence.to));
  Napi::Array gaps = Napi::Array::New(env, sequence.gaps.size());
  for (uint32_t index = 0; index < sequence.gaps.size(); index += 1) {
    const journal::Gap& gap = sequence.gaps[index];
    Napi::Object entry = Napi::Object::New(env);
    entry.Set("from", std::to_string(gap.from));
    entry.Set("to", std::to_string(gap.to));
    entry.Set("beforeMs", toMs(env, gap.beforeTime));
    entry.Set("afterMs", toMs(env, gap.afterTime));
    gaps.Set(index, entry);
  }
  object.Set("gaps", gaps);
  object.Set("gapCount", toCount(env, sequence.gapCount));
  object.Set("missing", toCount(env, sequence.missing));
  object.Set("isUnknown", Napi::Boolean::New(env, sequence.isUnknown));
  return object;
}

template <class Item>
Napi::Array toArray(Napi::Env env, const std::vector<Item>& items) {
  Napi::Array array = Napi::Array::New(env, items.size());
  for (uint32_t index = 0; index < items.size(); index += 1) array.Set(index, toObject(env, items[index]));
  return array;
}

class JournalJob final : public ThreadJob {
 public:
  JournalJob(Napi::Env env, std::unique_ptr<Plan> plan, std::unique_ptr<journal::Question> question, std::vector<std::string> paths, const Napi::Function& onBatch)
      : ThreadJob(env, onBatch), plan_(std::move(plan)), question_(std::move(question)), paths_(std::move(paths)), state_(*plan_, sink_) {}

  void cancel() override {
    ThreadJob::cancel();
    state_.stop(StopReason::cancelled);
  }

  void run() override { summary_ = journal::readJournals(state_, *question_, paths_); }

  Napi::Value result(Napi::Env env) override {
    Napi::Object object = Napi::Object::New(env);
    object.Set("searches", toArray(env, summary_.searches));
    object.Set("files", toArray(env, summary_.files));
    object.Set("sequences", toArray(env, summary_.sequences));
    object.Set("bytes", toCount(env, state_.counters.bytes));
    object.Set("protectedQuestions", toCount(env, state_.protection.takenQuestions()));
    const char* stop = stopName(state_.stopReason());
    object.Set("stopped", stop == nullptr ? env.Null() : Napi::String::New(env, stop).As<Napi::Value>());
    return object;
  }

 private:
  const std::unique_ptr<Plan> plan_;
  const std::unique_ptr<journal::Question> question_;
  const std::vector<std::string> paths_;
  NoScanHits sink_;
  ScanState state_;
  journal::JournalSummary summary_;
};

// False when a path is not valid; `error` then names it.
bool toPaths(const Napi::Array& source, std::vector<std::string>& paths, std::string& error) {
  for (uint32_t index = 0; index < source.Length(); index += 1) {
    const std::string text = source.Get(index).ToString().Utf8Value();
    paths.emplace_back();
    if (fs::parsePath(text, paths.back())) continue;
    error = "expected an absolute path such as " + std::string(fs::kPathExample) + ", got \"" + text + "\"";
    return false;
  }
  return true;
}

Napi::Value startJournal(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!info[0].IsObject()) return throwCoded(env, "bad-plan", "expected a plan");
  const Napi::Object object = info[0].As<Napi::Object>();
  for (const char* name : {"paths", "searches"}) {
    if (!object.Get(name).IsArray()) return throwCoded(env, "bad-plan", std::string("expected a list of ") + name);
  }
  std::string error;
  std::vector<std::string> paths;
  if (!toPaths(object.Get("paths").As<Napi::Array>(), paths, error)) return throwCoded(env, "bad-plan", error);
  std::unique_ptr<journal::Question> question = journal::toQuestion(object.Get("searches").As<Napi::Array>(), error);
  if (!question) return throwCoded(env, "bad-plan", error);
  question->everyEntry = boolOf(object, "everyEntry");
  // Its searches are none of a scan; the limits and rules are.
  Napi::Object limits = Napi::Object::New(env);
  for (const char* name : {"cpuPercent", "seconds", "protectedPatterns", "protectedContents", "protectedQuestions"}) limits.Set(name, object.Get(name));
  limits.Set("threads", 1);
  limits.Set("maxErrors", 1);
  std::unique_ptr<Plan> plan = toPlan(limits, error);
  if (!plan) return throwCoded(env, "bad-plan", error);
  const auto onBatch = Napi::Function::New(env, [](const Napi::CallbackInfo&) {});
  return ThreadJob::start(env, std::make_shared<JournalJob>(env, std::move(plan), std::move(question), std::move(paths), onBatch));
}

}  // namespace

void addJournalFunctions(Napi::Object& exports) { addFunctions(exports, {{"startJournal", startJournal}}); }

}  // namespace mig
