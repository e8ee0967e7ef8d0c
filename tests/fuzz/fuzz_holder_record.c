/* Any bytes as records of the BPF program that looks at established sockets,
 * with tcp_info and without; then the metrics of what came of it. */
#include "fuzz_target.h"

#include "table/holder_record.h"
#include "table/metrics.h"

#include <stdlib.h>
#include <string.h>

/* A socket is counted once, whatever it does. */
static void look(const void *records, size_t size, bool asked,
                 struct metrics *metrics) {
  static const struct tcp_row listener = {.state = TCP_STATE_LISTEN,
                                          .local_port = 443,
                                          .accept_max = 128,
                                          .max_known = true};
  struct holders holders;
  struct held held = {.suspected = true};
  struct held_values values = {.beyond = 0};
  fuzz_must(holders_init(&holders) == 0, "memory");
  holders_clear(&holders, asked);
  fuzz_must(holders_add(&holders, &listener, NULL) == 0, "a listener");
  bool good = holder_record_parse(records, size, &holders) == 0;
  fuzz_must(
      holders.sockets <= size / sizeof(struct holder_record) &&
          (!good || holders.sockets == size / sizeof(struct holder_record)),
      "each record is a socket");
  for (int i = 0; i < HOLDER_KINDS; i++)
    fuzz_must(holders.kind[i] <= holders.sockets &&
                  (asked || i == HOLDER_ZERO_WINDOW || holders.kind[i] == 0),
              "a kind");
  holders_finish(&holders);
  held_looked(&held, 1, &holders);
  held_values_take(&values, &holders);
  metrics_note_held(metrics, &values);
  holders_release(&holders);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct metrics_options options = {.variance_window = 2};
  struct kernel_counters counters = {0};
  const struct metrics_list *list;
  struct reading *reading = reading_create(NULL, 0);
  struct metrics *metrics = metrics_create(&options);
  void *records = malloc(size); /* not a byte longer: a read too far is seen */
  if (records != NULL && size > 0)
    memcpy(records, data, size);
  look(records, size, false, metrics);
  look(records, size, true, metrics);
  reading_finish(reading);
  if (metrics_compute(metrics, reading, &counters, 0, &list) == 0)
    for (size_t i = 0; i < list->len; i++)
      fuzz_must(strcmp(list->items[i].type, "percent") != 0 ||
                    !(list->items[i].gauge < 0 || list->items[i].gauge > 100),
                "a percentage");
  free(records);
  metrics_destroy(metrics);
  reading_destroy(reading);
  return 0;
}
