// Files on their way from the walk to the threads that read them. They come in batches: to wake a thread for each would
// cost more than to read most of them. They are taken one by one: each may be much work.
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

struct WaitingFile {
  std::shared_ptr<const FileBatch> batch;
  size_t index = 0;

  FileView view() const { return batch->view(index); }
};

class WaitingFiles {
 public:
  // False when there is no room: the walk then examines the files itself.
  bool offer(std::shared_ptr<const FileBatch> batch);
  // False when there are none; with `wait`, when there will be no more.
  bool take(WaitingFile& file, bool wait);
  void close();

 private:
  Mutex mutex_;
  Condition arrived_;
  std::deque<WaitingFile> batches_;  // of each the first that is left
  bool isClosed_ = false;
};

}  // namespace mig
