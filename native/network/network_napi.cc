#include "network/network_napi.h"

#include <memory>
#include <vector>

#include "napi/errors.h"
#include "napi/functions.h"
#include "fs/path_text.h"
#include "napi/thread_job.h"
#include "network/network.h"
#include "network/socket_holders.h"
#include "proc/users.h"
#include "text/escape.h"

namespace mig {

namespace {

// A call into JavaScript costs as much as some hundred entries.
constexpr size_t kBatchEntries = 512;

const char* protocolName(SocketProtocol protocol) {
  switch (protocol) {
    case SocketProtocol::tcp: return "tcp";
    case SocketProtocol::udp: return "udp";
    case SocketProtocol::raw: return "raw";
    case SocketProtocol::packet: return "packet";
    case SocketProtocol::unixDomain: return "unix";
  }
  return "";
}

template <typename Text>
void setText(Napi::Object& object, const char* key, const Text& text) {
  if (!std::string_view(text).empty()) object.Set(key, text);
}

void setNumber(Napi::Object& object, const char* key, uint64_t number) {
  if (number != 0) object.Set(key, static_cast<double>(number));
}

Napi::Array toArray(Napi::Env env, const std::vector<std::string>& texts) {
  Napi::Array array = Napi::Array::New(env, texts.size());
  for (uint32_t index = 0; index < texts.size(); index += 1) array.Set(index, texts[index]);
  return array;
}

void fill(Napi::Object& object, const proc::UserNames&, const InterfaceEntry& entry) {
  object.Set("kind", "interface");
  object.Set("name", entry.name);
  setText(object, "mac", entry.mac);
  object.Set("addresses", toArray(object.Env(), entry.addresses));
}

void fill(Napi::Object& object, const proc::UserNames&, const NeighbourEntry& entry) {
  object.Set("kind", "neighbour");
  object.Set("interface", entry.interfaceName);
  object.Set("address", entry.address);
  setText(object, "mac", entry.mac);
  object.Set("state", entry.state);
}

void fill(Napi::Object& object, const proc::UserNames& users, const SocketEntry& entry) {
  object.Set("kind", "socket");
  object.Set("protocol", protocolName(entry.protocol));
  object.Set("state", entry.state);
  setText(object, "localAddress", entry.localAddress);
  setNumber(object, "localPort", entry.localPort);
  setText(object, "remoteAddress", entry.remoteAddress);
  setNumber(object, "remotePort", entry.remotePort);
  if (entry.protocol == SocketProtocol::raw || entry.protocol == SocketProtocol::packet) object.Set("number", entry.number);
  setText(object, "interface", entry.interfaceName);
  setText(object, "path", escapeBytes(entry.path));
  setNumber(object, "inode", entry.inode);
  setNumber(object, "peerInode", entry.peerInode);
  if (entry.userId) object.Set("user", users.textOf(*entry.userId));
}

NetworkQuery toQuery(const Napi::Object& object) {
  const auto isSet = [&](const char* key) { return object.Get(key).ToBoolean().Value(); };
  NetworkQuery query;
  query.interfaces = isSet("interfaces");
  query.neighbours = isSet("neighbours");
  query.tcpListening = isSet("tcpListening");
  query.tcpConnected = isSet("tcpConnected");
  query.udp = isSet("udp");
  query.raw = isSet("raw");
  query.packet = isSet("packet");
  query.unixDomain = isSet("unix");
  query.everyNamespace = isSet("everyNamespace");
  return query;
}

class NetworkReadJob final : public ThreadJob, public NetworkSink {
 public:
  NetworkReadJob(Napi::Env env, const NetworkQuery& query, unsigned cpuPercent, const Napi::Function& onEntries)
      : ThreadJob(env, onEntries), query_(query), control_(cpuPercent, stop) {}

  void add(uint64_t networkNamespace, NetworkEntry entry) override {
    batch_.push_back({networkNamespace, std::move(entry)});
    if (batch_.size() >= kBatchEntries) sendBatch();
  }

  void run() override {
    summary_ = readNetwork(query_, control_, *this);
    if (!batch_.empty()) sendBatch();
  }

  Napi::Value result(Napi::Env env) override {
    Napi::Object object = Napi::Object::New(env);
    object.Set("namespaces", static_cast<double>(summary_.namespaces));
    object.Set("interfaces", static_cast<double>(summary_.interfaces));
    object.Set("neighbours", static_cast<double>(summary_.neighbours));
    object.Set("sockets", static_cast<double>(summary_.sockets));
    Napi::Object skips = Napi::Object::New(env);
    skips.Set("no-permission", static_cast<double>(summary_.skips.noPermission));
    skips.Set("changed-while-read", static_cast<double>(summary_.skips.changedWhileRead));
    skips.Set("read-error", static_cast<double>(summary_.skips.readError));
    skips.Set("unsupported", static_cast<double>(summary_.skips.unsupported));
    object.Set("skipped", skips);
    object.Set("errors", toArray(env, summary_.errors));
    return object;
  }

