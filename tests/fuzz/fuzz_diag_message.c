/* Any bytes as a datagram of inet_diag, of the sequence its first message
 * claims. Then the metrics of what came of it. */
#include "fuzz_target.h"

#include "table/diag_message.h"
#include "table/metrics.h"

#include <stdlib.h>
#include <string.h>

/* On the heap, aligned, and not a byte longer: a read too far is seen. */
static void parse(const uint8_t *data, size_t size, uint32_t sequence,
                  bool ports_only, struct reading *reading) {
  enum diag_progress progress;
  void *datagram = malloc(size);
  if (datagram == NULL)
    return;
  memcpy(datagram, data, size);
  diag_message_parse(datagram, size, sequence, ports_only, reading, &progress);
  free(datagram);
}

/* The same bytes as an answer about sockets that hold. */
static void look(const uint8_t *data, size_t size, uint32_t sequence,
                 struct metrics *metrics) {
  enum diag_progress progress;
  struct holders holders;
  struct held held = {.suspected = true};
  struct held_values values = {.beyond = 0};
  void *datagram = malloc(size);
  if (holders_init(&holders) != 0 || datagram == NULL)
    abort();
  holders_clear(&holders, true);
  memcpy(datagram, data, size);
  diag_message_parse_holders(datagram, size, sequence, &holders, &progress);
  holders_finish(&holders);
  held_looked(&held, 1, &holders);
  held_values_take(&values, &holders);
  metrics_note_held(metrics, &values);
  for (int i = 0; i < HOLDER_KINDS; i++)
    if (holders.kind[i] > holders.sockets)
      abort();
  free(datagram);
  holders_release(&holders);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const uint16_t port = 443;
  struct metrics_options options = {.listeners = true, .variance_window = 2};
  struct kernel_counters counters = {0};
  const struct metrics_list *list;
  uint32_t sequence = 0;
  if (size >= 12)
    memcpy(&sequence, data + 8, sizeof(sequence));
  struct reading *reading = reading_create(&port, 1);
  struct metrics *metrics = metrics_create(&options);
  parse(data, size, sequence, true, reading);
  parse(data, size, sequence, false, reading);
  reading_finish(reading);
  look(data, size, sequence, metrics);
  if (metrics_compute(metrics, reading, &counters, 0, &list) == 0)
    for (size_t i = 0; i < list->len; i++)
      if (strcmp(list->items[i].type, "percent") == 0 &&
          (list->items[i].gauge < 0 || list->items[i].gauge > 100))
        abort();
  metrics_destroy(metrics);
  reading_destroy(reading);
  return 0;
}
