// Decides which files may not be read for questions, or may not be told of at all. Files are judged by real path, inode
// and first bytes, so that links, bind mounts and copies get the same verdict.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fs/fs.h"
#include "scan/pattern_index.h"
#include "content/secret_kind.h"

namespace mig {

struct ProtectedContent {
  SecretKind kind;
  bool mayRead;  // questions about content and digests are allowed and counted
};

class Protection {
 public:
  struct Verdict {
    bool isProtected = false;
    bool mayRead = true;
    bool mayTell = true;
  };
  // The patterns that can match names in one directory; one per thread, reused for each directory.
  struct DirectoryMatches {
    std::string walkedPath;
    fs::FileId id;
    bool isKnown = false;
    std::vector<const ProtectedPattern*> patterns;
    std::string realPath;
    bool hasAliases = false;  // names in it may be bind mounts
  };

  // `questions`: the number of questions about protected content that may still be answered.
  Protection(std::vector<ProtectedPattern> patterns, const std::vector<ProtectedContent>& contents, uint64_t questions);

  // Finds the inodes of existing files that the patterns match; slow file systems are skipped.
  void resolve(const fs::Mounts& mounts);
  bool isEmpty() const { return patterns_.empty(); }
  bool hidesHits() const { return hidesHits_; }
  bool judgesContents() const { return judgesContents_; }

  Verdict judge(const fs::Descriptor& directory, const std::string& walkedPath, const fs::FileId& directoryId,
                std::string_view name, const fs::FileId& file, DirectoryMatches& matches) const;
  Verdict judgeRealPath(std::string_view realPath, const fs::FileId& file) const;
  Verdict judgeContent(SecretKind kind) const { return contents_[static_cast<size_t>(kind)]; }

  // Takes that many questions from the budget; false when fewer are left.
  bool takeQuestions(uint64_t count) const;
  uint64_t takenQuestions() const { return taken_.load(); }

 private:
  // The other names of a path that lies at or below a bind mount.
  std::vector<std::string> originalsOf(std::string_view realPath) const;
  void learn(const fs::Descriptor& directory, const std::string& walkedPath, const fs::FileId& directoryId, DirectoryMatches& matches) const;
  void add(Verdict& verdict, const ProtectedPattern& pattern) const;
  void addPath(Verdict& verdict, std::string_view path) const;
  void addOriginals(Verdict& verdict, std::string_view realPath) const;
  void addInode(Verdict& verdict, const fs::FileId& file) const;
  void resolveAt(const std::string& folder, const std::vector<size_t>& patterns);

  struct Inode {
    fs::FileId id;
    const ProtectedPattern* pattern;
  };
  std::vector<ProtectedPattern> patterns_;  // with globs as foldCase returns them
  PatternIndex index_;
  std::vector<std::string> globs_;  // as given
  std::vector<Inode> inodes_;       // sorted by inode number
  std::vector<fs::Alias> aliases_;
  std::array<Verdict, kSecretKinds> contents_{};  // by kind
  bool hidesHits_ = false;
  bool judgesContents_ = false;
  uint64_t questions_;
  mutable std::atomic<uint64_t> taken_{0};
};

}  // namespace mig