 private:
  struct Found {
    uint64_t networkNamespace;
    NetworkEntry entry;
  };

  void sendBatch() {
    auto batch = std::make_shared<std::vector<Found>>(std::move(batch_));
    batch_.clear();
    const bool isSent = callJavaScript([this, batch](Napi::Env env, Napi::Function onEntries) {
      Napi::Array array = Napi::Array::New(env, batch->size());
      for (uint32_t index = 0; index < batch->size(); index += 1) {
        const Napi::HandleScope scope(env);
        Napi::Object object = Napi::Object::New(env);
        object.Set("namespace", static_cast<double>((*batch)[index].networkNamespace));
        std::visit([&](const auto& entry) { fill(object, users_, entry); }, (*batch)[index].entry);
        array.Set(index, object);
      }
      onEntries.Call({array});
    });
    if (!isSent) stop.store(true);
  }

  const NetworkQuery query_;
  const proc::UserNames users_ = proc::UserNames::read();
  WorkControl control_;
  NetworkSummary summary_;
  std::vector<Found> batch_;
};

class SocketHoldersTask final : public Task {
 public:
  SocketHoldersTask(const Napi::Array& inodes, unsigned cpuPercent) : control_(cpuPercent, stop) {
    inodes_.reserve(inodes.Length());
    for (uint32_t index = 0; index < inodes.Length(); index += 1) {
      inodes_.push_back(static_cast<uint64_t>(inodes.Get(index).ToNumber().Int64Value()));
    }
  }

  void run() override { summary_ = findSocketHolders(inodes_, users_, control_); }
  Napi::Value result(Napi::Env env) override {
    Napi::Array holders = Napi::Array::New(env, summary_.holders.size());
    for (uint32_t index = 0; index < summary_.holders.size(); index += 1) holders.Set(index, toObject(env, summary_.holders[index]));
    Napi::Object object = Napi::Object::New(env);
    object.Set("holders", holders);
    object.Set("processes", static_cast<double>(summary_.processes));
    object.Set("noPermission", static_cast<double>(summary_.noPermission));
    return object;
  }

 private:
  Napi::Object toObject(Napi::Env env, const SocketHolder& holder) const {
    Napi::Object object = Napi::Object::New(env);
    object.Set("pid", holder.pid);
    object.Set("name", fs::systemText(holder.name));
    setText(object, "user", holder.user);
    setText(object, "container", escapeBytes(holder.container));
    Napi::Array inodes = Napi::Array::New(env, holder.inodes.size());
    for (uint32_t index = 0; index < holder.inodes.size(); index += 1) {
      const Napi::HandleScope scope(env);
      inodes.Set(index, static_cast<double>(holder.inodes[index]));
    }
    object.Set("inodes", inodes);
    return object;
  }

  std::vector<uint64_t> inodes_;
  const proc::UserNames users_ = proc::UserNames::read();
  WorkControl control_;
  HolderSummary summary_;
};

Napi::Value openNetworkReader(const Napi::CallbackInfo& info) {
  const unsigned cpuPercent = info[0].ToNumber().Uint32Value();
  Napi::Object reader = Napi::Object::New(info.Env());
  reader.Set("read", Napi::Function::New(info.Env(), [cpuPercent](const Napi::CallbackInfo& call) {
    if (call.Length() < 2 || !call[0].IsObject() || !call[1].IsFunction()) {
      return throwCoded(call.Env(), "bad-plan", "expected a query and a function");
    }
    const NetworkQuery query = toQuery(call[0].As<Napi::Object>());
    return ThreadJob::start(call.Env(), std::make_shared<NetworkReadJob>(call.Env(), query, cpuPercent, call[1].As<Napi::Function>()));
  }));
  reader.Set("findHolders", Napi::Function::New(info.Env(), [cpuPercent](const Napi::CallbackInfo& call) {
    if (call.Length() < 1 || !call[0].IsArray()) return throwCoded(call.Env(), "bad-plan", "expected a list of inodes");
    return startTask(call.Env(), std::make_shared<SocketHoldersTask>(call[0].As<Napi::Array>(), cpuPercent));
  }));
  return reader;
}

}  // namespace

void addNetworkFunctions(Napi::Object& exports) {
  addFunctions(exports, {{"openNetworkReader", openNetworkReader}});
}

}  // namespace mig
