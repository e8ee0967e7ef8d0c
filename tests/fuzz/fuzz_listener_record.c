/* Any bytes as records of the BPF program, beside a listener; then the metrics
 * of what came of it. */
#include "fuzz_target.h"

#include "table/listener_record.h"
#include "table/metrics.h"

#include <stdlib.h>
#include <string.h>

/* Whatever is in the records, a sum of them is not more than its parts. */
static void look(const struct reading *reading) {
  uint64_t aged = reading->aged[TCP_IPV4] + reading->aged[TCP_IPV6];
  fuzz_must(aged <= reading->total[TCP_STATE_SYN_RECV], "aged entries");
  fuzz_must(reading->deferred_aged <= aged, "deferred entries");
  for (size_t i = 0; i < reading->listeners_len; i++)
    fuzz_must(reading->listeners[i].aged <= reading->listeners[i].half_open,
              "a listener's aged entries");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const uint16_t port = 443;
  static const struct tcp_row listener = {.state = TCP_STATE_LISTEN,
                                          .local_port = 443,
                                          .accept_max = 128,
                                          .max_known = true};
  struct metrics_options options = {.listeners = true, .variance_window = 2};
  struct kernel_counters counters = {0};
  const struct metrics_list *list;
  struct reading *reading = reading_create(&port, 1);
  struct metrics *metrics = metrics_create(&options);
  void *records = malloc(size);
  if (records != NULL && size > 0)
    memcpy(records, data, size);
  if (reading_add(reading, &listener) == 0 &&
      listener_record_parse(records, size, reading) == 0) {
    reading_finish(reading);
    look(reading);
    if (metrics_compute(metrics, reading, &counters, 0, &list) == 0)
      for (size_t i = 0; i < list->len; i++)
        fuzz_must(strcmp(list->items[i].type, "percent") != 0 ||
                      !(list->items[i].gauge < 0 || list->items[i].gauge > 100),
                  "a percentage");
  }
  free(records);
  metrics_destroy(metrics);
  reading_destroy(reading);
  return 0;
}
