#include "service/service.h"

namespace mig {

namespace {

// Longer than an agent's shutdown, which lets running modules finish.
constexpr DWORD kStopWaitMs = 40'000;

// The service manager's callback has no context argument.
Service* theService = nullptr;

}  // namespace

unsigned long Service::start(const std::wstring& name, std::function<void()> onStop) {
  name_ = name;
  onStop_ = std::move(onStop);
  theService = this;
  const bool isStarted = dispatcher_.start([this] {
    SERVICE_TABLE_ENTRYW table[] = {{name_.data(), &Service::serviceMain}, {nullptr, nullptr}};
    // Returns when the service has ended, or at once when no service manager started this process.
    if (StartServiceCtrlDispatcherW(table)) return;
    const Lock lock(mutex_);
    error_ = GetLastError();
    phase_ = Phase::failed;
    changed_.wakeAll();
  });
  if (!isStarted) return ERROR_NOT_ENOUGH_MEMORY;
  const Lock lock(mutex_);
  while (phase_ == Phase::starting) changed_.wait(mutex_);
  return error_;
}

void Service::end() {
  {
    const Lock lock(mutex_);
    if (phase_ != Phase::failed) phase_ = Phase::ended;
    changed_.wakeAll();
  }
  dispatcher_.join();
}

void WINAPI Service::serviceMain(DWORD, wchar_t**) { theService->run(); }

void Service::run() {
  handle_ = RegisterServiceCtrlHandlerExW(name_.c_str(), &Service::control, this);
  const unsigned long error = handle_ == nullptr ? GetLastError() : 0;
  if (error == 0) report(SERVICE_RUNNING, 0);
  {
    const Lock lock(mutex_);
    error_ = error;
    phase_ = error == 0 ? Phase::running : Phase::failed;
    changed_.wakeAll();
    while (phase_ == Phase::running || phase_ == Phase::stopping) changed_.wait(mutex_);
  }
  if (error == 0) report(SERVICE_STOPPED, 0);
}

void Service::report(DWORD state, DWORD waitHintMs) {
  SERVICE_STATUS status{};
  status.dwServiceType = SERVICE_WIN32_OWN_PROCESS;
  status.dwCurrentState = state;
  status.dwControlsAccepted = state == SERVICE_RUNNING ? SERVICE_ACCEPT_STOP | SERVICE_ACCEPT_SHUTDOWN : 0;
  status.dwWaitHint = waitHintMs;
  SetServiceStatus(handle_, &status);
}

void Service::askToStop() {
  {
    const Lock lock(mutex_);
    if (phase_ != Phase::running) return;
    phase_ = Phase::stopping;
  }
  report(SERVICE_STOP_PENDING, kStopWaitMs);
  onStop_();
}

DWORD WINAPI Service::control(DWORD what, DWORD, void*, void* context) {
  switch (what) {
    case SERVICE_CONTROL_STOP:
    case SERVICE_CONTROL_SHUTDOWN:
      static_cast<Service*>(context)->askToStop();
      return NO_ERROR;
    case SERVICE_CONTROL_INTERROGATE:
      return NO_ERROR;
    default:
      return ERROR_CALL_NOT_IMPLEMENTED;
  }
}

}  // namespace mig
