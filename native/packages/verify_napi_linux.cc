#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "napi/errors.h"
#include "napi/functions.h"
#include "napi/thread_job.h"
#include "napi/values.h"
#include "packages/verify.h"
#include "packages/verify_napi.h"
#include "scan/plan_napi.h"

namespace mig {

namespace {

// A scan's state without its searches.
class NoHits final : public HitSink {
 public:
  void add(Hit) override {}
};

std::string bytesOf(const Napi::Value& value) {
  const auto bytes = value.As<Napi::Buffer<char>>();
  return {bytes.Data(), bytes.Length()};
}

// The files of a plan, and the bytes of which they are views.
struct Input {
  std::string paths;
  std::string digests;
  packages::ListedFiles files;
};

// Null when the lists do not fit together.
std::unique_ptr<Input> toInput(const Napi::Object& plan) {
  auto input = std::make_unique<Input>();
  packages::ListedFiles& files = input->files;
  files.root = plan.Get("root").ToString().Utf8Value();
  files.wantsCapabilities = boolOf(plan, "capabilities");
  if (!parseDigestAlgorithm(plan.Get("algorithm").ToString().Utf8Value(), files.algorithm)) return nullptr;
  input->paths = bytesOf(plan.Get("paths"));
  input->digests = bytesOf(plan.Get("digests"));
  const std::string_view paths = input->paths;
  for (size_t start = 0; start < paths.size();) {
    const size_t end = std::min(paths.find('\0', start), paths.size());
    const std::string_view path = paths.substr(start, end - start);
    if (path.empty() || path[0] != '/') return nullptr;
    files.paths.push_back(path);
    start = end + 1;
  }
  for (const char has : bytesOf(plan.Get("hasDigest"))) files.hasDigest.push_back(has != 0);
  files.digests = input->digests;
  const bool fits = files.hasDigest.size() == files.paths.size() && files.digests.size() == files.paths.size() * digestBytes(files.algorithm);
  return fits ? std::move(input) : nullptr;
}

class VerifyJob final : public ThreadJob {
 public:
  VerifyJob(Napi::Env env, std::unique_ptr<Plan> plan, std::unique_ptr<Input> input, const Napi::Function& onBatch)
      : ThreadJob(env, onBatch), plan_(std::move(plan)), input_(std::move(input)), state_(*plan_, sink_) {}

  void cancel() override {
    ThreadJob::cancel();
    state_.stop(StopReason::cancelled);
  }

  void run() override { verified_ = packages::verifyFiles(state_, input_->files); }

  Napi::Value result(Napi::Env env) override {
    const size_t count = verified_.facts.size();
    auto outcomes = Napi::Uint8Array::New(env, count);
    auto types = Napi::Uint8Array::New(env, count);
    auto modes = Napi::Uint32Array::New(env, count);
    auto users = Napi::Uint32Array::New(env, count);
    auto groups = Napi::Uint32Array::New(env, count);
    for (size_t index = 0; index < count; index += 1) {
      const packages::FileFacts& facts = verified_.facts[index];
      outcomes[index] = static_cast<uint8_t>(facts.outcome);
      types[index] = static_cast<uint8_t>(facts.type);
      modes[index] = facts.mode;
      users[index] = facts.user;
      groups[index] = facts.group;
    }
    Napi::Array capabilities = Napi::Array::New(env);
    for (const packages::FileCapabilities& one : verified_.capabilities) {
      Napi::Object entry = Napi::Object::New(env);
      entry.Set("file", one.file);
      entry.Set("value", toBytes(env, one.value));
      capabilities.Set(capabilities.Length(), entry);
    }
    Napi::Object object = Napi::Object::New(env);
    object.Set("outcomes", outcomes);
    object.Set("types", types);
    object.Set("modes", modes);
    object.Set("users", users);
    object.Set("groups", groups);
    object.Set("capabilities", capabilities);
    object.Set("bytes", static_cast<double>(state_.counters.bytes));
    object.Set("protectedQuestions", static_cast<double>(state_.protection.takenQuestions()));
    const char* stop = stopName(state_.stopReason());
    object.Set("stopped", stop == nullptr ? env.Null() : Napi::String::New(env, stop).As<Napi::Value>());
    return object;
  }

 private:
  const std::unique_ptr<Plan> plan_;
  const std::unique_ptr<Input> input_;
  NoHits sink_;
  ScanState state_;
  packages::Verified verified_;
};

Napi::Value startVerify(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!info[0].IsObject()) return throwCoded(env, "bad-plan", "expected a plan");
  const Napi::Object object = info[0].As<Napi::Object>();
  for (const char* name : {"paths", "digests", "hasDigest"}) {
    if (!object.Get(name).IsBuffer()) return throwCoded(env, "bad-plan", std::string("expected bytes as ") + name);
  }
  std::string error;
  std::unique_ptr<Plan> plan = toPlan(object, error);
  if (!plan) return throwCoded(env, "bad-plan", error);
  std::unique_ptr<Input> input = toInput(object);
  if (!input) return throwCoded(env, "bad-plan", "expected absolute paths with a digest for each");
  const auto onBatch = Napi::Function::New(env, [](const Napi::CallbackInfo&) {});
  return ThreadJob::start(env, std::make_shared<VerifyJob>(env, std::move(plan), std::move(input), onBatch));
}

}  // namespace

void addVerifyFunction(Napi::Object& exports) { addFunctions(exports, {{"startVerify", startVerify}}); }

}  // namespace mig
