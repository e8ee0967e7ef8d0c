/* See half_open.h. May use what listener_probe.c may. */
#include "half_open.h"

#include <errno.h>

enum { SHORTAGE_PAUSE = 60 }; /* readings; the next load takes 40 ms */

static void give_up(struct half_open *half_open, int error) {
  half_open->error = error;
  half_open->pause = listener_probe_is_shortage(error) ? SHORTAGE_PAUSE : 0;
  half_open_end(half_open);
}

static void load(struct half_open *half_open) {
  half_open->failed = "";
  half_open->syns_sum = 0;
  half_open->error = listener_probe_create(
      half_open->wants_syns, &half_open->probe, &half_open->failed);
  if (half_open->error != 0)
    give_up(half_open, half_open->error);
}

void half_open_begin(struct half_open *half_open, bool count_syns) {
  half_open->wants_syns = count_syns;
  load(half_open);
}

void half_open_end(struct half_open *half_open) {
  listener_probe_destroy(half_open->probe);
  half_open->probe = NULL;
}

void half_open_resume(struct half_open *half_open) {
  if (half_open->pause > 0 && --half_open->pause == 0)
    load(half_open);
}

bool half_open_counts(const struct half_open *half_open) {
  return half_open->probe != NULL && probe_trust_holds(&half_open->trust);
}

bool half_open_may_count(const struct half_open *half_open) {
  return half_open_counts(half_open) || half_open->pause > 0;
}

int half_open_syns_error(const struct half_open *half_open) {
  if (!half_open->wants_syns || half_open->probe == NULL)
    return half_open->wants_syns ? half_open->error : 0;
  return listener_probe_syns_error(half_open->probe);
}

static size_t listeners_of(const struct reading *reading) {
  return (size_t)(reading->count[TCP_IPV4][TCP_STATE_LISTEN] +
                  reading->count[TCP_IPV6][TCP_STATE_LISTEN]);
}

/* The count of a socket goes with it: what it received last is lost then. */
static void add_syns(struct half_open *half_open,
                     const struct listener_record *records, size_t len,
                     struct reading *reading) {
  uint64_t sum = 0;
  if (!half_open->wants_syns || half_open_syns_error(half_open) != 0)
    return;
  for (size_t i = 0; i < len; i++)
    sum += records[i].syns;
  if (sum > half_open->syns_sum)
    half_open->syns_total += sum - half_open->syns_sum;
  half_open->syns_sum = sum;
  reading->syns = half_open->syns_total;
  reading->syns_known = true;
  listener_record_add_syns(records, len, reading);
}

static bool look(struct half_open *half_open, struct reading *reading,
                 const struct listener_record **records, size_t *len) {
  if (half_open->probe == NULL)
    return false;
  int rc = listener_probe_read(half_open->probe, listeners_of(reading), records,
                               len, &half_open->failed);
  if (rc != 0)
    give_up(half_open, rc);
  else
    add_syns(half_open, *records, *len, reading);
  return rc == 0;
}

bool half_open_add(struct half_open *half_open, struct reading *reading) {
  const struct listener_record *records;
  size_t len;
  if (!look(half_open, reading, &records, &len))
    return false;
  int rc = listener_record_parse(records, len * sizeof(*records), reading);
  if (rc != 0) {
    half_open->failed = "records";
    give_up(half_open, rc);
  }
  return rc == 0;
}

bool half_open_sum(struct half_open *half_open, struct reading *reading,
                   uint64_t *sum) {
  const struct listener_record *records;
  size_t len;
  if (!look(half_open, reading, &records, &len))
    return false;
  *sum = 0;
  for (size_t i = 0; i < len; i++)
    *sum += records[i].half_open;
  return true;
}

void half_open_verify(struct half_open *half_open, uint64_t before,
                      uint64_t after, uint64_t walked) {
  probe_trust_verify(&half_open->trust, before, after, walked);
  if (half_open->trust.lost)
    half_open_end(half_open);
}
