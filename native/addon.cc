// The functions that JavaScript may call, by concern. Long work runs on threads of its own.
#include <napi.h>

#include "clock/clock_napi.h"
#include "confine/confine_napi.h"
#include "journal/journal_napi.h"
#include "memory/memory_napi.h"
#include "network/network_napi.h"
#include "packages/packages_napi.h"
#include "platform/platform_napi.h"
#include "proc/proc_napi.h"
#include "process/process_napi.h"
#include "regex/regex_napi.h"
#include "scan/scan_napi.h"
#include "service/service_napi.h"
#include "text/text_napi.h"
#include "textlog/textlog_napi.h"
#include "unpack/unpack_napi.h"

namespace {

Napi::Object initialise(Napi::Env, Napi::Object exports) {
  mig::addClockFunctions(exports);
  mig::addConfineFunctions(exports);
  mig::addJournalFunctions(exports);
  mig::addMemoryFunctions(exports);
  mig::addNetworkFunctions(exports);
  mig::addPackagesFunctions(exports);
  mig::addPlatformFunctions(exports);
  mig::addProcFunctions(exports);
  mig::addProcessFunctions(exports);
  mig::addRegexFunctions(exports);
  mig::addScanFunctions(exports);
  mig::addServiceFunctions(exports);
  mig::addTextFunctions(exports);
  mig::addTextLogFunctions(exports);
  mig::addUnpackFunctions(exports);
  return exports;
}

}  // namespace

NODE_API_MODULE(mig_native, initialise)
