#include <unistd.h>

#include <array>
#include <memory>
#include <string>
#include <utility>

#include "budget/cpu_budget.h"
#include "content/secret_kind.h"
#include "fs/fs.h"
#include "napi/errors.h"
#include "napi/functions.h"
#include "napi/task.h"
#include "napi/values.h"
#include "textlog/text_scan.h"
#include "textlog/textlog_napi.h"
#include "unpack/unpackers.h"

namespace mig {

namespace {

using textlog::Bound;
using textlog::CountBy;
using textlog::LineSpan;
using textlog::PlacedStamp;
using textlog::SearchPlan;
using textlog::StampKind;
using textlog::TextScan;

constexpr size_t kTextPieceBytes = 256 * 1024;

// The searches and the share of the processor, for all files of a question.
struct TextLogPlan {
  explicit TextLogPlan(unsigned cpuPercent) : budget(cpuPercent) {}
  textlog::TextPlan text;
  CpuBudget budget;
};

std::vector<std::string> stringsOf(const Napi::Value& value) {
  std::vector<std::string> strings;
  const auto source = value.As<Napi::Array>();
  for (uint32_t index = 0; index < source.Length(); index += 1) strings.push_back(source.Get(index).ToString().Utf8Value());
  return strings;
}

bool compileAll(const Napi::Value& patterns, std::vector<std::unique_ptr<LinePattern>>& compiled, std::string& error) {
  for (const std::string& pattern : stringsOf(patterns)) {
    compiled.push_back(LinePattern::compile(pattern, error));
    if (!compiled.back()) return false;
  }
  return true;
}

Bound boundOf(const Napi::Value& value) {
  Bound bound;
  if (!value.IsObject()) return bound;
  const auto object = value.As<Napi::Object>();
  bound.isSet = true;
  bound.ms = object.Get("ms").ToNumber().Int64Value();
  bound.localMs = object.Get("localMs").ToNumber().Int64Value();
  int64_t year = 0;
  textlog::splitYear(bound.localMs, year, bound.inLeapYearMs);
  return bound;
}

// False with the reason in `error`.
bool toSearchPlan(const Napi::Object& object, SearchPlan& search, std::string& error) {
  if (!compileAll(object.Get("wanted"), search.wanted, error) || !compileAll(object.Get("unwanted"), search.unwanted, error)) return false;
  search.identifiers = stringsOf(object.Get("identifiers"));
  if (object.Get("mostPriority").IsNumber()) search.mostPriority = object.Get("mostPriority").ToNumber().Int32Value();
  search.since = boundOf(object.Get("since"));
  search.until = boundOf(object.Get("until"));
  const auto by = object.Get("by").As<Napi::Object>();
  const std::string type = by.Get("type").ToString().Utf8Value();
  if (type == "identifier") search.by = CountBy::identifier;
  if (type == "priority") search.by = CountBy::priority;
  if (type != "capture") return true;
  search.by = CountBy::capture;
  search.capture = textlog::Capture::compile(by.Get("pattern").ToString().Utf8Value(), by.Get("name").ToString().Utf8Value(), error);
  return search.capture != nullptr;
}

const char* kindName(StampKind kind) {
  switch (kind) {
    case StampKind::zoned: return "zoned";
    case StampKind::local: return "local";
    case StampKind::yearless: return "yearless";
    case StampKind::none: break;
  }
  return "none";
}

Napi::Object toObject(Napi::Env env, const PlacedStamp& placed) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("kind", kindName(placed.stamp.kind));
  object.Set("ms", static_cast<double>(placed.stamp.ms));
  object.Set("year", placed.year);
  return object;
}

Napi::Object toObject(Napi::Env env, const LineSpan& span) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("count", static_cast<double>(span.count));
  object.Set("firstMs", static_cast<double>(span.firstMs));
  object.Set("lastMs", static_cast<double>(span.lastMs));
  return object;
}

