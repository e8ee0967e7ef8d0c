/* A time zone, read from the system's tzdata without the C library's TZ, which
 * is one for all threads. A zone is never changed once it is loaded: any number
 * of threads may ask it at once. */
#ifndef IO_TIME_ZONE_H
#define IO_TIME_ZONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
  TIME_ZONE_NAME_MAX = 64,      /* of an IANA name, with its terminator */
  TIME_ZONE_FILE_MAX = 1 << 16, /* the largest of tzdata has 4 KiB */
  TIME_ZONE_CHANGES_MAX = 2000, /* of its offset in one file */
};

struct time_zone;

/* name: an IANA name such as "Europe/Berlin"; NULL for the zone of this
 * process: the variable TZ, else /etc/localtime, else UTC. "UTC" needs no file.
 * Returns 0 and *out; -EINVAL for what is no such name or, read from TZ, no
 * rule; -ENOENT if tzdata does not have it; -EBADMSG if the file is none of
 * tzdata's; -EFBIG, -ENOMEM, or what open and read report. */
int time_zone_load(const char *name, struct time_zone **out);
void time_zone_destroy(struct time_zone *zone);

/* The IANA name of the zone of this process: of the variable TZ, else where
 * /etc/localtime leads, else UTC. name: TIME_ZONE_NAME_MAX bytes. Returns
 * false, and an empty name, where there is none: a rule, a copied file. */
bool time_zone_name(char *name);

/* Seconds to add to UTC for local time: east of Greenwich is above 0.
 * time_s: seconds since 1970; any value. The result is within a day and an
 * hour. */
int32_t time_zone_offset_at(const struct time_zone *zone, int64_t time_s);

/* The bytes of a TZif file (RFC 9636). Returns 0 and *out, -EBADMSG for what is
 * none or counts leap seconds, or -ENOMEM. */
int time_zone_parse(const char *bytes, size_t len, struct time_zone **out);

#endif
