// Which files a scan must not open for questions about their content, or must not tell about at all. Judged by where a
// file really is and by its inode, so that links, hard links and bind mounts lead to the same verdict as its own name.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fs/fs.h"

namespace mig {

struct ProtectedPattern {
  std::string glob;    // as in glob.h
  bool mayRead;  // questions about content and digests are allowed, and counted
  bool mayTell;  // the file may be a hit
};

class Protection {
 public:
  struct Verdict {
    bool isProtected = false;
    bool mayRead = true;
    bool mayTell = true;
  };
  // The patterns that can match names in one directory; one per thread, asked for directory after directory.
  struct DirectoryMatches {
    std::string walkedPath;
    fs::FileId id;
    bool isKnown = false;
    std::vector<const ProtectedPattern*> patterns;
    std::string realPath;
    bool hasAliases = false;  // names in it may be bind mounts
  };

  // `questions`: how many questions about protected content may still be answered.
  Protection(std::vector<ProtectedPattern> patterns, uint64_t questions);

  // Finds the inodes of the files that the patterns stand for now; slow file systems are left alone.
  void resolve(const fs::Mounts& mounts);
  bool isEmpty() const { return patterns_.empty(); }
  bool hidesHits() const { return hidesHits_; }

  Verdict judge(const fs::Descriptor& directory, const std::string& walkedPath, const fs::FileId& directoryId,
                std::string_view name, const fs::FileId& file, DirectoryMatches& matches) const;
  Verdict judgeRealPath(std::string_view realPath, const fs::FileId& file) const;

  // Takes that many questions from what is left; false when there are not as many.
  bool takeQuestions(uint64_t count) const;
  uint64_t takenQuestions() const { return taken_.load(); }

 private:
  // The other names of a path that lies at or below a bind mount.
  std::vector<std::string> originalsOf(std::string_view realPath) const;
  void add(Verdict& verdict, const ProtectedPattern& pattern) const;
  void addPath(Verdict& verdict, std::string_view path) const;
  void addOriginals(Verdict& verdict, std::string_view realPath) const;
  void addInode(Verdict& verdict, const fs::FileId& file) const;
  void resolveOne(const ProtectedPattern& pattern, const std::string& glob);

  struct Inode {
    fs::FileId id;
    const ProtectedPattern* pattern;
  };
  std::vector<ProtectedPattern> patterns_;  // their globs as foldCase makes them
  std::vector<std::string> globs_;          // as they were given
  std::vector<Inode> inodes_;  // sorted by inode number
  std::vector<fs::Alias> aliases_;
  bool hidesHits_ = false;
  uint64_t questions_;
  mutable std::atomic<uint64_t> taken_{0};
};

}  // namespace mig
