/* Files below /proc: opened, read piece by piece, handed to the parsers. May
 * use system calls and the room table. Source: proc(5), tcp(7), and
 * fs/seq_file.c for the size of the pieces. */
#define _POSIX_C_SOURCE 200809L
#include "proc_source.h"

#include "table/proc_table.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
  PATH_LEN = 4096,
  PIECE_LEN = 32 * 1024, /* of a table; on the stack */
  SMALL_MAX = 32 * 1024, /* snmp, netstat, ... whole; theirs are below 8 KiB */
  LOST_SHIFT = 16,       /* above every errno */
};

/* ROOT/name. Returns 0 or -ENAMETOOLONG. */
static int join(const char *root, const char *name, char path[PATH_LEN]) {
  int length = snprintf(path, PATH_LEN, "%s/%s", root, name);
  return length < 0 || length >= PATH_LEN ? -ENAMETOOLONG : 0;
}

/* Returns 0 and *fd, or -errno. */
static int open_below(const char *root, const char *name, int *fd) {
  char path[PATH_LEN];
  int rc = join(root, name, path);
  if (rc != 0)
    return rc;
  int opened = open(path, O_RDONLY | O_CLOEXEC);
  if (opened < 0)
    return -errno;
  *fd = opened;
  return 0;
}

static ssize_t read_piece(int fd, char *buffer, size_t size) {
  ssize_t length;
  do
    length = read(fd, buffer, size);
  while (length < 0 && errno == EINTR);
  return length < 0 ? -errno : length;
}

/* The parser gets the rows piece by piece: no file is too large for memory, and
 * the first line that is not one of the table's ends it. */
static int read_table(const char *root, const char *name,
                      enum tcp_family family, struct reading *reading) {
  int fd = -1;
  int rc = open_below(root, name, &fd);
  if (rc != 0)
    return rc;
  struct proc_table table;
  proc_table_init(&table, family, reading);
  char piece[PIECE_LEN];
  ssize_t length;
  while ((length = read_piece(fd, piece, sizeof(piece))) > 0) {
    rc = proc_table_feed(&table, piece, (size_t)length);
    if (rc != 0)
      goto out;
  }
  rc = length < 0 ? (int)length : proc_table_end(&table);
out:
  close(fd);
  return rc;
}

static ssize_t read_piece_at(int fd, char *buffer, size_t size, size_t at) {
  ssize_t length;
  do
    length = pread(fd, buffer, size, (off_t)at);
  while (length < 0 && errno == EINTR);
  return length < 0 ? -errno : length;
}

/* A file of at most SMALL_MAX bytes, from its first byte: the kernel writes its
 * text anew. It shows such a file in one piece, so one that ends a line is all.
 * Returns 0 and *length, or -errno: -EFBIG for a larger file. */
static int read_all(int fd, char *text, size_t *length) {
  size_t have = 0;
  ssize_t piece;
  do {
    piece = read_piece_at(fd, text + have, SMALL_MAX + 1 - have, have);
    if (piece < 0)
      return (int)piece;
    have += (size_t)piece;
  } while (piece > 0 && have <= SMALL_MAX && text[have - 1] != '\n');
  if (have > SMALL_MAX)
    return -EFBIG;
  *length = have;
  return 0;
}

static void close_one(int *fd) {
  if (*fd >= 0)
    close(*fd);
  *fd = -1;
}

/* *fd: the file, if it is open already; it stays open unless reading fails. */
static int read_small(const char *root, const char *name, int *fd, char *text,
                      size_t *length) {
  int rc = *fd >= 0 ? 0 : open_below(root, name, fd);
  if (rc != 0)
    return rc;
  rc = read_all(*fd, text, length);
  if (rc != 0)
    close_one(fd);
  return rc;
}

static int fail(int rc, const char *root, const char *name, char *failed) {
  snprintf(failed, PROC_SOURCE_FAILED_LEN, "%s/%s", root, name);
  return rc;
}

int proc_source_read_tables(const char *root, struct reading *reading,
                            char *failed) {
  int rc = read_table(root, "net/tcp", TCP_IPV4, reading);
  if (rc != 0)
    return fail(rc, root, "net/tcp", failed);
  rc = read_table(root, "net/tcp6", TCP_IPV6, reading);
  if (rc != 0 && rc != -ENOENT)
    return fail(rc, root, "net/tcp6", failed);
  reading_finish(reading);
  reading->by_family = true;
  return 0;
}

typedef int parse_file(const char *text, size_t text_len,
                       struct kernel_counters *counters);

struct counter_file {
  const char *name;
  bool required;     /* else what cannot be opened stays unknown */
  parse_file *parse; /* NULL: a sysctl, of ... */
  enum kernel_counter counter;
};

static const struct counter_file counter_files[] = {
    {"net/snmp", true, kernel_counters_parse_snmp, 0},
    {"net/netstat", false, kernel_counters_parse_netstat, 0},
    {"net/sockstat", false, kernel_counters_parse_sockstat, 0},
    {"sys/net/ipv4/tcp_max_tw_buckets", false, NULL, COUNTER_MAX_TW_BUCKETS},
    {"sys/net/ipv4/tcp_max_syn_backlog", false, NULL, COUNTER_MAX_SYN_BACKLOG},
    {"sys/net/ipv4/tcp_syncookies", false, NULL, COUNTER_SYNCOOKIES_MODE},
    {"sys/net/ipv4/tcp_synack_retries", false, NULL, COUNTER_SYNACK_RETRIES},
};

