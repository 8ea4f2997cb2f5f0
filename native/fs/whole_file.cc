#include "fs/whole_file.h"

#include <cerrno>

#include "fs/read_effects.h"

namespace mig::fs {

namespace {

WholeFile failed(int error) {
  WholeFile file;
  file.error = error;
  return file;
}

WholeFile refused(WholeFileState state) {
  WholeFile file;
  file.state = state;
  return file;
}

}  // namespace

WholeFile readWholeFile(const std::string& path, size_t mostBytes) {
  // The system would take it for the end of the path.
  if (path.find('\0') != std::string::npos) return failed(ENOENT);
  Descriptor handle;
  if (const int error = openPath(path, handle); error != 0) return failed(error);
  FileInfo info;
  if (const int error = readInfo(handle, info); error != 0) return failed(error);
  if (info.type != FileType::regular) return refused(WholeFileState::notRegular);
  std::string realPath;
  if (const int error = readRealPath(handle, realPath); error != 0) return failed(error);
  if (ReadEffects().of(handle, realPath) != nullptr) return refused(WholeFileState::hasEffect);
  if (info.sizeBytes > mostBytes) return refused(WholeFileState::tooLarge);
  Descriptor file;
  if (const int error = reopenForReading(handle, file); error != 0) return failed(error);
  WholeFile whole = refused(WholeFileState::read);
  whole.bytes.resize(static_cast<size_t>(info.sizeBytes));
  size_t filled = 0;
  while (filled < whole.bytes.size()) {
    size_t count = 0;
    auto* rest = reinterpret_cast<uint8_t*>(&whole.bytes[filled]);
    if (const int error = readPiece(file, filled, rest, whole.bytes.size() - filled, count); error != 0) return failed(error);
    if (count == 0) break;
    filled += count;
  }
  whole.bytes.resize(filled);
  return whole;
}

}  // namespace mig::fs
