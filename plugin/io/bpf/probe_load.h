/* What both probes need when they load. Private to this folder. */
#ifndef IO_BPF_PROBE_LOAD_H
#define IO_BPF_PROBE_LOAD_H

#include <bpf/libbpf.h>

#include <errno.h>
#include <stdarg.h>

/* For libbpf_set_print: what libbpf would print goes to the daemon's terminal.
 */
static inline int probe_load_print_nothing(enum libbpf_print_level level,
                                           const char *format,
                                           va_list arguments) {
  (void)level;
  (void)format;
  (void)arguments;
  return 0;
}

/* libbpf says why in errno. */
static inline int probe_load_error(void) {
  return errno != 0 ? -errno : -EINVAL;
}

#endif
