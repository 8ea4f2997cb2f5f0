// For unpackers.test.ts: unpacks with decoders that the file has taken over. Each file is a command for them. Prints
// the outcome, one `name: outcome` a line.
#include <dirent.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "content/decoder.h"
#include "unpack/exchange_linux.h"
#include "unpack/starter_linux.h"
#include "unpack/testing/intruder.h"
#include "unpack/unpackers.h"

namespace {

constexpr char kMagic[] = "\x1f\x8b\x08";

// The command follows the magic bytes. The decoder outputs the text `times` times.
class TakenOverDecoder final : public mig::Decoder {
 public:
  bool start() override {
    text_.clear();
    return true;
  }
  mig::DecodeResult decode(mig::DecodeBuffers& buffers) override {
    auto& exchange = *reinterpret_cast<mig::Exchange*>(buffers.output - offsetof(mig::Exchange, output));
    if (buffers.inputBytes > 3) {
      const std::string command(reinterpret_cast<const char*>(buffers.input) + 3, buffers.inputBytes - 3);
      text_ = command[0] == '*' ? std::string(1 << 20, command[1]) : obey(command, exchange);
      buffers.input += buffers.inputBytes;
      buffers.inputBytes = 0;
    }
    const size_t count = std::min(text_.size(), buffers.outputBytes);
    memcpy(buffers.output, text_.data(), count);
    text_.erase(0, count);
    buffers.output += count;
    buffers.outputBytes -= count;
    return text_.empty() ? mig::DecodeResult::memberEnd : mig::DecodeResult::more;
  }
  bool mayStartWith(uint8_t) const override { return false; }

