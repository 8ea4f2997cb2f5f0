#include <fcntl.h>

#include "proc/system.h"
#include "proc/users.h"

namespace mig::proc {

namespace {

constexpr size_t kPasswdBytes = 16 << 20;

}  // namespace

UserNames UserNames::read() {
  fs::Descriptor file;
  std::string text;
  if (openAt(AT_FDCWD, "/etc/passwd", O_RDONLY, file) == 0) readToEnd(file, kPasswdBytes, text);
  return parse(text);
}

}  // namespace mig::proc
