// Files on their way from the walk to the threads that examine them. They go in batches: to wake a thread for each would
// cost more than to examine most of them.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "scan/directory.h"
#include "thread/thread.h"

namespace mig {

// Files of one directory that the same searches look at; owns what a FileView borrows.
class FileBatch {
 public:
  static constexpr size_t kMaxFiles = 64;

  // Whether the file can be one of this batch.
  bool fits(const std::shared_ptr<Directory>& directory, const FileView& file) const;
  void add(const std::shared_ptr<Directory>& directory, const FileView& file);
  size_t size() const { return entries_.size(); }
  FileView view(size_t index) const;

 private:
  struct Entry {
    size_t nameStart;
    size_t nameBytes;
    fs::FileType type;
  };

  std::shared_ptr<Directory> directory_;
  std::string directoryPath_;
  std::vector<ActiveSearch> searches_;
  bool isRoot_ = false;
  std::string names_;  // each with a zero behind
  std::vector<Entry> entries_;
};

// Some files of a batch, for one thread.
struct FileSlice {
  std::shared_ptr<const FileBatch> batch;
  size_t begin = 0;
  size_t end = 0;
};

class WaitingFiles {
 public:
  // `sliceFiles`: how many a thread takes at once; few, when each may be much work.
  explicit WaitingFiles(size_t sliceFiles) : sliceFiles_(sliceFiles) {}

  // False when there is no room: the walk then examines the files itself.
  bool offer(std::shared_ptr<const FileBatch> batch);
  // False when there are none; with `wait`, when there will be no more.
  bool take(FileSlice& slice, bool wait);
  void close();

 private:
  const size_t sliceFiles_;
  Mutex mutex_;
  Condition arrived_;
  std::deque<FileSlice> batches_;  // what is left of each
  bool isClosed_ = false;
};

}  // namespace mig
