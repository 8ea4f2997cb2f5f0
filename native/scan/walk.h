// Walks the roots of a plan: each directory once, whatever the number of searches that look at it.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "scan/directory.h"
#include "scan/link_scope.h"
#include "scan/scan_state.h"

namespace mig {

// Receives what the walk finds. The directory stays open as long as somebody holds it.
class FileHandler {
 public:
  virtual ~FileHandler() = default;
  virtual void handle(const std::shared_ptr<Directory>& directory, const FileView& file) = 0;
  // A directory was listed to its end, or a file that was named was handed over.
  virtual void flush() = 0;
};

class Walk {
 public:
  Walk(ScanState& state, const LinkScope& scope, FileHandler& handler);
  void run();

 private:
  struct Frame {
    std::shared_ptr<Directory> directory;  // null while closed
    fs::FileId id;
    bool isPseudo;
    size_t pathBytes;  // of the path of this directory
    std::vector<ActiveSearch> searches;
    std::vector<std::string> pending;  // directories below that are still to be walked
  };

  void findRoots();
  void examineRootFile(size_t root);
  void walkRoot(size_t root);
  void walkFrames();
  // Lists one directory: hands over its files, remembers its directories.
  void list(Frame& frame);
  void listEntry(Frame& frame, const fs::Entry& entry);
  void enter(Frame& parent, const std::string& name);
  bool push(std::shared_ptr<Directory> directory, std::vector<ActiveSearch> searches);
  void leave();
  void giveUpClosed();
  // Adds the searches whose root this directory is.
  void activateRoots(const fs::FileId& id, std::vector<ActiveSearch>& searches);
  std::vector<ActiveSearch> descend(const std::vector<ActiveSearch>& searches) const;
  bool isAvoided(const Directory& parent, Directory& child);
  std::string realPath() const;

  ScanState& state_;
  const LinkScope& scope_;
  FileHandler& handler_;
  std::string path_;      // of the directory being listed, as it is reported
  size_t baseRoot_ = 0;   // the root at which this walk began
  std::vector<Frame> frames_;
  uint64_t filesListed_ = 0;  // in the directory being listed
  struct FileKey {
    size_t operator()(const fs::FileId& id) const { return id.inode * 0x9e3779b97f4a7c15u ^ id.device; }
  };
  std::unordered_map<fs::FileId, std::vector<size_t>, FileKey> directoryRoots_;
  // Files that are roots themselves, by their directory: they were examined already.
  std::unordered_map<fs::FileId, std::vector<std::pair<std::string, size_t>>, FileKey> fileRoots_;
  std::vector<bool> isWalked_;
};

}  // namespace mig
