#include "proc/facts.h"

#include <cerrno>

namespace mig::proc {

bool isGone(int error) { return error == ESRCH || error == ENOENT; }

}  // namespace mig::proc
