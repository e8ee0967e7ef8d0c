/* TZif files: RFC 9636, tzfile(5). Reads a file; asks the environment for TZ
 * and changes nothing in it. */
#include "io/time_zone.h"

#include "zone_rule.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ZONES_FOLDER "/usr/share/zoneinfo"
#define LOCAL_ZONE "/etc/localtime"

enum {
  HEAD_BYTES = 44,
  TYPES_MAX = 256,
  TYPE_BYTES = 6,
  LINK_MAX_BYTES = 1024,
  OFFSET_MAX_S = 90000, /* RFC 9636: 25 h are enough for all */
};

static const int64_t time_max_s = 1000000000000000;

struct change {
  int64_t at_s;
  int32_t offset_s; /* from then on */
};

struct time_zone {
  int32_t first_s; /* before the first change */
  bool has_rule;   /* from the last change on */
  struct zone_rule rule;
  size_t changes_len;
  struct change changes[]; /* ascending */
};

/* One of the file's blocks: counts of its head, and where its parts lie. */
struct block {
  size_t ut_len, std_len, leap_len, times_len, types_len, chars_len;
  size_t time_bytes; /* 4 in version 1 and in the first block */
  const char *times, *indices, *types, *end;
};

static uint64_t big_endian(const char *bytes, size_t len) {
  uint64_t number = 0;

  for (size_t i = 0; i < len; i++)
    number = number << 8 | (unsigned char)bytes[i];
  return number;
}

static int64_t signed_at(const char *bytes, size_t len) {
  uint64_t number = big_endian(bytes, len);

  return len == 4 ? (int32_t)(uint32_t)number : (int64_t)number;
}

static bool counts_fit(const struct block *block) {
  return block->times_len <= TIME_ZONE_CHANGES_MAX && block->types_len > 0 &&
         block->types_len <= TYPES_MAX &&
         block->chars_len <= TIME_ZONE_FILE_MAX &&
         block->leap_len <= TIME_ZONE_FILE_MAX &&
         block->std_len <= block->types_len &&
         block->ut_len <= block->types_len;
}

/* bytes: at its head. */
static bool read_block(const char *bytes, size_t len, size_t time_bytes,
                       struct block *block) {
  if (len < HEAD_BYTES || memcmp(bytes, "TZif", 4) != 0)
    return false;
  block->ut_len = (size_t)big_endian(bytes + 20, 4);
  block->std_len = (size_t)big_endian(bytes + 24, 4);
  block->leap_len = (size_t)big_endian(bytes + 28, 4);
  block->times_len = (size_t)big_endian(bytes + 32, 4);
  block->types_len = (size_t)big_endian(bytes + 36, 4);
  block->chars_len = (size_t)big_endian(bytes + 40, 4);
  block->time_bytes = time_bytes;
  if (!counts_fit(block))
    return false;
  size_t size = block->times_len * (time_bytes + 1) +
                block->types_len * TYPE_BYTES + block->chars_len +
                block->leap_len * (time_bytes + 4) + block->std_len +
                block->ut_len;
  if (size > len - HEAD_BYTES)
    return false;
  block->times = bytes + HEAD_BYTES;
  block->indices = block->times + block->times_len * time_bytes;
  block->types = block->indices + block->times_len;
  block->end = block->times + size;
  return true;
}

static bool offset_of_type(const struct block *block, size_t type,
                           int32_t *out) {
  if (type >= block->types_len)
    return false;
  int64_t offset_s = signed_at(block->types + type * TYPE_BYTES, 4);
  if (offset_s < -OFFSET_MAX_S || offset_s > OFFSET_MAX_S)
    return false;
  *out = (int32_t)offset_s;
  return true;
}

static bool read_changes(const struct block *block, struct time_zone *zone) {
  if (!offset_of_type(block, 0, &zone->first_s))
    return false;
  for (size_t i = 0; i < block->times_len; i++) {
    struct change *change = &zone->changes[i];
    change->at_s =
        signed_at(block->times + i * block->time_bytes, block->time_bytes);
    if (i > 0 && change->at_s <= zone->changes[i - 1].at_s)
      return false;
    if (!offset_of_type(block, (unsigned char)block->indices[i],
                        &change->offset_s))
      return false;
  }
  zone->changes_len = block->times_len;
  return true;
}

/* "\nRULE\n"; an empty rule says nothing. */
static bool read_footer(const char *at, const char *end,
                        struct time_zone *zone) {
  if (at == end || *at++ != '\n')
    return false;
  const char *stop = memchr(at, '\n', (size_t)(end - at));
  if (!stop)
    return false;
  zone->has_rule = stop > at;
  return stop == at || zone_rule_parse(at, (size_t)(stop - at), &zone->rule);
}

static struct time_zone *create_zone(size_t changes_len) {
  return calloc(1,
                sizeof(struct time_zone) + changes_len * sizeof(struct change));
}

int time_zone_parse(const char *bytes, size_t len, struct time_zone **out) {
  struct block block;

  if (!read_block(bytes, len, 4, &block))
    return -EBADMSG;
  bool has_footer = bytes[4] >= '2';
  if (has_footer &&
      !read_block(block.end, len - (size_t)(block.end - bytes), 8, &block))
    return -EBADMSG;
  if (block.leap_len > 0)
    return -EBADMSG;
  struct time_zone *zone = create_zone(block.times_len);
  if (!zone)
    return -ENOMEM;
  if (!read_changes(&block, zone) ||
      (has_footer && !read_footer(block.end, bytes + len, zone))) {
    time_zone_destroy(zone);
    return -EBADMSG;
  }
  *out = zone;
  return 0;
}

