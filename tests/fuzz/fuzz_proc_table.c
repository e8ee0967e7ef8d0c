/* Any bytes as /proc/net/tcp or tcp6, in pieces of any size: the first byte is
 * the family, the second the size. One piece and many must agree. */
#include "fuzz_target.h"

#include "table/proc_table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int parse(struct reading *reading, enum tcp_family family,
                 const char *text, size_t len, size_t piece) {
  struct proc_table table;
  reading_clear(reading);
  proc_table_init(&table, family, reading);
  for (size_t at = 0; at < len; at += piece) {
    int rc =
        proc_table_feed(&table, text + at, len - at < piece ? len - at : piece);
    if (rc != 0)
      return rc;
  }
  reading_finish(reading);
  return proc_table_end(&table);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const uint16_t ports[] = {22, 443};
  if (size < 2)
    return 0;
  enum tcp_family family = data[0] % 2 ? TCP_IPV6 : TCP_IPV4;
  const char *text = (const char *)data + 2;
  size_t len = size - 2;
  struct reading *whole = reading_create(ports, 2);
  struct reading *pieces = reading_create(ports, 2);
  int rc = parse(whole, family, text, len, len + 1);
  if (rc != parse(pieces, family, text, len, data[1] + 1U))
    abort();
  if (rc == 0 && memcmp(whole->total, pieces->total, sizeof(whole->total)) != 0)
    abort();
  reading_destroy(whole);
  reading_destroy(pieces);
  return 0;
}
