// The unmodified pages of a loaded program or library: the file's sections at their loaded addresses, with relocations.
// @see Microsoft's "PE Format"
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fs/fs.h"

namespace mig {

class LoadedImage {
 public:
  // `base` is the load address of the image. Returns 0 or an errno value: ENOEXEC when the file is no image.
  int open(const std::string& path, uint64_t base);
  // The bytes at an offset from the base.
  int read(uint64_t offset, std::vector<uint8_t>& bytes) const;

  struct Range {
    uint64_t start = 0;
    uint64_t end = 0;
  };
  // Offsets that the loader itself writes: the addresses of imported functions.
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
  uint64_t moved_ = 0;                  // distance from the address that the linker expected
  std::vector<uint64_t> relocations_;   // offsets, ascending; each of 8 or of 4 bytes
  uint64_t relocationBytes_ = 8;
};

}  // namespace mig
