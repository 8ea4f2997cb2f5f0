// Finds Node's functions in the executable of this process when the addon is loaded. An import library would require
// the name node.exe, but an agent has another name.
#include "platform/stack_guard_win.h"
#include "platform/windows.h"

// All functions that the addon uses: linking fails when one is missing here, loading fails when Node lacks one.
// clang-format off
#define MIG_NODE_SYMBOLS(X) \
  X(EVP_DigestFinal_ex) X(EVP_DigestInit_ex) X(EVP_DigestUpdate) X(EVP_MD_CTX_free) X(EVP_MD_CTX_new) \
  X(EVP_MD_fetch) X(EVP_MD_free) X(inflate) X(inflateEnd) X(inflateInit2_) X(inflateReset) \
  X(napi_add_env_cleanup_hook) X(napi_add_finalizer) X(napi_call_function) X(napi_call_threadsafe_function) \
  X(napi_close_escapable_handle_scope) X(napi_close_handle_scope) X(napi_coerce_to_bool) X(napi_coerce_to_number) \
  X(napi_coerce_to_object) X(napi_coerce_to_string) X(napi_create_array) X(napi_create_array_with_length) \
  X(napi_create_arraybuffer) X(napi_create_async_work) X(napi_create_bigint_uint64) X(napi_create_buffer_copy) \
  X(napi_create_double) X(napi_create_error) X(napi_create_function) X(napi_create_object) X(napi_create_promise) \
  X(napi_create_reference) X(napi_create_string_latin1) X(napi_create_string_utf8) \
  X(napi_create_threadsafe_function) X(napi_create_type_error) X(napi_create_typedarray) X(napi_define_properties) \
  X(napi_delete_async_work) X(napi_delete_reference) X(napi_escape_handle) X(napi_fatal_error) \
  X(napi_get_and_clear_last_exception) X(napi_get_array_length) X(napi_get_arraybuffer_info) X(napi_get_boolean) \
  X(napi_get_cb_info) X(napi_get_element) X(napi_get_last_error_info) X(napi_get_named_property) X(napi_get_null) \
  X(napi_get_property) X(napi_get_reference_value) X(napi_get_typedarray_info) X(napi_get_undefined) \
  X(napi_get_value_bigint_uint64) X(napi_get_value_bool) X(napi_get_value_double) X(napi_get_value_int32) \
  X(napi_get_value_int64) X(napi_get_value_string_utf8) X(napi_get_value_uint32) X(napi_has_property) \
  X(napi_is_array) X(napi_is_buffer) X(napi_is_exception_pending) X(napi_open_escapable_handle_scope) \
  X(napi_open_handle_scope) X(napi_queue_async_work) X(napi_reject_deferred) X(napi_release_threadsafe_function) \
  X(napi_remove_env_cleanup_hook) X(napi_resolve_deferred) X(napi_set_element) X(napi_set_named_property) \
  X(napi_throw) X(napi_typeof) X(napi_unref_threadsafe_function) X(uv_cond_broadcast) X(uv_cond_destroy) \
  X(uv_cond_init) X(uv_cond_signal) X(uv_cond_wait) X(uv_hrtime) X(uv_inet_ntop) X(uv_mutex_destroy) \
  X(uv_mutex_init) X(uv_mutex_lock) X(uv_mutex_unlock) X(uv_sleep) X(uv_thread_create) X(uv_thread_join)
// clang-format on

// Defines a function of that name that jumps to Node's.
#define MIG_DEFINE(name)                        \
  extern "C" {                                  \
  FARPROC mig_node_##name = nullptr;            \
  }                                             \
  __asm__(".text\n.globl " #name "\n" #name ":\n" \
          "  jmpq *mig_node_" #name "(%rip)\n");

MIG_NODE_SYMBOLS(MIG_DEFINE)

namespace {

struct Symbol {
  const char* name;
  FARPROC* target;
};

#define MIG_LIST(name) {#name, &mig_node_##name},
constexpr Symbol kSymbols[] = {MIG_NODE_SYMBOLS(MIG_LIST)};

bool findAll() {
  const HMODULE node = GetModuleHandleW(nullptr);
  for (const Symbol& symbol : kSymbols) {
    *symbol.target = GetProcAddress(node, symbol.name);
    if (*symbol.target == nullptr) return false;
  }
  return true;
}

}  // namespace

// A missing function must be an error now, not a crash later.
extern "C" __attribute__((no_stack_protector)) BOOL WINAPI DllMain(HINSTANCE, DWORD reason, LPVOID) {
  if (reason != DLL_PROCESS_ATTACH) return TRUE;
  mig::chooseStackGuard();
  return findAll();
}