enum { COUNTER_FILES = sizeof(counter_files) / sizeof(counter_files[0]) };

_Static_assert((int)COUNTER_FILES == (int)PROC_SOURCE_FILES,
               "there is a descriptor for each file");

static int parse_counter_file(int rc, const struct counter_file *file,
                              const char *text, size_t length,
                              struct kernel_counters *counters) {
  if (!file->required && (rc == -ENOENT || rc == -EACCES || rc == -EPERM))
    return 0;
  if (rc != 0)
    return rc;
  if (file->parse != NULL)
    return file->parse(text, length, counters);
  return kernel_counters_parse_sysctl(text, length, file->counter, counters);
}

/* kept: as *fd of read_small; NULL: the file is closed again. */
static int read_counter_file(const char *root, const struct counter_file *file,
                             int *kept, struct kernel_counters *counters) {
  char text[SMALL_MAX + 1];
  size_t length = 0;
  int once = -1;
  int rc =
      read_small(root, file->name, kept != NULL ? kept : &once, text, &length);
  close_one(&once);
  return parse_counter_file(rc, file, text, length, counters);
}

/* Only whole names: the first always fits as far as there is room. */
static void list_failed(const char *root, const char *name, char *failed) {
  size_t used = strlen(failed), room = PROC_SOURCE_FAILED_LEN - used;
  int length = snprintf(failed + used, room, "%s%s/%s", used > 0 ? ", " : "",
                        root, name);
  if (used > 0 && (length < 0 || (size_t)length >= room))
    failed[used] = '\0';
}

/* The first failure is the one that is returned, all of them are listed. */
static void note_failed(int rc, const char *root, size_t i, int *first,
                        unsigned *lost, char *failed) {
  if (rc == 0)
    return;
  list_failed(root, counter_files[i].name, failed);
  *first = *first == 0 ? rc : *first;
  *lost |= 1u << (LOST_SHIFT + i);
}

void proc_files_init(struct proc_files *files) {
  for (int i = 0; i < PROC_SOURCE_FILES; i++)
    files->fd[i] = -1;
}

void proc_files_close(struct proc_files *files) {
  for (int i = 0; i < PROC_SOURCE_FILES; i++)
    close_one(&files->fd[i]);
}

int proc_source_read_counters(const char *root, struct proc_files *kept,
                              struct kernel_counters *counters, unsigned *lost,
                              char *failed) {
  int first = 0;
  *counters = (struct kernel_counters){0};
  *lost = 0;
  failed[0] = '\0';
  for (size_t i = 0; i < COUNTER_FILES; i++)
    note_failed(read_counter_file(root, &counter_files[i],
                                  kept != NULL ? &kept->fd[i] : NULL, counters),
                root, i, &first, lost, failed);
  *lost |= (unsigned)-first;
  return first;
}

/* snmp comes first: it shows whether netstat can have changed, and whether a
 * socket can have come to sockstat's TIME_WAIT. */
enum { SNMP_FILE = 0, NETSTAT_FILE = 1 };

static bool is_as_it_was(const struct table_descriptors *kept, size_t file) {
  return file == NETSTAT_FILE || (kept->last.known[COUNTER_TIMEWAIT] &&
                                  kept->last.value[COUNTER_TIMEWAIT] == 0);
}

static bool is_idle(struct table_descriptors *kept, const char *text,
                    size_t length) {
  uint64_t activity = kernel_counters_activity(text, length);
  bool idle = kept->has_last && activity == kept->activity;
  kept->activity = activity;
  return idle;
}

int proc_source_read_kept(struct table_descriptors *kept,
                          struct kernel_counters *counters, unsigned *lost,
                          char *failed) {
  char text[SMALL_MAX + 1];
  int first = 0;
  bool idle = false;
  *counters = kept->limits;
  *lost = 0;
  failed[0] = '\0';
  for (size_t i = 0; i < TABLE_FILES; i++) {
    const struct counter_file *file = &counter_files[i];
    size_t length = 0;
    if (i != SNMP_FILE && idle && is_as_it_was(kept, i))
      continue;
    int rc =
        kept->file[i] < 0 ? -ENOENT : read_all(kept->file[i], text, &length);
    if (i == SNMP_FILE && rc == 0)
      idle = is_idle(kept, text, length);
    if (i == SNMP_FILE && idle)
      *counters = kept->last;
    else
      rc = parse_counter_file(rc, file, text, length, counters);
    note_failed(rc, "/proc", i, &first, lost, failed);
  }
  *lost |= (unsigned)-first;
  kept->last = *counters;
  kept->has_last = first == 0;
  return first;
}

/* /proc/net is the process' own: only thread-self follows the thread. */
void proc_source_open_kept(struct table_descriptors *kept) {
  kept->limits = (struct kernel_counters){0};
  kept->has_last = false;
  for (size_t i = 0; i < COUNTER_FILES; i++) {
    if (i >= TABLE_FILES)
      read_counter_file("/proc", &counter_files[i], NULL, &kept->limits);
    else if (open_below("/proc/thread-self", counter_files[i].name,
                        &kept->file[i]) != 0)
      kept->file[i] = -1;
  }
}
