// One thread of a walk: lists a directory and everything below it, depth first, and gives parts away to idle threads.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "scan/directory.h"
#include "scan/link_scope.h"
#include "scan/roots.h"
#include "scan/scan_state.h"
#include "scan/subtree_queue.h"

namespace mig {

// Receives the files of a walker. The directory stays open as long as somebody holds it.
class FileHandler {
 public:
  virtual ~FileHandler() = default;
  virtual void handle(const std::shared_ptr<Directory>& directory, const FileView& file) = 0;
  // Called when a directory was listed to its end, or after a file that is a root.
  virtual void flush() {}
};

class Walker {
 public:
  Walker(ScanState& state, const LinkScope& scope, Roots& roots, SubtreeQueue& queue, FileHandler& handler);
  void walk(Subtree subtree);

 private:
  struct Frame {
    std::shared_ptr<Directory> directory;  // null while closed
    fs::FileId id;
    bool isPseudo;
    size_t pathBytes;  // of the path of this directory
    std::vector<ActiveSearch> searches;
    std::vector<std::string> pending;  // directories below it that are still to be walked
  };

  // Lists one directory: passes on its files, remembers its directories.
  void list(Frame& frame);
  void listEntry(Frame& frame, const fs::Entry& entry);
  // Opens the last pending one of a frame; nothing when it is not to be walked.
  std::optional<Subtree> openPending(Frame& parent);
  void push(Subtree subtree);
  void leave();
  void giveUpClosed();
  void share();
  size_t firstOpenFrame() const { return frames_.size() > maxOpenFrames_ ? frames_.size() - maxOpenFrames_ : 0; }
  std::vector<ActiveSearch> descend(const std::vector<ActiveSearch>& searches) const;
  bool isAvoided(const Directory& parent, Directory& child);
  std::string realPathOf(const std::string& path) const;

  ScanState& state_;
  const LinkScope& scope_;
  Roots& roots_;
  SubtreeQueue& queue_;
  FileHandler& handler_;
  const size_t maxOpenFrames_;
  fs::DirectoryReader reader_;
  std::string path_;  // of the directory being listed, as reported
  size_t root_ = 0;   // the root of its walk
  std::vector<Frame> frames_;
  uint64_t filesListed_ = 0;  // in the directory being listed
};

}  // namespace mig
