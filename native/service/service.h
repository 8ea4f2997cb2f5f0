// This process as a Windows service: reports its start and end to the service manager and receives the request to stop.
#pragma once

#include <functional>
#include <string>

#include "platform/windows.h"
#include "thread/thread.h"

namespace mig {

// At most one service per process, for good. The service manager restarts a process that ends without reporting it.
class Service {
 public:
  // Waits until the service manager knows that the service runs. Returns 0 or a GetLastError() code. `onStop` is called
  // once, on another thread.
  unsigned long start(const std::wstring& name, std::function<void()> onStop);
  // Reports the service's end, so that the service manager does not take it for a crash.
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
