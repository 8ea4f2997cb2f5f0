#include "scan/scan_napi.h"

#include <memory>
#include <string>
#include <vector>

#include "fs/folder_names.h"
#include "fs/path_text.h"
#include "fs/read_effects.h"
#include "fs/whole_file.h"
#include "napi/errors.h"
#include "napi/functions.h"
#include "napi/thread_job.h"
#include "napi/values.h"
#include "scan/glob.h"
#include "scan/plan_napi.h"
#include "scan/scan.h"

namespace mig {

namespace {

// A call into JavaScript costs as much as a hundred hits, but the first hits should appear at once.
constexpr size_t kBatchHits = 256;
constexpr uint64_t kBatchNanoseconds = 50 * 1000000ull;

void addMoment(Napi::Object& object, const char* name, const fs::Moment& moment) {
  Napi::Object time = Napi::Object::New(object.Env());
  time.Set("seconds", static_cast<double>(moment.seconds));
  time.Set("nanoseconds", moment.nanoseconds);
  object.Set(name, time);
}

void addFacts(Napi::Object& object, const fs::FileInfo& info) {
  const fs::FileFacts& facts = info.facts;
  object.Set("inode", std::to_string(info.id.inode));
  if (facts.knows(fs::kOwner)) object.Set("owner", info.user);
  if (facts.knows(fs::kGroup)) object.Set("group", info.group);
  if (facts.knows(fs::kLinks)) object.Set("links", facts.links);
  if (facts.knows(fs::kChanged)) addMoment(object, "ctime", facts.changed);
  if (facts.knows(fs::kBorn)) addMoment(object, "btime", facts.born);
  if (facts.knows(fs::kAccessed)) addMoment(object, "atime", facts.accessed);
}

Napi::Object toObject(Napi::Env env, const Hit& hit) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("search", hit.search);
  object.Set("check", hit.check);
  object.Set("value", hit.value);
  object.Set("path", hit.path);
  object.Set("mode", hit.mode);
  object.Set("sizeBytes", static_cast<double>(hit.info.sizeBytes));
  object.Set("mtimeSeconds", static_cast<double>(hit.info.mtimeSeconds));
  object.Set("mtimeNanoseconds", hit.info.mtimeNanoseconds);
  // Absent when nobody asked: most of a hit's cost is its conversion.
  if (hit.info.facts.known != 0) addFacts(object, hit.info);
  if (!hit.link.empty()) object.Set("link", hit.link);
  if (!hit.sha256.empty()) object.Set("sha256", hit.sha256);
  return object;
}

Napi::Object toObject(Napi::Env env, const ScanSummary& summary) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("files", static_cast<double>(summary.files));
  object.Set("directories", static_cast<double>(summary.directories));
  object.Set("bytes", static_cast<double>(summary.bytes));
  object.Set("openFailed", static_cast<double>(summary.openFailed));
  Napi::Array skipped = Napi::Array::New(env);
  for (const auto& [skip, count] : summary.skipped) {
    Napi::Object entry = Napi::Object::New(env);
    entry.Set("reason", skipName(skip));
    entry.Set("count", static_cast<double>(count));
    skipped.Set(skipped.Length(), entry);
  }
  object.Set("skipped", skipped);
  Napi::Array errors = Napi::Array::New(env);
  for (const std::string& error : summary.errors) errors.Set(errors.Length(), error);
  object.Set("errors", errors);
  Napi::Array limited = Napi::Array::New(env);
  for (const uint32_t search : summary.limitedSearches) limited.Set(limited.Length(), search);
  object.Set("limitedSearches", limited);
  object.Set("protectedQuestions", static_cast<double>(summary.protectedQuestions));
  Napi::Array refused = Napi::Array::New(env);
  for (const RefusedRoot& root : summary.refusedRoots) {
    Napi::Object entry = Napi::Object::New(env);
    entry.Set("search", root.search);
    entry.Set("path", root.path);
    entry.Set("reason", skipName(root.reason));
    refused.Set(refused.Length(), entry);
  }
  object.Set("refusedRoots", refused);
  const char* stop = stopName(summary.stopReason);
  object.Set("stopped", stop == nullptr ? env.Null() : Napi::String::New(env, stop).As<Napi::Value>());
  return object;
}

// Owns all parts of one scan.
class ScanJob final : public ThreadJob, public HitSink {
 public:
  ScanJob(Napi::Env env, std::unique_ptr<Plan> plan, const Napi::Function& onHits)
      : ThreadJob(env, onHits), plan_(std::move(plan)), state_(*plan_, *this) {}

  void cancel() override {
    ThreadJob::cancel();
    state_.stop(StopReason::cancelled);
  }

  void run() override {
    summary_ = runScan(state_);
    const Lock lock(mutex_);
    if (!batch_.empty()) sendBatch();
  }

  Napi::Value result(Napi::Env env) override { return toObject(env, summary_); }

  void add(Hit hit) override {
    const Lock lock(mutex_);
    batch_.push_back(std::move(hit));
    if (batch_.size() >= kBatchHits || uv_hrtime() - lastBatch_ >= kBatchNanoseconds) sendBatch();
  }

