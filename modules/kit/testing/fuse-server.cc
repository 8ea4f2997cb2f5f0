// A file system that never answers, for the tests of code that must not wait for one. It is mounted as root, without a
// library. `fuse-server FOLDER` shows one file there, `held`, a copy of /bin/sleep. The file is readable by the
// server's own children only, as any user can arrange with a file system of their own. One child maps pages of it,
// which come and go; another one runs it. Prints "ready PID PID" with their pids, then "read" for each read that gets no
// answer; ends when its input does, and releases all blocked readers. `fuse-server FOLDER FILE OFFSET` answers everybody
// instead: `held` is a copy of FILE, and reading it from OFFSET on fails, as on a damaged disk.
#include <fcntl.h>
#include <linux/fuse.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>

namespace {

constexpr uint64_t kFile = 2;
constexpr size_t kPageBytes = 4096;
constexpr const char* kName = "held";

int device = -1;
pid_t child = 0;
pid_t runner = 0;
std::string content;
bool isDamaged = false;
uint64_t damagedFrom = 0;

[[noreturn]] void fail(const char* what) {
  perror(what);
  exit(1);
}

void answer(uint64_t unique, int error, const void* body = nullptr, size_t bodyBytes = 0) {
  std::string message(sizeof(fuse_out_header), '\0');
  const fuse_out_header header{static_cast<uint32_t>(sizeof(fuse_out_header) + bodyBytes), -error, unique};
  memcpy(message.data(), &header, sizeof header);
  if (bodyBytes > 0) message.append(static_cast<const char*>(body), bodyBytes);
  // A request may have been cancelled meanwhile.
  if (write(device, message.data(), message.size()) < 0 && errno != ENOENT && errno != ENODEV) fail("write");
}

fuse_attr attributesOf(uint64_t node) {
  fuse_attr attributes{};
  attributes.ino = node;
  attributes.mode = node == kFile ? S_IFREG | 0755 : S_IFDIR | 0755;
  attributes.nlink = 1;
  attributes.size = node == kFile ? content.size() : 0;
  attributes.blksize = kPageBytes;
  return attributes;
}

void answerNode(uint64_t unique, uint64_t node) {
  fuse_entry_out entry{};
  entry.nodeid = node;
  entry.entry_valid = entry.attr_valid = 3600;
  entry.attr = attributesOf(node);
  answer(unique, 0, &entry, sizeof entry);
}

void answerAttributes(uint64_t unique, uint64_t node) {
  fuse_attr_out out{};
  out.attr_valid = 3600;
  out.attr = attributesOf(node);
  answer(unique, 0, &out, sizeof out);
}

void answerDirectory(uint64_t unique, uint64_t offset) {
  char entry[sizeof(fuse_dirent) + 8] = {};
  auto* dirent = reinterpret_cast<fuse_dirent*>(entry);
  dirent->ino = kFile;
  dirent->off = 1;
  dirent->namelen = static_cast<uint32_t>(strlen(kName));
  dirent->type = S_IFREG >> 12;
  memcpy(dirent->name, kName, strlen(kName));
  answer(unique, 0, entry, offset == 0 ? sizeof entry : 0);
}

void answerRead(uint64_t unique, const fuse_read_in& request) {
  if (isDamaged && request.offset >= damagedFrom) return answer(unique, EIO);
  if (isDamaged) return answer(unique, 0, content.data() + request.offset, std::min<uint64_t>(request.size, damagedFrom - request.offset));
  const size_t from = std::min<uint64_t>(request.offset, content.size());
  answer(unique, 0, content.data() + from, std::min<uint64_t>(request.size, content.size() - from));
}

void serve(const fuse_in_header& header, const char* body) {
  switch (header.opcode) {
    case FUSE_INIT: {
      fuse_init_out out{};
      out.major = FUSE_KERNEL_VERSION;
      out.minor = 31;
      out.max_write = 128 * 1024;
      return answer(header.unique, 0, &out, sizeof out);
    }
    case FUSE_LOOKUP:
      return strcmp(body, kName) == 0 ? answerNode(header.unique, kFile) : answer(header.unique, ENOENT);
    case FUSE_GETATTR:
      return answerAttributes(header.unique, header.nodeid);
    case FUSE_OPEN:
    case FUSE_OPENDIR: {
      fuse_open_out out{};
      if (isDamaged) out.open_flags = FOPEN_DIRECT_IO;
      return answer(header.unique, 0, &out, sizeof out);
    }
    case FUSE_READDIR:
      return answerDirectory(header.unique, reinterpret_cast<const fuse_read_in*>(body)->offset);
    case FUSE_READ:
      // The whole attack: no other reader ever gets an answer.
      if (!isDamaged && static_cast<pid_t>(header.pid) != child && static_cast<pid_t>(header.pid) != runner) {
        puts("read");
        fflush(stdout);
        return;
      }
      return answerRead(header.unique, *reinterpret_cast<const fuse_read_in*>(body));
    case FUSE_STATFS: {
      const fuse_statfs_out out{};
      return answer(header.unique, 0, &out, sizeof out);
    }
    case FUSE_RELEASE:
    case FUSE_RELEASEDIR:
    case FUSE_FLUSH:
      return answer(header.unique, 0);
    case FUSE_FORGET:
    case FUSE_BATCH_FORGET:
    case FUSE_INTERRUPT:
      return;
    default:
      return answer(header.unique, ENOSYS);
  }
}

[[noreturn]] void serveAll() {
  alignas(8) static char buffer[256 * 1024];
  for (;;) {
    const ssize_t got = read(device, buffer, sizeof buffer);
    if (got < 0 && (errno == EINTR || errno == ENOENT || errno == EAGAIN)) continue;
    // Unmounted: the unmounting thread ends this process.
    while (got < 0) pause();
    serve(*reinterpret_cast<const fuse_in_header*>(buffer), buffer + sizeof(fuse_in_header));
  }
}

// Makes the kernel drop the file's pages.
void dropPages() {
  struct {
    fuse_out_header header;
    fuse_notify_inval_inode_out what;
  } message{{sizeof message, FUSE_NOTIFY_INVAL_INODE, 0}, {kFile, 0, 0}};
  for (;;) {
    usleep(500);
    if (write(device, &message, sizeof message) < 0 && errno != ENOENT) return;
  }
}

[[noreturn]] void mapAndTouch(const std::string& path, int toParent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int file = open(path.c_str(), O_RDONLY);
  if (file < 0) fail("open");
  void* memory = mmap(nullptr, content.size(), PROT_READ | PROT_EXEC, MAP_PRIVATE, file, 0);
  if (memory == MAP_FAILED) fail("mmap");
  const auto* pages = static_cast<const volatile char*>(memory);
  for (bool isFirst = true;; isFirst = false) {
    for (size_t at = 0; at < content.size(); at += kPageBytes) (void)pages[at];
    if (isFirst && write(toParent, "x", 1) != 1) fail("write");
    usleep(100);
  }
}

void startReaders(const std::string& folder, int toParent) {
  child = fork();
  if (child == 0) {
    close(device);
    mapAndTouch(folder + "/" + kName, toParent);
  }
  runner = fork();
  if (runner == 0) {
    close(device);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    execl((folder + "/" + kName).c_str(), kName, "300", nullptr);
    fail("exec");
  }
}

}  // namespace

