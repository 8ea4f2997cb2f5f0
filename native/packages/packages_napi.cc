#include "packages/packages_napi.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "napi/errors.h"
#include "napi/failure.h"
#include "napi/functions.h"
#include "packages/lists.h"
#include "packages/verify_napi.h"

namespace mig {

namespace {

// Offsets in them are 32 bits wide.
constexpr size_t kMostFiles = 1024;
constexpr uint32_t kMostFileBytes = 16 * 1024 * 1024;

std::vector<std::string> textsOf(const Napi::Value& value) {
  std::vector<std::string> texts;
  const auto source = value.As<Napi::Array>();
  for (uint32_t index = 0; index < source.Length(); index += 1) texts.push_back(source.Get(index).ToString().Utf8Value());
  return texts;
}

// Null for any other error.
const char* ownReasonOf(int error) {
  if (error == packages::kTooLarge) return "size-limit";
  return error == packages::kNoRegularFile ? "special-file" : nullptr;
}

std::vector<std::string> linesOf(const Napi::Value& value) {
  const auto bytes = value.As<Napi::Buffer<char>>();
  const std::string_view text(bytes.Data(), bytes.Length());
  std::vector<std::string> lines;
  for (size_t start = 0; start < text.size();) {
    const size_t end = std::min(text.find('\n', start), text.size());
    lines.emplace_back(text.substr(start, end - start));
    start = end + 1;
  }
  return lines;
}

Napi::Value readSmallFiles(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!info[0].IsString() || !info[1].IsArray() || !info[2].IsNumber()) return throwCoded(env, "bad-plan", "expected a folder, names and a size");
  const std::vector<std::string> names = textsOf(info[1]);
  const uint32_t mostBytes = std::min(info[2].As<Napi::Number>().Uint32Value(), kMostFileBytes);
  if (names.size() > kMostFiles) return throwCoded(env, "bad-plan", "expected at most 1024 names");
  std::string bytes;
  const auto files = packages::readSmallFiles(info[0].ToString().Utf8Value(), names, mostBytes, bytes);
  auto ends = Napi::Float64Array::New(env, files.size());
  Napi::Array failures = Napi::Array::New(env);
  for (uint32_t index = 0; index < files.size(); index += 1) {
    ends[index] = static_cast<double>(files[index].end);
    if (files[index].error == 0) continue;
    Napi::Object failure = toFailure(env, files[index].error);
    failure.Set("file", index);
    if (const char* reason = ownReasonOf(files[index].error); reason != nullptr) failure.Set("reason", reason);
    failures.Set(failures.Length(), failure);
  }
  Napi::Object object = Napi::Object::New(env);
  object.Set("bytes", Napi::Buffer<char>::Copy(env, bytes.data(), bytes.size()));
  object.Set("ends", ends);
  object.Set("failures", failures);
  return object;
}

Napi::Value findLines(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!info[0].IsBuffer() || !info[1].IsBuffer()) return throwCoded(env, "bad-plan", "expected the bytes of two texts");
  const auto bytes = info[0].As<Napi::Buffer<char>>();
  if (bytes.Length() > UINT32_MAX) return throwCoded(env, "bad-plan", "expected at most 4 GiB");
  const auto found = packages::findLines({bytes.Data(), bytes.Length()}, linesOf(info[1]));
  auto pairs = Napi::Uint32Array::New(env, found.size() * 2);
  for (size_t index = 0; index < found.size(); index += 1) {
    pairs[index * 2] = found[index].line;
    pairs[index * 2 + 1] = found[index].start;
  }
  return pairs;
}

}  // namespace

void addPackagesFunctions(Napi::Object& exports) {
  addFunctions(exports, {{"readSmallFiles", readSmallFiles}, {"findLines", findLines}});
  addVerifyFunction(exports);
}

}  // namespace mig
