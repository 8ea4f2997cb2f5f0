#include "memory/loaded_image_win.h"

#include "platform/windows.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "fs/path_text.h"

namespace mig {

namespace {

constexpr size_t kMaxRelocationBytes = 64 << 20;

int readExactly(const fs::Descriptor& file, uint64_t offset, void* to, size_t bytes) {
  size_t got = 0;
  if (const int error = fs::readPiece(file, offset, static_cast<uint8_t*>(to), bytes, got)) return error;
  return got == bytes ? 0 : ENOEXEC;
}

LoadedImage::Range rangeOf(const IMAGE_DATA_DIRECTORY& directory) {
  return {directory.VirtualAddress, uint64_t{directory.VirtualAddress} + directory.Size};
}

}  // namespace

int LoadedImage::open(const std::string& text, uint64_t base) {
  std::string path;
  fs::Descriptor handle;
  if (!fs::parsePath(text, path)) return ENOENT;
  if (const int error = fs::openPath(path, handle)) return error;
  if (const int error = fs::reopenForReading(handle, file_)) return error;
  return readHeaders(base);
}

int LoadedImage::readHeaders(uint64_t base) {
  IMAGE_DOS_HEADER dos{};
  IMAGE_NT_HEADERS64 header{};
  if (const int error = readExactly(file_, 0, &dos, sizeof dos)) return error;
  if (const int error = readExactly(file_, static_cast<uint32_t>(dos.e_lfanew), &header, sizeof header)) return error;
  if (dos.e_magic != IMAGE_DOS_SIGNATURE || header.Signature != IMAGE_NT_SIGNATURE) return ENOEXEC;
  const bool is64 = header.OptionalHeader.Magic == IMAGE_NT_OPTIONAL_HDR64_MAGIC;
  // The same header with 32-bit addresses.
  IMAGE_NT_HEADERS32 narrow{};
  memcpy(&narrow, &header, std::min(sizeof narrow, sizeof header));
  const IMAGE_DATA_DIRECTORY* directories = is64 ? header.OptionalHeader.DataDirectory : narrow.OptionalHeader.DataDirectory;
  const uint64_t expected = is64 ? header.OptionalHeader.ImageBase : narrow.OptionalHeader.ImageBase;
  const uint64_t headerBytes = is64 ? header.OptionalHeader.SizeOfHeaders : narrow.OptionalHeader.SizeOfHeaders;
  relocationBytes_ = is64 ? 8 : 4;
  moved_ = base - expected;
  imports_ = rangeOf(directories[IMAGE_DIRECTORY_ENTRY_IAT]);
  sections_.push_back({0, 0, headerBytes});
  const uint64_t tableOffset = static_cast<uint32_t>(dos.e_lfanew) + offsetof(IMAGE_NT_HEADERS64, OptionalHeader) + header.FileHeader.SizeOfOptionalHeader;
  std::vector<IMAGE_SECTION_HEADER> table(header.FileHeader.NumberOfSections);
  if (const int error = readExactly(file_, tableOffset, table.data(), table.size() * sizeof table[0])) return error;
  for (const IMAGE_SECTION_HEADER& section : table) {
    const uint64_t loadedBytes = section.Misc.VirtualSize == 0 ? section.SizeOfRawData : section.Misc.VirtualSize;
    sections_.push_back({section.VirtualAddress, section.PointerToRawData, std::min<uint64_t>(section.SizeOfRawData, loadedBytes)});
  }
  return moved_ == 0 ? 0 : readRelocations(rangeOf(directories[IMAGE_DIRECTORY_ENTRY_BASERELOC]));
}

// Blocks: each has the offset of a page, its own size, and a word for each relocation in the page.
int LoadedImage::readRelocations(const Range& table) {
  if (table.end - table.start > kMaxRelocationBytes) return ENOEXEC;
  std::vector<uint8_t> bytes(table.end - table.start);
  if (const int error = readRaw(table.start, bytes)) return error;
  for (size_t at = 0; at + sizeof(IMAGE_BASE_RELOCATION) <= bytes.size();) {
    IMAGE_BASE_RELOCATION block{};
    memcpy(&block, &bytes[at], sizeof block);
    if (block.SizeOfBlock < sizeof block || block.SizeOfBlock > bytes.size() - at) break;
    for (size_t entry = at + sizeof block; entry + sizeof(WORD) <= at + block.SizeOfBlock; entry += sizeof(WORD)) {
      WORD word = 0;
      memcpy(&word, &bytes[entry], sizeof word);
      const WORD kind = word >> 12;
      if (kind == IMAGE_REL_BASED_DIR64 || kind == IMAGE_REL_BASED_HIGHLOW) relocations_.push_back(uint64_t{block.VirtualAddress} + (word & 0xfff));
    }
    at += block.SizeOfBlock;
  }
  std::sort(relocations_.begin(), relocations_.end());
  return 0;
}

int LoadedImage::readRaw(uint64_t offset, std::vector<uint8_t>& bytes) const {
  std::fill(bytes.begin(), bytes.end(), uint8_t{0});
  for (const Section& section : sections_) {
    const uint64_t start = std::max(offset, section.offset);
    const uint64_t end = std::min(offset + bytes.size(), section.offset + section.sizeBytes);
    if (start >= end) continue;
    if (const int error = readExactly(file_, section.fileOffset + (start - section.offset), &bytes[start - offset], end - start)) return error;
  }
  return 0;
}

int LoadedImage::read(uint64_t offset, std::vector<uint8_t>& bytes) const {
  // An address may cross the border: a little more on both sides.
  const uint64_t margin = std::min(offset, relocationBytes_);
  std::vector<uint8_t> wide(margin + bytes.size() + relocationBytes_);
  const uint64_t start = offset - margin;
  if (const int error = readRaw(start, wide)) return error;
  auto next = std::lower_bound(relocations_.begin(), relocations_.end(), start);
  for (; next != relocations_.end() && *next + relocationBytes_ <= start + wide.size(); ++next) {
    uint64_t address = 0;
    memcpy(&address, &wide[*next - start], relocationBytes_);
    address += moved_;
    memcpy(&wide[*next - start], &address, relocationBytes_);
  }
  memcpy(bytes.data(), &wide[margin], bytes.size());
  return 0;
}

}  // namespace mig
