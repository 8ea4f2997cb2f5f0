// What the pages of a program or library hold before anybody changes them: the file's sections where the loader puts them,
// with its relocations. @see Microsoft's "PE Format"
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fs/fs.h"

namespace mig {

class LoadedImage {
 public:
  // `base` is where the image was loaded. 0 or an errno value: ENOEXEC when the file is none.
  int open(const std::string& path, uint64_t base);
  // The bytes at an offset from the base.
  int read(uint64_t offset, std::vector<uint8_t>& bytes) const;

  struct Range {
    uint64_t start = 0;
    uint64_t end = 0;
  };
  // Offsets of what the loader itself writes: the addresses of imported functions.
  const Range& imports() const { return imports_; }

 private:
  struct Section {
    uint64_t offset = 0;  // in the image
    uint64_t fileOffset = 0;
    uint64_t sizeBytes = 0;  // in the file
  };

  int readHeaders(uint64_t base);
  int readRelocations(const Range& table);
  int readRaw(uint64_t offset, std::vector<uint8_t>& bytes) const;

  fs::Descriptor file_;
  std::vector<Section> sections_;
  Range imports_;
  uint64_t moved_ = 0;                  // how far from where the linker expected it
  std::vector<uint64_t> relocations_;   // offsets, ascending; of 8 bytes or of 4
  uint64_t relocationBytes_ = 8;
};

}  // namespace mig
