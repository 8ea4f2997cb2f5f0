// Lists a directory; the records are those of FILE_ID_BOTH_DIR_INFORMATION, [MS-FSCC] 2.4.22.
#include "fs/fs_win.h"
#include "text/wide_win.h"

namespace mig::fs {

struct DirectoryReader::State {
  HANDLE directory = nullptr;
  bool isStarted = false;
  // The next record; null at the end of the buffer.
  const FILE_ID_BOTH_DIR_INFO* record = nullptr;
  std::string name;
  alignas(8) char buffer[64 * 1024];

  int fill() {
    const FILE_INFO_BY_HANDLE_CLASS kind = isStarted ? FileIdBothDirectoryInfo : FileIdBothDirectoryRestartInfo;
    isStarted = true;
    if (!GetFileInformationByHandleEx(directory, kind, buffer, sizeof buffer)) {
      const DWORD code = GetLastError();
      return code == ERROR_NO_MORE_FILES || code == ERROR_FILE_NOT_FOUND ? 0 : errorOf(code);
    }
    record = reinterpret_cast<const FILE_ID_BOTH_DIR_INFO*>(buffer);
    return 0;
  }
};

DirectoryReader::DirectoryReader() : state_(new State) {}
DirectoryReader::~DirectoryReader() = default;

void DirectoryReader::begin(const Descriptor& directory) {
  state_->directory = handleOf(directory);
  state_->isStarted = false;
  state_->record = nullptr;
}

bool DirectoryReader::next(Entry& entry, int& error) {
  for (;;) {
    error = state_->record == nullptr ? state_->fill() : 0;
    const FILE_ID_BOTH_DIR_INFO* record = state_->record;
    if (record == nullptr) return false;
    const char* following = reinterpret_cast<const char*>(record) + record->NextEntryOffset;
    state_->record = record->NextEntryOffset == 0 ? nullptr : reinterpret_cast<const FILE_ID_BOTH_DIR_INFO*>(following);
    const std::wstring_view name(record->FileName, record->FileNameLength / sizeof(wchar_t));
    if (name == L"." || name == L"..") continue;
    state_->name = fromWide(name);
    entry.name = state_->name.c_str();
    entry.nameBytes = state_->name.size();
    // The tag is in the field for the size of extended attributes.
    entry.type = typeOf(record->FileAttributes, record->EaSize);
    return true;
  }
}

}  // namespace mig::fs
