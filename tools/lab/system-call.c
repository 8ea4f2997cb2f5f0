// One system call, as code of an intruder makes it: `call(number, ...)` for JavaScript. Strings are not needed.
#define _GNU_SOURCE
#include <errno.h>
#include <node_api.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static char buffer[64];
static struct iovec piece = {buffer, 8};

// -1 stands for the address of bytes of ours, -2 for a list with one piece of them.
static long to_value(long given) {
  if (given == -1) return (long)buffer;
  return given == -2 ? (long)&piece : given;
}

static napi_value call(napi_env env, napi_callback_info info) {
  napi_value given[7];
  size_t count = 7;
  long values[7] = {0};
  napi_get_cb_info(env, info, &count, given, NULL, NULL);
  for (size_t index = 0; index < count && index < 7; index += 1) {
    int64_t value = 0;
    napi_get_value_int64(env, given[index], &value);
    values[index] = index == 0 ? (long)value : to_value((long)value);
  }
  const long result = syscall(values[0], values[1], values[2], values[3], values[4], values[5], values[6]);
  napi_value returned;
  napi_create_int64(env, result < 0 ? -errno : result, &returned);
  return returned;
}

NAPI_MODULE_INIT() {
  napi_value function;
  napi_create_function(env, "call", NAPI_AUTO_LENGTH, call, NULL, &function);
  napi_set_named_property(env, exports, "call", function);
  return exports;
}
