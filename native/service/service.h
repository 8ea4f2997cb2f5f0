// This process as a service of Windows: its service manager is told when the service runs and when it has ended, and tells
// when to stop.
#pragma once

#include <functional>
#include <string>

#include "platform/windows.h"
#include "thread/thread.h"

namespace mig {

// A process is one service at most, and for good: one that ends without saying so has crashed, and is started again.
class Service {
 public:
  // Waits until the service manager knows that the service runs; 0 or a code of GetLastError. `onStop` is called on another
  // thread, once.
  unsigned long start(const std::wstring& name, std::function<void()> onStop);
  // Tells the service manager that the service has ended, so that it does not take the end of the process for a crash.
  void end();

 private:
  static void WINAPI serviceMain(DWORD count, wchar_t** arguments);
  static DWORD WINAPI control(DWORD what, DWORD type, void* data, void* context);
  void run();
  void report(DWORD state, DWORD waitHintMs);
  void askToStop();

  enum class Phase { starting, running, stopping, ended, failed };

  std::wstring name_;
  std::function<void()> onStop_;
  Thread dispatcher_;
  Mutex mutex_;
  Condition changed_;
  Phase phase_ = Phase::starting;
  unsigned long error_ = 0;
  SERVICE_STATUS_HANDLE handle_ = nullptr;
};

}  // namespace mig
