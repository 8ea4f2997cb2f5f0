#include "memory/memory_napi.h"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "napi/errors.h"
#include "napi/failure.h"
#include "napi/functions.h"
#include "napi/task.h"
#include "napi/values.h"
#include "memory/memory_search.h"
#include "memory/signs.h"

namespace mig {

namespace {

// Shared by the automata of all patterns, so that they stay within the memory limit of a module.
constexpr size_t kCacheBytes = 128 << 20;
constexpr size_t kMaxCacheBytes = 8 << 20;

// The room for each of so many patterns.
size_t cacheBytesOf(uint32_t count) { return std::min(kMaxCacheBytes, kCacheBytes / std::max(count, 1u)); }

struct MemoryReader {
  explicit MemoryReader(unsigned percent) : budget(percent) {}
  MemoryPlan plan;
  CpuBudget budget;
};
using SharedMemoryReader = std::shared_ptr<MemoryReader>;

Napi::Array toByteList(Napi::Env env, const std::vector<std::string>& list) {
  Napi::Array array = Napi::Array::New(env, list.size());
  for (uint32_t index = 0; index < list.size(); index += 1) array.Set(index, toBytes(env, list[index]));
  return array;
}

// Opens the process for all kinds of work; fails when the pid belongs to another process by now.
class ProcessTask : public Task {
 public:
  ProcessTask(SharedMemoryReader reader, const Napi::CallbackInfo& info)
      : reader_(std::move(reader)), pid_(info[0].ToNumber().Int32Value()),
        startTicks_(static_cast<uint64_t>(info[1].ToNumber().Int64Value())) {}

  void run() override {
    error_ = target_.open(pid_, startTicks_);
    if (error_ == 0) error_ = work();
    reader_->budget.pause(stop);
  }

  Napi::Value result(Napi::Env env) override {
    if (error_ != 0) return toFailure(env, error_);
    Napi::Object object = Napi::Object::New(env);
    fill(env, object);
    return object;
  }

 protected:
  virtual int work() = 0;
  virtual void fill(Napi::Env env, Napi::Object& object) = 0;

  const SharedMemoryReader reader_;
  const int pid_;
  const uint64_t startTicks_;
  Target target_;
  int error_ = 0;
};

class MappingsTask final : public ProcessTask {
 public:
  using ProcessTask::ProcessTask;

 private:
  int work() override { return readMappingSummary(target_, summary_); }
  void fill(Napi::Env env, Napi::Object& object) override {
    Napi::Array files = Napi::Array::New(env, summary_.files.size());
    for (uint32_t index = 0; index < summary_.files.size(); index += 1) {
      const MappedFile& file = summary_.files[index];
      Napi::Object entry = Napi::Object::New(env);
      entry.Set("path", toBytes(env, file.path));
      entry.Set("isExecutable", file.isExecutable);
      entry.Set("isDeleted", file.isDeleted);
      entry.Set("isReplaced", file.isReplaced);
      entry.Set("isOwnedByRoot", file.isOwnedByRoot);
      files.Set(index, entry);
    }
    object.Set("kind", "mappings");
    object.Set("files", files);
    Napi::Array anonymousCode = Napi::Array::New(env, summary_.anonymousCode.size());
    for (uint32_t index = 0; index < summary_.anonymousCode.size(); index += 1) {
      const AnonymousCode& code = summary_.anonymousCode[index];
      Napi::Object entry = Napi::Object::New(env);
      entry.Set("maker", codeMakerName(code.maker));
      entry.Set("bytes", static_cast<double>(code.bytes));
      entry.Set("count", static_cast<double>(code.count));
      entry.Set("isWritable", code.isWritable);
      anonymousCode.Set(index, entry);
    }
    object.Set("anonymousCode", anonymousCode);
    object.Set("isCut", summary_.isCut);
  }

  MappingSummary summary_;
};

class PreloadsTask final : public ProcessTask {
 public:
  using ProcessTask::ProcessTask;

 private:
  int work() override { return readPreloads(target_, preloads_); }
  void fill(Napi::Env env, Napi::Object& object) override {
    object.Set("kind", "preloads");
    object.Set("variables", toByteList(env, preloads_.variables));
    object.Set("files", toByteList(env, preloads_.files));
    object.Set("source", preloads_.source);
    object.Set("fileIdentity", preloads_.fileIdentity);
    object.Set("isCut", preloads_.isCut);
  }

  Preloads preloads_;
};

class AlteredTextTask final : public ProcessTask {
 public:
  using ProcessTask::ProcessTask;

 private:
  int work() override { return findAlteredText(target_, altered_, stop); }
  void fill(Napi::Env env, Napi::Object& object) override {
    Napi::Array files = Napi::Array::New(env, altered_.files.size());
    for (uint32_t index = 0; index < altered_.files.size(); index += 1) {
      Napi::Object entry = Napi::Object::New(env);
      entry.Set("path", toBytes(env, altered_.files[index].path));
      entry.Set("pages", static_cast<double>(altered_.files[index].pages));
      entry.Set("hasBreakpointsOnly", altered_.files[index].hasBreakpointsOnly);
      files.Set(index, entry);
    }
    object.Set("kind", "altered");
    object.Set("files", files);
    object.Set("remoteMappings", static_cast<double>(altered_.remoteMappings));
    object.Set("uncomparedPages", static_cast<double>(altered_.uncomparedPages));
    object.Set("isCut", altered_.isCut);
  }

  AlteredText altered_;
};

class SearchTask final : public Task {
 public:
  SearchTask(SharedMemoryReader reader, int pid, uint64_t startTicks, std::vector<uint32_t> wanted)
      : reader_(std::move(reader)), pid_(pid), startTicks_(startTicks), wanted_(std::move(wanted)) {}

