#include "proc/proc_napi.h"

#include <memory>
#include <string>
#include <vector>

#include "budget/cpu_budget.h"
#include "napi/errors.h"
#include "napi/failure.h"
#include "napi/functions.h"
#include "napi/task.h"
#include "napi/values.h"
#include "proc/agent_executables.h"
#include "proc/digest_executable.h"
#include "proc/facts.h"
#include "proc/listening_ports.h"
#include "text/escape.h"
#include "thread/thread.h"

namespace mig {

namespace {

// State shared by the calls of one reader.
struct ProcessReader {
  explicit ProcessReader(unsigned percent) : cpuPercent(percent), budget(percent) {}
  const unsigned cpuPercent;
  CpuBudget budget;
  const proc::UserNames users = proc::UserNames::read();
  proc::AgentExecutables agents;
};
using SharedProcessReader = std::shared_ptr<ProcessReader>;

Napi::Object toObject(Napi::Env env, const proc::Executable& executable) {
  Napi::Object object = Napi::Object::New(env);
  if (executable.kind != proc::ExecutableKind::file) {
    object.Set("kind", executable.kind == proc::ExecutableKind::none ? "none" : "hidden");
    return object;
  }
  object.Set("kind", "file");
  object.Set("path", toBytes(env, executable.path));
  object.Set("isDeleted", executable.isDeleted);
  object.Set("isMemory", executable.isMemory);
  object.Set("identity", executable.identity);
  return object;
}

Napi::Value toTextOrNull(Napi::Env env, const std::string& text) {
  return text.empty() ? env.Null() : Napi::String::New(env, text).As<Napi::Value>();
}

Napi::Object toObject(Napi::Env env, const proc::Facts& facts, bool runsAgent) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("kind", "facts");
  object.Set("pid", facts.pid);
  object.Set("parentPid", facts.parentPid);
  object.Set("name", toBytes(env, facts.name));
  object.Set("state", std::string(1, facts.state));
  object.Set("isKernelThread", facts.isKernelThread);
  object.Set("startTicks", static_cast<double>(facts.startTicks));
  object.Set("startSeconds", facts.startSeconds);
  object.Set("command", toBytes(env, facts.command));
  object.Set("isCommandCut", facts.isCommandCut);
  object.Set("executable", toObject(env, facts.executable));
  object.Set("runsAgent", runsAgent);
  object.Set("userId", toTextOrNull(env, facts.userId));
  object.Set("user", toTextOrNull(env, facts.user));
  object.Set("capabilities", facts.capabilities ? Napi::BigInt::New(env, *facts.capabilities).As<Napi::Value>() : env.Null());
  object.Set("container", toTextOrNull(env, escapeBytes(facts.container)));
  return object;
}

class FactsTask final : public Task {
 public:
  FactsTask(SharedProcessReader reader, std::vector<int> pids) : reader_(std::move(reader)), pids_(std::move(pids)) {}

  void run() override {
    proc::FactsReader reader(reader_->users);
    for (const int pid : pids_) {
      if (stop.load(std::memory_order_relaxed)) break;
      proc::Facts facts;
      const int error = reader.read(pid, facts);
      const bool runsAgent = error == 0 && reader_->agents.isRunBy(facts);
      readings_.push_back({error, std::move(facts), runsAgent});
      reader_->budget.pause(stop);
    }
  }

  Napi::Value result(Napi::Env env) override {
    Napi::Array array = Napi::Array::New(env, readings_.size());
    for (uint32_t index = 0; index < readings_.size(); index += 1) {
      const Reading& reading = readings_[index];
      array.Set(index, reading.error == 0 ? toObject(env, reading.facts, reading.runsAgent) : toFailure(env, reading.error));
    }
    return array;
  }

 private:
  struct Reading {
    int error;
    proc::Facts facts;
    bool runsAgent;
  };

  const SharedProcessReader reader_;
  const std::vector<int> pids_;
  std::vector<Reading> readings_;
};

class DigestTask final : public Task {
 public:
  DigestTask(SharedProcessReader reader, int pid, uint64_t startTicks, std::vector<DigestAlgorithm> algorithms)
      : reader_(std::move(reader)), pid_(pid), startTicks_(startTicks), algorithms_(std::move(algorithms)) {}

  void run() override {
    uint32_t wanted = 0;
    for (const DigestAlgorithm algorithm : algorithms_) wanted |= DigestSet::bit(algorithm);
    digests_.start(wanted);
    error_ = proc::digestExecutable(pid_, startTicks_, digests_, reader_->budget, stop);
  }

  Napi::Value result(Napi::Env env) override {
    if (error_ != 0) return toFailure(env, error_);
    Napi::Object object = Napi::Object::New(env);
    object.Set("kind", "digests");
    Napi::Array hex = Napi::Array::New(env);
    for (const DigestAlgorithm algorithm : algorithms_) hex.Set(hex.Length(), toHex(digests_.value(algorithm)));
    object.Set("hex", hex);
    return object;
  }