/* From a rule, without a file. */
static int load_rule(const char *text, struct time_zone **out) {
  struct zone_rule rule;

  if (!zone_rule_parse(text, strlen(text), &rule))
    return -EINVAL;
  struct time_zone *zone = create_zone(0);
  if (!zone)
    return -ENOMEM;
  zone->has_rule = true;
  zone->rule = rule;
  *out = zone;
  return 0;
}

static int read_file(int fd, char *bytes, size_t *len) {
  struct stat is;

  if (fstat(fd, &is) != 0)
    return -errno;
  if (!S_ISREG(is.st_mode))
    return -EBADMSG;
  *len = 0;
  while (*len <= TIME_ZONE_FILE_MAX) {
    ssize_t got = read(fd, bytes + *len, TIME_ZONE_FILE_MAX + 1 - *len);
    if (got < 0 && errno != EINTR)
      return -errno;
    if (got == 0)
      return 0;
    if (got > 0)
      *len += (size_t)got;
  }
  return -EFBIG;
}

static int load_file(const char *path, struct time_zone **out) {
  size_t len = 0;
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

  if (fd < 0)
    return -errno;
  char *bytes = malloc(TIME_ZONE_FILE_MAX + 1);
  int rc = bytes ? read_file(fd, bytes, &len) : -ENOMEM;
  if (rc == 0)
    rc = time_zone_parse(bytes, len, out);
  free(bytes);
  close(fd);
  return rc;
}

/* No way out of the folder, no hidden file. */
static bool is_name(const char *name) {
  size_t len = strlen(name);

  if (len == 0 || len >= TIME_ZONE_NAME_MAX || name[0] == '/' ||
      strchr(name, '.') || strstr(name, "//"))
    return false;
  return strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                      "0123456789_+-/") == len;
}

static int load_name(const char *name, struct time_zone **out) {
  char path[sizeof(ZONES_FOLDER) + TIME_ZONE_NAME_MAX + 1];

  if (!is_name(name))
    return -EINVAL;
  snprintf(path, sizeof(path), "%s/%s", ZONES_FOLDER, name);
  int rc = load_file(path, out);
  return rc == -ENOENT && strcmp(name, "UTC") == 0 ? load_rule("UTC0", out)
                                                   : rc;
}

/* As tzset(3) reads it: ":NAME", a path, a name, or a rule. */
static int load_variable(const char *value, struct time_zone **out) {
  if (value[0] == ':')
    value++;
  if (value[0] == '\0')
    return load_rule("UTC0", out);
  if (value[0] == '/')
    return load_file(value, out);
  int rc = load_name(value, out);
  return rc == -EINVAL || rc == -ENOENT ? load_rule(value, out) : rc;
}

int time_zone_load(const char *name, struct time_zone **out) {
  const char *variable = getenv("TZ");

  if (name)
    return load_name(name, out);
  if (variable)
    return load_variable(variable, out);
  int rc = load_file(LOCAL_ZONE, out);
  return rc == -ENOENT ? load_rule("UTC0", out) : rc;
}

void time_zone_destroy(struct time_zone *zone) { free(zone); }

/* ".../zoneinfo/Europe/Berlin" -> "Europe/Berlin"; the folders of the same
 * zones with and without leap seconds are no part of it. */
static const char *name_in_path(const char *path) {
  static const char folder[] = "/zoneinfo/";
  const char *name = strstr(path, folder);

  if (!name)
    return "";
  name += sizeof(folder) - 1;
  if (strncmp(name, "posix/", 6) == 0 || strncmp(name, "right/", 6) == 0)
    name += 6;
  return name;
}

/* path: LINK_MAX_BYTES. Returns where the link leads, "" if it is
 * none; a system without the file is on UTC. */
static const char *read_link(char *path) {
  ssize_t len = readlink(LOCAL_ZONE, path, LINK_MAX_BYTES - 1);

  if (len < 0)
    return errno == ENOENT ? "/zoneinfo/UTC" : "";
  path[len] = '\0';
  return path;
}

bool time_zone_name(char *name) {
  const char *found = getenv("TZ");
  char path[LINK_MAX_BYTES];

  if (!found)
    found = name_in_path(read_link(path));
  else if (found[found[0] == ':'] == '\0')
    found = "UTC";
  else if (found[found[0] == ':'] == '/')
    found = name_in_path(found);
  else
    found += found[0] == ':';
  bool is_one = is_name(found);
  snprintf(name, TIME_ZONE_NAME_MAX, "%s", is_one ? found : "");
  return is_one;
}

/* The changes up to time_s. */
static size_t changes_until(const struct time_zone *zone, int64_t time_s) {
  size_t low = 0, high = zone->changes_len;

  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (zone->changes[middle].at_s <= time_s)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

int32_t time_zone_offset_at(const struct time_zone *zone, int64_t time_s) {
  size_t passed = changes_until(zone, time_s);

  if (passed == zone->changes_len && zone->has_rule) {
    int64_t within_s = time_s > time_max_s    ? time_max_s
                       : time_s < -time_max_s ? -time_max_s
                                              : time_s;
    return zone_rule_offset_at(&zone->rule, within_s);
  }
  return passed > 0 ? zone->changes[passed - 1].offset_s : zone->first_s;
}
