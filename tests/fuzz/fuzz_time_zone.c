/* Any bytes as a TZif file. Whatever is accepted has a sound offset at any
 * time, and the same one when it is asked again. */
#include "fuzz_target.h"

#include "io/time_zone.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const int64_t at_s[] = {INT64_MIN,
                                 INT64_MIN + 1,
                                 -4000000000000000,
                                 -2500000000,
                                 -1,
                                 0,
                                 1,
                                 951782400,
                                 1700000000,
                                 1720000000,
                                 4102444800,
                                 32503680000,
                                 4000000000000000,
                                 INT64_MAX};
  struct time_zone *zone = NULL;

  if (time_zone_parse((const char *)data, size, &zone) != 0) {
    fuzz_must(!zone, "what is refused leaves nothing");
    return 0;
  }
  for (size_t i = 0; i < sizeof(at_s) / sizeof(*at_s); i++) {
    int32_t offset_s = time_zone_offset_at(zone, at_s[i]);
    fuzz_must(offset_s >= -90000 && offset_s <= 90000, "a sound offset");
    fuzz_must(offset_s == time_zone_offset_at(zone, at_s[i]), "the same again");
  }
  time_zone_destroy(zone);
  return 0;
}