 private:
  std::string text_;
};

std::string nameOf(mig::UnpackState state) {
  static const char* const names[] = {"reading", "finished", "malformed", "too large", "too much memory", "failed"};
  return names[static_cast<size_t>(state)];
}

struct Unpacked {
  std::string text;
  std::string state;
};

Unpacked unpack(mig::FileUnpacker& unpacker, const std::string& command) {
  const std::string packed = std::string(kMagic, 3) + command;
  std::vector<uint8_t> out(mig::kExchangeBytes);
  Unpacked result;
  unpacker.start(mig::PackFormat::gzip);
  unpacker.setInput(reinterpret_cast<const uint8_t*>(packed.data()), packed.size());
  while (const size_t count = unpacker.unpack(out.data(), out.size())) result.text.append(reinterpret_cast<char*>(out.data()), count);
  result.state = nameOf(unpacker.state());
  return result;
}

void tell(const std::string& name, const std::string& outcome) {
  printf("%s: %s\n", name.c_str(), outcome.c_str());
  fflush(stdout);
}

std::vector<pid_t> childrenOf(pid_t process) {
  std::vector<pid_t> children;
  std::ifstream list("/proc/" + std::to_string(process) + "/task/" + std::to_string(process) + "/children");
  for (pid_t child; list >> child;) children.push_back(child);
  return children;
}

size_t countDescriptors(pid_t process) {
  DIR* folder = opendir(("/proc/" + std::to_string(process) + "/fd").c_str());
  size_t count = 0;
  while (folder != nullptr && readdir(folder) != nullptr) count += 1;
  if (folder != nullptr) closedir(folder);
  return count < 2 ? 99 : count - 2;
}

void tellStatus(const std::string& who, pid_t process) {
  std::ifstream status("/proc/" + std::to_string(process) + "/status");
  for (std::string line; std::getline(status, line);) {
    for (const char* field : {"Name", "CapPrm", "CapEff", "NoNewPrivs", "Seccomp"}) {
      const std::string start = std::string(field) + ":\t";
      if (line.compare(0, start.size(), start) == 0) tell(who + " " + field, line.substr(start.size()));
    }
  }
  tell(who + " descriptors", std::to_string(countDescriptors(process)));
}

// Each thread has its own decoders and gets only their output.
bool unpackManyFiles(char letter) {
  const auto unpacker = mig::makeFileUnpacker([] { return true; });
  for (int round = 0; round < 100; round += 1) {
    const std::string word = std::string(1, letter) + std::to_string(round);
    if (unpack(*unpacker, word).text != word) return false;
    if (round % 10 == 0 && unpack(*unpacker, "crash").state != "failed") return false;
    if (round % 10 == 5 && unpack(*unpacker, std::string("*") + letter).text != std::string(1 << 20, letter)) return false;
  }
  return true;
}

void tellThreads() {
  bool isRight[4] = {};
  std::vector<std::thread> threads;
  for (int index = 0; index < 4; index += 1) threads.emplace_back([&isRight, index] { isRight[index] = unpackManyFiles(static_cast<char>('a' + index)); });
  for (std::thread& thread : threads) thread.join();
  tell("4 threads", std::count(isRight, isRight + 4, true) == 4 ? "right" : "wrong");
}

// The shared memory of the module process: each exchange is a kernel object of its own, and no unpacker has another's.
void tellSharedMemory(mig::FileUnpacker& unpacker) {
  std::ifstream maps("/proc/self/maps");
  std::set<std::string> objects;
  std::string addresses;
  for (std::string line; std::getline(maps, line);) {
    if (line.find("/dev/zero") == std::string::npos) continue;
    std::istringstream fields(line);
    uintptr_t start = 0;
    std::string end, rights, offset, device, inode;
    fields >> std::hex >> start >> end >> rights >> offset >> device >> inode;
    objects.insert(inode);
    addresses.append(reinterpret_cast<const char*>(&start), sizeof start);
  }
  tell("shared objects", std::to_string(objects.size()));
  tell("reached", unpack(unpacker, kReach + addresses).text);
}

void tellNeighbour(mig::FileUnpacker& unpacker) {
  const auto neighbour = mig::makeFileUnpacker([] { return true; });
  unpack(*neighbour, "honest");
  tell("grow", unpack(unpacker, "grow").text);
  tell("neighbour", unpack(*neighbour, "honest").text);
}

void tellTooMuchInput(mig::FileUnpacker& unpacker) {
  const std::string command(mig::kExchangeBytes, 'x');
  tell("more input than there is room for", unpack(unpacker, command).state);
}

// Kills the process between two pieces of a file.
void tellKilled(mig::FileUnpacker& unpacker, pid_t starter) {
  const std::string packed = std::string(kMagic, 3) + "*x";
  std::vector<uint8_t> out(mig::kExchangeBytes);
  unpacker.start(mig::PackFormat::gzip);
  unpacker.setInput(reinterpret_cast<const uint8_t*>(packed.data()), packed.size());
  unpacker.unpack(out.data(), out.size());
  for (const pid_t child : childrenOf(starter)) kill(child, SIGKILL);
  while (unpacker.unpack(out.data(), out.size()) > 0) {
  }
  tell("killed within a file", nameOf(unpacker.state()));
}

int check() {
  const pid_t starter = childrenOf(checkProcess).at(0);
  const auto unpacker = mig::makeFileUnpacker([] { return true; });
  tell("honest", unpack(*unpacker, "honest").text);
  tellStatus("starter", starter);
  tellStatus("unpacker", childrenOf(starter).at(0));
  printf("%s", unpack(*unpacker, "calls").text.c_str());
  for (const char* command : {"memory", "shared memory", "memory that grows", "memory made writable"}) tell(command, unpack(*unpacker, command).text);
  tellSharedMemory(*unpacker);
  tellNeighbour(*unpacker);
  tellTooMuchInput(*unpacker);
  for (const char* command : {"crash", "exit", "more than asked for", "as much as there is", "no such state", "failed", "other answers",
                              "answer, then crash"}) {
    tell(command, unpack(*unpacker, command).state);
    const std::string next = unpack(*unpacker, "next").text;
    if (next != "next") tell(std::string("the next after ") + command, next);
  }
  tellKilled(*unpacker, starter);
  tell("after the killed one", unpack(*unpacker, "next").text);
  tellThreads();
  int polls = 0;
  const auto hanging = mig::makeFileUnpacker([&polls] { return ++polls < 5; });
  tell("hang", unpack(*hanging, "hang").state);
  tell("the next after hang", unpack(*hanging, "next").state);
  tell("cpu", mig::readUnpackersCpu() > 0 ? "counted" : "none");
  mig::stopUnpackers();
  tell("left", std::to_string(childrenOf(checkProcess).size()));
  tell("starter", kill(starter, 0) == 0 ? "there" : "gone");
  return 0;
}

// A compromised module process: it requests the same unpacker again and again.
int checkGreedy() {
  mig::SharedMemory memory;
  mig::MemorySize atStart{};
  if (mig::mapShared(memory) != 0 || mig::readMemorySize(atStart) != 0) return 1;
  const pid_t starter = fork();
  if (starter == 0) mig::runStarter(memory, checkProcess, atStart);
  while (memory.starter->isReady.load() == 0) mig::waitForChange(memory.starter->isReady, 0, 20);
  const auto want = [&](size_t index) {
    memory.starter->phases[index].store(mig::UnpackerPhase::wanted);
    memory.starter->calls.fetch_add(1);
    mig::wakeWaiters(memory.starter->calls);
  };
  // The starter goes through the slots in order: when the second has started, the first request is done.
  for (int round = 0; round < 10; round += 1) {
    want(0);
    want(1);
    while (memory.starter->phases[1].load() != mig::UnpackerPhase::running) sched_yield();
    kill(memory.starter->processes[1].load(), SIGKILL);
    while (memory.starter->phases[1].load() != mig::UnpackerPhase::none) sched_yield();
  }
  tell("processes", std::to_string(childrenOf(starter).size()));
  memory.starter->isEnding.store(1);
  memory.starter->calls.fetch_add(1);
  mig::wakeWaiters(memory.starter->calls);
  waitpid(starter, nullptr, 0);
  return 0;
}

int checkLimited() {
  tell("honest", unpack(*mig::makeFileUnpacker([] { return true; }), "honest").text);
  mig::stopUnpackers();
  return 0;
}

// Ends without any cleanup.
[[noreturn]] void orphan() {
  const auto unpacker = mig::makeFileUnpacker([] { return true; });
  unpack(*unpacker, "honest");
  int polls = 0;
  const auto hanging = mig::makeFileUnpacker([&polls] { return ++polls < 2; });
  unpack(*hanging, "hang");
  const pid_t starter = childrenOf(checkProcess).at(0);
  tell("process", std::to_string(starter));
  for (const pid_t child : childrenOf(starter)) tell("process", std::to_string(child));
  raise(SIGKILL);
  abort();
}

// Limits that a service manager may have set.
void limitMore() {
  const rlimit hour{3600, 3600};
  if (setrlimit(RLIMIT_CPU, &hour) != 0) tell("error", "RLIMIT_CPU");
}

}  // namespace

namespace mig {

std::unique_ptr<Decoder> makeGzipDecoder() { return std::make_unique<TakenOverDecoder>(); }
std::unique_ptr<Decoder> makeZstdDecoder() { return nullptr; }
std::unique_ptr<Decoder> makeXzDecoder() { return nullptr; }
std::unique_ptr<Decoder> makeBzip2Decoder() { return nullptr; }

}  // namespace mig

int main(int count, char** arguments) {
  checkProcess = getpid();
  const std::string what = count > 1 ? arguments[1] : "check";
  if (what == "limited") limitMore();
  if (what == "greedy") return checkGreedy();
  std::string error;
  if (!mig::startUnpackers(error)) {
    tell("error", error);
    return 1;
  }
  if (what == "orphan") orphan();
  if (what == "limited") return checkLimited();
  return check();
}
