#include "memory/mappings_linux.h"

#include <algorithm>
#include <cerrno>
#include <charconv>

namespace mig {

namespace {

// Room for the kernel's default of 65,530 mappings, each with a long path.
constexpr size_t kMapsBytes = 32 << 20;
constexpr std::string_view kDeleted = " (deleted)";

bool startsWith(std::string_view text, std::string_view prefix) { return text.substr(0, prefix.size()) == prefix; }

// Reads a hexadecimal number and the separator after it.
bool takeHex(std::string_view& rest, char separator, uint64_t& value) {
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), value, 16);
  if (error != std::errc() || end == rest.data() + rest.size() || *end != separator) return false;
  rest.remove_prefix(static_cast<size_t>(end - rest.data()) + 1);
  return true;
}

bool isSpecial(std::string_view path) {
  if (startsWith(path, "[v") || startsWith(path, "anon_inode:")) return true;
  return startsWith(path, "/dev/") && !startsWith(path, "/dev/shm/") && path != "/dev/zero";
}

MappingKind kindOf(const Mapping& mapping) {
  const std::string_view path = mapping.path;
  if (mapping.isAnonymous) {
    if (mapping.isExecutable) return MappingKind::anonymousExecutable;
    if (path == "[heap]") return MappingKind::heap;
    return startsWith(path, "[stack") ? MappingKind::stack : MappingKind::anonymous;
  }
  const bool isShared = startsWith(path, "/dev/shm/") || startsWith(path, "/SYSV") || startsWith(path, "/memfd:");
  if (isShared && !mapping.isExecutable) return MappingKind::shared;
  if (mapping.isDeleted) return MappingKind::deletedFile;
  return mapping.isExecutable ? MappingKind::executableFile : MappingKind::file;
}

}  // namespace

// `7f0000-7f1000 r-xp 00000000 08:01 4711    /usr/lib/libc.so.6`
bool parseMapping(std::string_view line, Mapping& mapping) {
  uint64_t major = 0;
  uint64_t minor = 0;
  if (!takeHex(line, '-', mapping.start) || !takeHex(line, ' ', mapping.end)) return false;
  if (line.size() < 5 || mapping.end <= mapping.start) return false;
  mapping.isReadable = line[0] == 'r';
  mapping.isWritable = line[1] == 'w';
  mapping.isExecutable = line[2] == 'x';
  mapping.isShared = line[3] == 's';
  line.remove_prefix(5);
  if (!takeHex(line, ' ', mapping.offset) || !takeHex(line, ':', major) || !takeHex(line, ' ', minor)) return false;
  mapping.device = proc::toDevice(major, minor);
  const size_t inodeEnd = std::min(line.find(' '), line.size());
  if (!proc::parseNumber(line.substr(0, inodeEnd), mapping.inode)) return false;
  line.remove_prefix(std::min(line.find_first_not_of(' ', inodeEnd), line.size()));
  // Only files can be deleted; a living file may have such a name, but other fields tell as well.
  mapping.isDeleted = mapping.inode != 0 && line.size() > kDeleted.size() && line.substr(line.size() - kDeleted.size()) == kDeleted;
  if (mapping.isDeleted) line.remove_suffix(kDeleted.size());
  mapping.path = line;
  // Shared anonymous memory is a nameless file in the kernel.
  mapping.isAnonymous = mapping.inode == 0 || (mapping.isDeleted && mapping.path == "/dev/zero");
  mapping.isSpecial = isSpecial(mapping.path);
  mapping.kind = kindOf(mapping);
  return true;
}

int readMappings(const proc::Process& process, proc::FileSystems& fileSystems, std::vector<Mapping>& mappings, bool* cut) {
  mappings.clear();
  std::string text;
  bool isCut = false;
  if (const int error = process.readFile("maps", kMapsBytes, text, &isCut); error != 0) return error;
  if (isCut) text.resize(text.rfind('\n') + 1);
  if (cut != nullptr) *cut = isCut;
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    Mapping mapping;
    if (!parseMapping(line, mapping)) continue;
    mapping.isRemote = !mapping.isAnonymous && !mapping.isSpecial && fileSystems.isRemoteDevice(process, mapping.device);
    mappings.push_back(std::move(mapping));
  }
  return 0;
}

}  // namespace mig