int main(int count, char** values) {
  if (count < 2) return 2;
  const std::string folder = values[1];
  device = open("/dev/fuse", O_RDWR | O_CLOEXEC);
  if (device < 0) fail("/dev/fuse");
  const std::string options = "fd=" + std::to_string(device) + ",rootmode=40000,user_id=0,group_id=0";
  if (mount("held", folder.c_str(), "fuse.held", MS_NOSUID | MS_NODEV, options.c_str()) != 0) fail("mount");
  isDamaged = count > 3;
  if (isDamaged) damagedFrom = std::stoull(values[3]);
  std::ifstream program(isDamaged ? values[2] : "/bin/sleep", std::ios::binary);
  content.assign(std::istreambuf_iterator<char>(program), {});
  int ready[2];
  if (pipe(ready) != 0) fail("pipe");
  if (isDamaged && write(ready[1], "x", 1) != 1) fail("write");
  if (!isDamaged) startReaders(folder, ready[1]);
  std::thread([&] {
    char byte = 0;
    if (read(ready[0], &byte, 1) == 1) {
      printf("ready %d %d\n", child, runner);
      fflush(stdout);
    }
    if (!isDamaged) std::thread(dropPages).detach();
    while (getchar() != EOF) {
    }
    // A forced unmount first: dropping pages may wait for blocked readers.
    umount2(folder.c_str(), MNT_FORCE);
    umount2(folder.c_str(), MNT_DETACH);
    _exit(0);
  }).detach();
  serveAll();
}