 private:
  void sendBatch() {
    const auto hits = std::make_shared<std::vector<Hit>>(std::move(batch_));
    batch_.clear();
    lastBatch_ = uv_hrtime();
    const bool isSent = callJavaScript([hits](Napi::Env env, Napi::Function onHits) {
      Napi::Array array = Napi::Array::New(env, hits->size());
      for (uint32_t index = 0; index < hits->size(); index += 1) array.Set(index, toObject(env, (*hits)[index]));
      onHits.Call({array});
    });
    if (!isSent) cancel();
  }

  const std::unique_ptr<Plan> plan_;
  ScanState state_;
  ScanSummary summary_;
  Mutex mutex_;
  std::vector<Hit> batch_;
  uint64_t lastBatch_ = 0;
};

Napi::Value startScan(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (info.Length() < 2 || !info[0].IsObject() || !info[1].IsFunction()) return throwCoded(env, "bad-plan", "expected a plan and a function");
  std::string error;
  std::unique_ptr<Plan> plan = toPlan(info[0].As<Napi::Object>(), error);
  if (!plan) return throwCoded(env, "bad-plan", error);
  return ThreadJob::start(env, std::make_shared<ScanJob>(env, std::move(plan), info[1].As<Napi::Function>()));
}

Napi::Value compileGlobs(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!info[0].IsArray()) return throwCoded(env, "bad-plan", "expected a list of patterns");
  const auto source = info[0].As<Napi::Array>();
  std::vector<std::string> globs;
  for (uint32_t index = 0; index < source.Length(); index += 1)
    globs.push_back(fs::foldCase(fs::parseGlob(source.Get(index).ToString().Utf8Value())));
  return Napi::Function::New(env, [globs](const Napi::CallbackInfo& call) -> Napi::Value {
    const std::string path = fs::foldCase(fs::parseGlob(call[0].ToString().Utf8Value()));
    Napi::Array matching = Napi::Array::New(call.Env());
    for (uint32_t index = 0; index < globs.size(); index += 1) {
      if (matchesGlob(globs[index], path)) matching.Set(matching.Length(), index);
    }
    return matching;
  });
}

Napi::Value readEffectOf(const Napi::CallbackInfo& info) {
  if (!info[0].IsBuffer()) return throwCoded(info.Env(), "bad-plan", "expected the bytes of a path");
  const auto bytes = info[0].As<Napi::Buffer<char>>();
  const std::string path(bytes.Data(), bytes.Length());
  fs::Descriptor handle;
  std::string realPath;
  if (fs::openPath(path, handle) != 0 || fs::readRealPath(handle, realPath) != 0) return info.Env().Null();
  const char* reason = fs::ReadEffects().of(handle, realPath);
  return reason == nullptr ? info.Env().Null() : Napi::String::New(info.Env(), reason).As<Napi::Value>();
}

// An errno value or the name of a reason in place of bytes that were not read.
Napi::Value readWholeFile(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const fs::WholeFile file = fs::readWholeFile(info[0].ToString().Utf8Value(), info[1].ToNumber().Int64Value());
  switch (file.state) {
    case fs::WholeFileState::read:
      return toBytes(env, file.bytes);
    case fs::WholeFileState::notRegular:
      return Napi::String::New(env, "special-file");
    case fs::WholeFileState::hasEffect:
      return Napi::String::New(env, "unsupported");
    case fs::WholeFileState::tooLarge:
      return Napi::String::New(env, "size-limit");
    case fs::WholeFileState::failed:
      break;
  }
  return Napi::Number::New(env, file.error);
}

char letterOf(fs::FileType type) {
  switch (type) {
    case fs::FileType::regular:
      return 'f';
    case fs::FileType::directory:
      return 'd';
    case fs::FileType::link:
      return 'l';
    default:
      return 'o';
  }
}

// An errno value in place of a folder that was not listed.
Napi::Value listFolder(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  fs::FolderNames found;
  const int error = fs::listFolder(info[0].ToString().Utf8Value(), info[1].ToNumber().Int64Value(), found);
  if (error != 0) return Napi::Number::New(env, error);
  Napi::Array names = Napi::Array::New(env, found.entries.size());
  std::string kinds;
  for (uint32_t index = 0; index < found.entries.size(); index += 1) {
    const auto& [name, type] = found.entries[index];
    names.Set(index, name);
    kinds += letterOf(type);
  }
  Napi::Object folder = Napi::Object::New(env);
  folder.Set("names", names);
  folder.Set("kinds", kinds);
  folder.Set("isCut", found.isCut);
  return folder;
}

}  // namespace

void addScanFunctions(Napi::Object& exports) {
  addFunctions(exports, {
      {"startScan", startScan},
      {"compileGlobs", compileGlobs},
      {"readEffectOf", readEffectOf},
      {"readWholeFile", readWholeFile},
      {"listFolder", listFolder},
  });
}

}  // namespace mig
