#include "scan/waiting_files.h"

namespace mig {

namespace {

// Each batch keeps its directory open: more would only need more descriptors, without a faster scan.
constexpr size_t kMaxBatches = 64;
constexpr size_t kUsualNameBytes = 32;

}  // namespace

bool FileBatch::fits(const std::shared_ptr<Directory>& directory, const FileView& file) const {
  return entries_.size() < kMaxFiles && directory_ == directory && isRoot_ == file.isRoot && searches_ == file.searches;
}

void FileBatch::add(const std::shared_ptr<Directory>& directory, const FileView& file) {
  if (entries_.empty()) {
    entries_.reserve(kMaxFiles);
    names_.reserve(kMaxFiles * kUsualNameBytes);
    directory_ = directory;
    directoryPath_ = file.directoryPath;
    searches_ = file.searches;
    isRoot_ = file.isRoot;
  }
  entries_.push_back({names_.size(), file.nameBytes, file.type});
  names_.append(file.name, file.nameBytes + 1);
}

FileView FileBatch::view(size_t index) const {
  const Entry& entry = entries_[index];
  return {*directory_, directoryPath_, names_.data() + entry.nameStart, entry.nameBytes, entry.type, searches_, isRoot_};
}

bool WaitingFiles::offer(std::shared_ptr<const FileBatch> batch) {
  Lock lock(mutex_);
  if (batches_.size() >= kMaxBatches) return false;
  batches_.push_back({std::move(batch), 0});
  arrived_.wakeOne();
  return true;
}

bool WaitingFiles::take(WaitingFile& file, bool wait) {
  Lock lock(mutex_);
  while (wait && batches_.empty() && !isClosed_) arrived_.wait(mutex_);
  if (batches_.empty()) return false;
  WaitingFile& left = batches_.front();
  file = left;
  left.index += 1;
  if (left.index == left.batch->size()) batches_.pop_front();
  // One thread was woken for the batch; its rest may serve another.
  else arrived_.wakeOne();
  return true;
}

void WaitingFiles::close() {
  Lock lock(mutex_);
  isClosed_ = true;
  arrived_.wakeAll();
}

}  // namespace mig