Napi::Object toObject(Napi::Env env, const textlog::Bucket& bucket) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("kind", kindName(bucket.kind));
  object.Set("year", bucket.year);
  object.Set("isSince", bucket.isSince);
  object.Set("isUntil", bucket.isUntil);
  object.Set("all", toObject(env, bucket.all));
  Napi::Array values = Napi::Array::New(env);
  for (const auto& [value, span] : bucket.values) {
    Napi::Object one = toObject(env, span);
    one.Set("value", toBytes(env, value));
    values.Set(values.Length(), one);
  }
  object.Set("values", values);
  object.Set("beyond", toObject(env, bucket.beyond));
  return object;
}

Napi::Object toObject(Napi::Env env, const textlog::TextSearch& search) {
  Napi::Array buckets = Napi::Array::New(env);
  for (const textlog::Bucket& bucket : search.buckets()) buckets.Set(buckets.Length(), toObject(env, bucket));
  Napi::Object object = Napi::Object::New(env);
  object.Set("buckets", buckets);
  object.Set("undated", static_cast<double>(search.undated()));
  object.Set("unranked", static_cast<double>(search.unranked()));
  return object;
}

class TextLogTask final : public Task {
 public:
  TextLogTask(std::shared_ptr<TextLogPlan> plan, fs::Descriptor file, uint64_t sizeBytes)
      : plan_(std::move(plan)), scan_(plan_->text), file_(std::move(file)), sizeBytes_(sizeBytes) {}

  void run() override {
    if (sizeBytes_ > fs::kAvoidCachingFromBytes) fs::avoidCaching(file_);
    const auto piece = std::make_unique<uint8_t[]>(kTextPieceBytes);
    while (bytes_ < sizeBytes_) {
      const auto wanted = static_cast<size_t>(std::min<uint64_t>(kTextPieceBytes, sizeBytes_ - bytes_));
      size_t count = 0;
      const int error = fs::readPiece(file_, bytes_, piece.get(), wanted, count);
      if (bytes_ == 0 && !begin(piece.get(), count)) return;
      bytes_ += count;
      if (!take(piece.get(), count)) return;
      if (error != 0) return end("read-error");
      if (count < wanted) {
        state_ = "changed";
        break;
      }
      if (pause()) return end("cancelled");
    }
    const bool isCut = unpacker_ && unpacker_->state() == UnpackState::reading && !unpacker_->isComplete();
    if (isCut) state_ = "damaged";
    scan_.finish();
  }

  Napi::Value result(Napi::Env env) override {
    const textlog::LineClock& clock = scan_.clock();
    Napi::Object object = Napi::Object::New(env);
    object.Set("state", state_);
    object.Set("bytes", static_cast<double>(bytes_));
    object.Set("lines", static_cast<double>(clock.lines()));
    object.Set("longLines", static_cast<double>(scan_.longLines()));
    object.Set("first", toObject(env, clock.first()));
    object.Set("last", toObject(env, clock.last()));
    Napi::Array leapYears = Napi::Array::New(env);
    for (const int32_t year : clock.leapYears()) leapYears.Set(leapYears.Length(), year);
    object.Set("leapYears", leapYears);
    Napi::Array backwards = Napi::Array::New(env);
    for (const auto& [from, to] : clock.backwards()) {
      Napi::Object one = Napi::Object::New(env);
      one.Set("from", toObject(env, from));
      one.Set("to", toObject(env, to));
      backwards.Set(backwards.Length(), one);
    }
    object.Set("backwards", backwards);
    object.Set("backwardsCount", static_cast<double>(clock.backwardsCount()));
    object.Set("zeroRuns", static_cast<double>(scan_.zeroRuns()));
    Napi::Array counts = Napi::Array::New(env);
    for (const textlog::TextSearch& search : scan_.searches()) counts.Set(counts.Length(), toObject(env, search));
    object.Set("counts", counts);
    return object;
  }

