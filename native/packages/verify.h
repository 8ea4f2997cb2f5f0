// Looks at the files of packages: whether each is there, what it is, and whether its digest is that of the package.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "digest/digest.h"
#include "scan/scan_state.h"

namespace mig::packages {

struct ListedFiles {
  std::string root;                      // of the host's files; "" for this machine's
  std::vector<std::string_view> paths;   // absolute, none twice
  DigestAlgorithm algorithm = DigestAlgorithm::md5;
  std::string_view digests;              // raw, of all paths one behind the other
  std::vector<bool> hasDigest;           // of each path; the bytes of one without mean nothing
  bool wantsCapabilities = false;
};

// In the order of `FileOutcome` of packages.ts.
enum class FileOutcome : uint8_t {
  unseen,  // the work was stopped before
  same,    // there, and of the package's digest when it has one
  differs,
  missing,
  noPermission,
  readError,
  isProtected,
  questionLimit,
  otherFileSystem,
  changedWhileRead,
};

struct FileFacts {
  FileOutcome outcome = FileOutcome::unseen;
  fs::FileType type = fs::FileType::unknown;
  uint32_t mode = 0;
  uint32_t user = 0;
  uint32_t group = 0;
};

struct FileCapabilities {
  uint32_t file = 0;
  std::string value;
};

struct Verified {
  std::vector<FileFacts> facts;  // of each path
  std::vector<FileCapabilities> capabilities;  // of those that have some
};

// Uses the plan's threads, limits and protection. Throws std::bad_alloc.
Verified verifyFiles(ScanState& state, const ListedFiles& files);

}  // namespace mig::packages