 private:
  const SharedProcessReader reader_;
  const int pid_;
  const uint64_t startTicks_;
  const std::vector<DigestAlgorithm> algorithms_;
  DigestSet digests_;
  int error_ = 0;
};

class PortsTask final : public Task {
 public:
  PortsTask(const SharedProcessReader& reader, const std::vector<int>& pids) : control_(reader->cpuPercent, stop) {
    for (const int pid : pids) ports_[pid];
  }

  void run() override {
    // Entering other network namespaces changes the thread, so it must end with the work.
    Thread thread;
    bool isOutOfMemory = false;
    const bool isStarted = thread.start([this, &isOutOfMemory] {
      try {
        summary_ = proc::readListeningPorts(ports_, control_);
      } catch (const std::bad_alloc&) {
        isOutOfMemory = true;
      }
    });
    thread.join();
    if (isOutOfMemory || !isStarted) throw std::bad_alloc();
  }

  Napi::Value result(Napi::Env env) override {
    Napi::Object object = Napi::Object::New(env);
    Napi::Array processes = Napi::Array::New(env);
    for (const auto& [pid, list] : ports_) {
      Napi::Array ports = Napi::Array::New(env);
      for (const proc::ListeningPort& port : list) {
        Napi::Object entry = Napi::Object::New(env);
        entry.Set("protocol", port.protocol == SocketProtocol::tcp ? "tcp" : "udp");
        entry.Set("address", port.address);
        entry.Set("port", port.port);
        ports.Set(ports.Length(), entry);
      }
      Napi::Object process = Napi::Object::New(env);
      process.Set("pid", pid);
      process.Set("ports", ports);
      processes.Set(processes.Length(), process);
    }
    object.Set("processes", processes);
    Napi::Array errors = Napi::Array::New(env);
    for (const std::string& error : summary_.errors) errors.Set(errors.Length(), error);
    object.Set("errors", errors);
    return object;
  }

 private:
  WorkControl control_;
  proc::PortsByPid ports_;
  NetworkSummary summary_;
};

std::vector<int> toPids(const Napi::Value& value) {
  std::vector<int> pids;
  if (!value.IsArray()) return pids;
  const auto array = value.As<Napi::Array>();
  for (uint32_t index = 0; index < array.Length(); index += 1) pids.push_back(array.Get(index).ToNumber().Int32Value());
  return pids;
}

Napi::Value listPids(const Napi::CallbackInfo& info) {
  std::vector<int> pids;
  const int error = proc::listProcesses(pids);
  if (error != 0) return throwCoded(info.Env(), "proc-unreadable", "processes: " + fs::describeError(error));
  Napi::Array array = Napi::Array::New(info.Env(), pids.size());
  for (uint32_t index = 0; index < pids.size(); index += 1) array.Set(index, pids[index]);
  return array;
}

Napi::Value startDigest(const Napi::CallbackInfo& info, const SharedProcessReader& reader) {
  std::vector<DigestAlgorithm> algorithms;
  const Napi::Value names = info[2];
  for (uint32_t index = 0; names.IsArray() && index < names.As<Napi::Array>().Length(); index += 1) {
    DigestAlgorithm algorithm;
    const std::string name = names.As<Napi::Array>().Get(index).ToString().Utf8Value();
    if (!parseDigestAlgorithm(name, algorithm)) return throwCoded(info.Env(), "bad-plan", "expected a known digest, got " + name);
    algorithms.push_back(algorithm);
  }
  const auto startTicks = static_cast<uint64_t>(info[1].ToNumber().Int64Value());
  return startTask(info.Env(), std::make_shared<DigestTask>(reader, info[0].ToNumber().Int32Value(), startTicks, algorithms));
}

Napi::Value openProcessReader(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto reader = std::make_shared<ProcessReader>(info[0].ToNumber().Uint32Value());
  Napi::Object object = Napi::Object::New(env);
  object.Set("list", Napi::Function::New(env, listPids));
  object.Set("read", Napi::Function::New(env, [reader](const Napi::CallbackInfo& call) {
    return startTask(call.Env(), std::make_shared<FactsTask>(reader, toPids(call[0])));
  }));
  object.Set("digest", Napi::Function::New(env, [reader](const Napi::CallbackInfo& call) { return startDigest(call, reader); }));
  object.Set("listeningPorts", Napi::Function::New(env, [reader](const Napi::CallbackInfo& call) {
    return startTask(call.Env(), std::make_shared<PortsTask>(reader, toPids(call[0])));
  }));
  return object;
}

}  // namespace

void addProcFunctions(Napi::Object& exports) {
  addFunctions(exports, {{"openProcessReader", openProcessReader}});
}

}  // namespace mig