 private:
  void end(const char* state) { state_ = state; }
  bool pause() {
    plan_->budget.pause(stop);
    return stop.load();
  }

  // False when the file is not read on.
  bool begin(const uint8_t* head, size_t count) {
    if (!judge(head, count)) return false;
    const PackFormat format = packFormatOf(head, count);
    if (format == PackFormat::none) return true;
    unpacker_ = makeFileUnpacker([this] { return !pause(); });
    unpacker_->start(format);
    unpacked_ = std::make_unique<uint8_t[]>(kTextPieceBytes);
    return checkUnpacker();
  }

  bool judge(const uint8_t* head, size_t count) {
    if (secretKindOf(head, count) == SecretKind::none) return true;
    end("secret");
    return false;
  }

  bool take(const uint8_t* data, size_t count) {
    if (!unpacker_) return feed(data, count);
    unpacker_->setInput(data, count);
    while (const size_t unpacked = unpacker_->unpack(unpacked_.get(), kTextPieceBytes)) {
      if (!hasUnpacked_ && !judge(unpacked_.get(), unpacked)) return false;
      hasUnpacked_ = true;
      if (!feed(unpacked_.get(), unpacked)) return false;
      if (pause()) {
        end("cancelled");
        return false;
      }
    }
    return checkUnpacker();
  }

  bool feed(const uint8_t* data, size_t count) {
    if (scan_.add({reinterpret_cast<const char*>(data), count})) return true;
    end("binary");
    return false;
  }

  // What was unpacked before counts.
  bool checkUnpacker() {
    const UnpackState state = unpacker_->state();
    if (state == UnpackState::reading || state == UnpackState::finished) return true;
    const bool isTooLarge = state == UnpackState::tooLarge || state == UnpackState::needsTooMuchMemory;
    end(stop.load() ? "cancelled" : isTooLarge ? "too-large" : "damaged");
    scan_.finish();
    return false;
  }

  const std::shared_ptr<TextLogPlan> plan_;
  TextScan scan_;
  const fs::Descriptor file_;
  const uint64_t sizeBytes_;
  uint64_t bytes_ = 0;
  const char* state_ = "whole";
  std::unique_ptr<FileUnpacker> unpacker_;
  std::unique_ptr<uint8_t[]> unpacked_;
  bool hasUnpacked_ = false;
};

Napi::Value compileTextLogs(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!info[0].IsObject()) return throwCoded(env, "bad-plan", "expected a plan");
  const auto object = info[0].As<Napi::Object>();
  const auto plan = std::make_shared<TextLogPlan>(object.Get("cpuPercent").ToNumber().Uint32Value());
  plan->text.mostValues = object.Get("mostValues").ToNumber().Uint32Value();
  const auto searches = object.Get("searches").As<Napi::Array>();
  for (uint32_t index = 0; index < searches.Length(); index += 1) {
    std::string error;
    if (!toSearchPlan(searches.Get(index).As<Napi::Object>(), plan->text.searches.emplace_back(), error)) return throwCoded(env, "bad-pattern", error);
  }
  return Napi::Function::New(env, [plan](const Napi::CallbackInfo& call) -> Napi::Value {
    if (!call[0].IsNumber() || !call[1].IsNumber()) return throwCoded(call.Env(), "bad-plan", "expected an open file and its size");
    fs::Descriptor file(dup(call[0].As<Napi::Number>().Int32Value()));
    if (!file.isOpen()) return throwCoded(call.Env(), "bad-plan", "expected an open file");
    return startTask(call.Env(), std::make_shared<TextLogTask>(plan, std::move(file), static_cast<uint64_t>(call[1].As<Napi::Number>().Int64Value())));
  });
}

}  // namespace

void addTextLogFunctions(Napi::Object& exports) { addFunctions(exports, {{"compileTextLogs", compileTextLogs}}); }

}  // namespace mig
