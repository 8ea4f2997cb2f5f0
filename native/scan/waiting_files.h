// A queue of files from the walk to the reading threads. Files are added in batches, because waking a thread for each
// would cost more than reading most files. They are taken one by one, as each may be much work.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "scan/directory.h"
#include "thread/thread.h"

namespace mig {

// Files of one directory that the same searches cover; owns the data of its FileViews.
class FileBatch {
 public:
  static constexpr size_t kMaxFiles = 64;

  // Whether the file can join this batch.
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
  std::string names_;  // each followed by a NUL
  std::vector<Entry> entries_;
};

struct WaitingFile {
  std::shared_ptr<const FileBatch> batch;
  size_t index = 0;

  FileView view() const { return batch->view(index); }
};

class WaitingFiles {
 public:
  // False when the queue is full: the walk then examines the files itself.
  bool offer(std::shared_ptr<const FileBatch> batch);
  // False when the queue is empty; with `wait`, only when it is closed.
  bool take(WaitingFile& file, bool wait);
  void close();

 private:
  Mutex mutex_;
  Condition arrived_;
  std::deque<WaitingFile> batches_;  // of each, the first file left
  bool isClosed_ = false;
};

}  // namespace mig
