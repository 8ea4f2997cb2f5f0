// A target process for the tests of process and memory: it creates one situation, prints "ready" with the details, and
// ends when its input does. The first argument names the situation.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sstream>
#include <string>
#include <vector>

namespace {

constexpr size_t kPageBytes = 4096;

[[noreturn]] void fail(const char* what) {
  perror(what);
  exit(1);
}

char* map(size_t bytes, int protection) {
  void* memory = mmap(nullptr, bytes, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) fail("mmap");
  return static_cast<char*>(memory);
}

void sayReady() {
  puts("ready");
  fflush(stdout);
}

void waitForEnd() {
  sayReady();
  while (getchar() != EOF) {
  }
}

char decodeByte(const char* hex) {
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  return static_cast<char>(digit(hex[0]) * 16 + digit(hex[1]));
}

void decodeHex(const char* hex, char* memory) {
  for (size_t at = 0; hex[at] != 0; at += 2) memory[at / 2] = decodeByte(hex + at);
}

// Contiguous memory whose every other 64 pages are read-only, so that it has many mappings. Reads the commands `put
// OFFSET HEX` and `clear OFFSET BYTES` and answers each with "ready".
void plant(size_t bytes) {
  char* memory = map(bytes, PROT_READ | PROT_WRITE);
  memset(memory, 'x', bytes);
  for (size_t at = 0; at < bytes; at += 128 * kPageBytes) mprotect(memory + at, std::min(64 * kPageBytes, bytes - at), PROT_READ);
  // Also writes read-only memory.
  const int own = open("/proc/self/mem", O_RDWR);
  sayReady();
  char command[16];
  char value[16384];
  size_t offset = 0;
  while (scanf("%15s %zu %16383s", command, &offset, value) == 3) {
    const bool isPut = strcmp(command, "put") == 0;
    const size_t count = isPut ? strlen(value) / 2 : strtoul(value, nullptr, 10);
    // Byte by byte: a second copy in memory would be found as well.
    for (size_t at = 0; at < count; at += 1) {
      const char byte = isPut ? decodeByte(value + 2 * at) : 'x';
      if (pwrite(own, &byte, 1, reinterpret_cast<off_t>(memory) + static_cast<off_t>(offset + at)) != 1) fail("pwrite");
    }
    sayReady();
  }
}

// One mapping full of random-looking bytes.
void fill(size_t bytes) {
  char* memory = map(bytes, PROT_READ | PROT_WRITE);
  uint64_t word = 88172645463325252;
  for (size_t at = 0; at + sizeof word <= bytes; at += sizeof word) {
    word ^= word << 13;
    word ^= word >> 7;
    word ^= word << 17;
    memcpy(memory + at, &word, sizeof word);
  }
  waitForEnd();
}

// A large address range with `touched` written bytes and the pattern at the end of the last written page.
void sparse(size_t bytes, size_t touched, const char* hex) {
  char* memory = map(bytes, PROT_READ | PROT_WRITE);
  madvise(memory, bytes, MADV_NOHUGEPAGE);
  const size_t step = bytes / (touched / kPageBytes) / kPageBytes * kPageBytes;
  for (size_t index = 0; index < touched / kPageBytes; index += 1) memory[index * step] = 'x';
  decodeHex(hex, memory + (touched / kPageBytes - 1) * step + kPageBytes - strlen(hex) / 2);
  waitForEnd();
}

// Written, then swapped out as far as the system allows.
void swapOut(size_t bytes, const char* hex) {
  char* memory = map(bytes, PROT_READ | PROT_WRITE);
  memset(memory, 'x', bytes);
  decodeHex(hex, memory);
  constexpr int kPageOut = 21;  // MADV_PAGEOUT since Linux 5.4
  if (madvise(memory, bytes, kPageOut) != 0) fail("madvise");
  waitForEnd();
}

// Written, then made inaccessible.
void hide(const char* hex) {
  char* memory = map(kPageBytes, PROT_READ | PROT_WRITE);
  decodeHex(hex, memory);
  mprotect(memory, kPageBytes, PROT_NONE);
  waitForEnd();
}

void runAnonymousCode(size_t bytes) {
  char* memory = map(bytes, PROT_READ | PROT_WRITE | PROT_EXEC);
  memory[0] = '\xc3';
  waitForEnd();
}

__attribute__((noinline, used, aligned(64))) void patchedFunction() { asm volatile(".rept 64; nop; .endr"); }

// Patches its own code, like a hook with a jump (0xe9) or a debugger with a breakpoint (0xcc).
void alterCode(const char* hex) {
  auto* code = reinterpret_cast<char*>(reinterpret_cast<uintptr_t>(&patchedFunction) / kPageBytes * kPageBytes);
  if (mprotect(code, 2 * kPageBytes, PROT_READ | PROT_WRITE | PROT_EXEC) != 0) fail("mprotect");
  reinterpret_cast<char*>(&patchedFunction)[16] = decodeByte(hex);
  mprotect(code, 2 * kPageBytes, PROT_READ | PROT_EXEC);
  waitForEnd();
}

// Executes itself from a file that was never on disk.
void runFromMemory() {
  const int file = static_cast<int>(syscall(SYS_memfd_create, "mig-test", 0));
  const int own = open("/proc/self/exe", O_RDONLY);
  char piece[65536];
  for (ssize_t count = read(own, piece, sizeof piece); count > 0; count = read(own, piece, sizeof piece)) {
    if (write(file, piece, static_cast<size_t>(count)) != count) fail("write");
  }
  close(own);
  char* arguments[] = {strdup("mig-test"), strdup("wait"), nullptr};
  char* environment[] = {nullptr};
  fexecve(file, arguments, environment);
  fail("fexecve");
}

int openFile(const char* path) {
  const int file = open(path, O_RDONLY);
  if (file < 0) fail(path);
  return file;
}

// Many mappings of one file, which cannot be joined.
void mapMuch(const char* path, size_t count) {
  const int file = openFile(path);
  for (size_t index = 0; index < count; index += 1) {
    const int protection = index % 2 == 0 ? PROT_READ : PROT_READ | PROT_WRITE;
    if (mmap(nullptr, kPageBytes, protection, MAP_PRIVATE, file, 0) == MAP_FAILED) fail("mmap");
  }
  waitForEnd();
}

// Makes every page of its code its own, and changes the last one.
void patchMuch(const char* path, size_t pages) {
  void* mapped = mmap(nullptr, pages * kPageBytes, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE, openFile(path), 0);
  if (mapped == MAP_FAILED) fail("mmap");
  auto* code = static_cast<volatile char*>(mapped);
  for (size_t page = 0; page < pages; page += 1) code[page * kPageBytes] = code[page * kPageBytes];
  code[(pages - 1) * kPageBytes] = '\xe9';
  waitForEnd();
}

// An environment of so many bytes, the last variable behind all others. The other fields of the memory's map stay.
void growEnvironment(size_t bytes, const char* variable) {
  char* memory = map(bytes + kPageBytes, PROT_READ | PROT_WRITE);
  memset(memory, 'x', bytes);
  memory[bytes - 1] = 0;
  strcpy(memory + bytes, variable);
  FILE* stat = fopen("/proc/self/stat", "r");
  char line[4096] = "";
  if (stat == nullptr || fgets(line, sizeof line, stat) == nullptr) fail("stat");
  // The fields of proc(5) from the third on: the second one is in parentheses.
  std::vector<uint64_t> fields(3);
  std::istringstream rest(strrchr(line, ')') + 3);
  for (uint64_t value = 0; rest >> value;) fields.push_back(value);
  const auto field = [&](size_t number) { return fields[number - 1]; };
  prctl_mm_map all{};
  all.start_code = field(26);
  all.end_code = field(27);
  all.start_stack = field(28);
  all.start_data = field(45);
  all.end_data = field(46);
  all.start_brk = field(47);
  all.brk = reinterpret_cast<uint64_t>(sbrk(0));
  all.arg_start = field(48);
  all.arg_end = field(49);
  all.env_start = reinterpret_cast<uint64_t>(memory);
  all.env_end = all.env_start + bytes + strlen(variable) + 1;
  all.exe_fd = static_cast<uint32_t>(-1);
  if (prctl(PR_SET_MM, PR_SET_MM_MAP, &all, sizeof all, 0) != 0) fail("PR_SET_MM_MAP");
  waitForEnd();
}

void leaveZombie() {
  if (fork() == 0) _exit(0);
  waitForEnd();
}

}  // namespace

int main(int count, char** arguments) {
  const std::string situation = count > 1 ? arguments[1] : "";
  const auto number = [&](int index) { return strtoul(count > index ? arguments[index] : "0", nullptr, 10); };
  const char* last = arguments[count - 1];
  if (situation == "wait") waitForEnd();
  else if (situation == "plant") plant(number(2));
  else if (situation == "fill") fill(number(2));
  else if (situation == "sparse") sparse(number(2), number(3), last);
  else if (situation == "swap-out") swapOut(number(2), last);
  else if (situation == "hide") hide(last);
  else if (situation == "anonymous-code") runAnonymousCode(number(2));
  else if (situation == "altered-code") alterCode(last);
  else if (situation == "memory-file") runFromMemory();
  else if (situation == "zombie") leaveZombie();
  else if (situation == "many-mappings") mapMuch(last, number(2));
  else if (situation == "patched-file") patchMuch(last, number(2));
  else if (situation == "environment") growEnvironment(number(2), last);
  else if (situation == "named") {
    prctl(PR_SET_NAME, arguments[2]);
    waitForEnd();
  } else return 2;
  return 0;
}