  void run() override { findings_ = searchMemory(pid_, startTicks_, reader_->plan, wanted_, reader_->budget, stop); }

  Napi::Value result(Napi::Env env) override {
    Napi::Array hits = Napi::Array::New(env, findings_.hits.size());
    for (uint32_t index = 0; index < findings_.hits.size(); index += 1) {
      Napi::Object entry = Napi::Object::New(env);
      entry.Set("needle", findings_.hits[index].needle);
      entry.Set("mapping", mappingKindName(findings_.hits[index].kind));
      hits.Set(index, entry);
    }
    Napi::Object object = Napi::Object::New(env);
    object.Set("hits", hits);
    object.Set("readBytes", static_cast<double>(findings_.readBytes));
    object.Set("swappedBytes", static_cast<double>(findings_.swappedBytes));
    object.Set("remoteBytes", static_cast<double>(findings_.remoteBytes));
    object.Set("unreadBytes", static_cast<double>(findings_.unreadBytes));
    object.Set("isCut", findings_.isCut);
    object.Set("failure", findings_.error == 0 ? env.Null() : toFailure(env, findings_.error).As<Napi::Value>());
    return object;
  }

 private:
  const SharedMemoryReader reader_;
  const int pid_;
  const uint64_t startTicks_;
  const std::vector<uint32_t> wanted_;
  MemoryFindings findings_;
};

bool addNeedle(MemoryPlan& plan, const Napi::Object& source, size_t cacheBytes, std::string& error) {
  const std::string pattern = source.Get("pattern").ToString().Utf8Value();
  MemoryNeedle needle;
  needle.scope = source.Get("scope").ToNumber().Uint32Value();
  if (needle.scope >= plan.scopes.size()) error = "expected the index of a scope";
  else if (source.Get("kind").ToString().Utf8Value() == "content") needle.regex = MemoryPattern::compile(pattern, cacheBytes, error);
  else if ((needle.bytes = BytePattern::parse(pattern)) == nullptr) error = "expected pairs of hex digits or ??";
  if (!error.empty()) error = "\"" + pattern + "\": " + error;
  plan.needles.push_back(std::move(needle));
  return error.empty();
}

bool toPlan(const Napi::Object& source, MemoryPlan& plan, std::string& error) {
  const Napi::Value scopes = source.Get("scopes");
  const Napi::Value needles = source.Get("needles");
  if (!scopes.IsArray() || !needles.IsArray()) {
    error = "expected scopes and needles";
    return false;
  }
  for (uint32_t index = 0; index < scopes.As<Napi::Array>().Length(); index += 1) {
    const Napi::Object entry = scopes.As<Napi::Array>().Get(index).ToObject();
    const double maxBytes = entry.Get("maxBytes").ToNumber().DoubleValue();
    plan.scopes.push_back({static_cast<uint64_t>(std::max(0.0, entry.Get("fromAddress").ToNumber().DoubleValue())),
                           maxBytes > 0 ? static_cast<uint64_t>(maxBytes) : UINT64_MAX});
  }
  const uint32_t count = needles.As<Napi::Array>().Length();
  const size_t cacheBytes = cacheBytesOf(count);
  for (uint32_t index = 0; index < count; index += 1) {
    if (!addNeedle(plan, needles.As<Napi::Array>().Get(index).ToObject(), cacheBytes, error)) return false;
  }
  return true;
}

Napi::Value startSearch(const Napi::CallbackInfo& info, const SharedMemoryReader& reader) {
  std::vector<uint32_t> wanted;
  for (uint32_t index = 0; info[2].IsArray() && index < info[2].As<Napi::Array>().Length(); index += 1) {
    const uint32_t needle = info[2].As<Napi::Array>().Get(index).ToNumber().Uint32Value();
    if (needle < reader->plan.needles.size()) wanted.push_back(needle);
  }
  const auto startTicks = static_cast<uint64_t>(info[1].ToNumber().Int64Value());
  return startTask(info.Env(), std::make_shared<SearchTask>(reader, info[0].ToNumber().Int32Value(), startTicks, std::move(wanted)));
}

template <typename Kind>
Napi::Function starter(Napi::Env env, const SharedMemoryReader& reader) {
  return Napi::Function::New(env, [reader](const Napi::CallbackInfo& info) {
    return startTask(info.Env(), std::make_shared<Kind>(reader, info));
  });
}

Napi::Value openMemoryReader(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!info[0].IsObject()) return throwCoded(env, "bad-plan", "expected a plan");
  const auto source = info[0].As<Napi::Object>();
  const auto reader = std::make_shared<MemoryReader>(source.Get("cpuPercent").ToNumber().Uint32Value());
  std::string error;
  if (!toPlan(source, reader->plan, error)) return throwCoded(env, "bad-plan", error);
  Napi::Object object = Napi::Object::New(env);
  object.Set("mappings", starter<MappingsTask>(env, reader));
  object.Set("preloads", starter<PreloadsTask>(env, reader));
  object.Set("alteredText", starter<AlteredTextTask>(env, reader));
  object.Set("search", Napi::Function::New(env, [reader](const Napi::CallbackInfo& call) { return startSearch(call, reader); }));
  return object;
}

Napi::Value refuseMemoryPattern(const Napi::CallbackInfo& info) {
  std::string error;
  if (MemoryPattern::compile(info[0].ToString().Utf8Value(), cacheBytesOf(info[1].ToNumber().Uint32Value()), error)) return info.Env().Null();
  return Napi::String::New(info.Env(), error);
}

}  // namespace

void addMemoryFunctions(Napi::Object& exports) {
  addFunctions(exports, {{"openMemoryReader", openMemoryReader}, {"refuseMemoryPattern", refuseMemoryPattern}});
}

}  // namespace mig
