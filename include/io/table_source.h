/* Where the readings come from: netlink, /proc, or netlink with /proc as a
 * fallback; with netlink, half-open entries by a BPF program. Opens, reads,
 * retries once, falls back; says what happened and logs nothing. */
#ifndef IO_TABLE_SOURCE_H
#define IO_TABLE_SOURCE_H

#include "table/held.h"
#include "table/kernel_counters.h"
#include "table/peaks.h"
#include "table/reading.h"
#include "table/space_record.h"

/* What another network namespace is read through: opened by a thread that was
 * in it, and bound to it from then on. -1: not open. */
enum { TABLE_FILES = 3 }; /* snmp, netstat, sockstat */
enum { TABLE_ANSWER_MAX = 32 * 1024 };
struct table_descriptors {
  int netlink, file[TABLE_FILES];
  struct kernel_counters limits; /* the sysctls; read when it was opened */
  struct kernel_counters last;   /* all counters of the last reading, and */
  uint64_t activity;             /* kernel_counters_activity() */
  bool has_last;
};

struct table_source_options {
  const char *source; /* a reading_options_source(), in any case; NULL: "auto"
                       */
  bool by_family;     /* counts must be right for each family */
  bool half_open_by_bpf; /* where that works; without effect on /proc */
  bool count_syns;       /* of each listening socket, by BPF */
  double walk_every_s;   /* half-open by BPF: walk for all else this often;
                            0: as the budget allows */
  enum held_look look;   /* in each reading, whatever is suspected: to measure
                            what it costs */
  const uint16_t *ports; /* LocalPort; copied */
  size_t ports_len;
  unsigned verify_every; /* readings between full dumps; 0 for the usual 60 */
  double interval_s;     /* from one reading to the next; 0 unknown */
  unsigned read_budget;  /* percent of it that walks may cost; 0 no limit */
  /* Another namespace, read by netlink alone; whoever reads it says when it is
   * walked. Its descriptors are the source's, and closed on failure. NULL: that
   * of this process. */
  const struct table_descriptors *inside;
  unsigned char *answer; /* with inside: TABLE_ANSWER_MAX bytes for the kernel's
                            answers, which all such sources share; not owned */
  const char *proc_root; /* NULL for "/proc"; tests have their own; copied */
};

/* What became of one reading. The glue compares it with the last one's and logs
 * a line if it changed. */
struct table_source_outcome {
  int error;         /* 0: there is a reading; else why there is none */
  const char *from;  /* "netlink", "/proc": the way that was tried last */
  const char *first; /* "auto": the way that is preferred */
  int first_error;   /* "auto": why it was not used; 0 it was */
  /* With first_error: "socket", "send", "receive", "dump"; static, or "". */
  const char *first_failed;
  const char *cheaper;   /* a source that costs less and is not asked for, or
                            NULL */
  bool counters_doubted; /* ESTABLISHED/TIME_WAIT come from full dumps only */
  bool was_full_dump;
  bool walk_left_out;    /* by the budget: the reading knows only some states */
  bool half_open_by_bpf; /* a reading without a walk knows SYN_RECV, too */
  int bpf_error;         /* why not, if it was asked for; 0: it is used */
  const char *bpf_failed; /* with bpf_error: the call; static, or "" */
  int syns_error;         /* why SYNs are not counted, if that was asked for */
  bool bpf_doubted;       /* it disagreed with walks: it is used no more */
  struct peaks peaks;     /* since the last reading, this one included */
  struct held_values held;
  bool slow;          /* it took more than a quarter of the interval */
  int counters_error; /* /proc/net/snmp or its like could not be read; 0 fine */
  unsigned counters_lost; /* another number for other files; 0: none */
  double cost_s;          /* CPU time of this thread */
  double took_s;          /* by the clock */
  /* With error or counters_error: the files or call that failed; else "". */
  char detail[128];
};

struct table_source;

void table_descriptors_close(struct table_descriptors *descriptors);

/* Whether this build can count half-open entries by BPF. */
bool table_source_has_bpf(void);

/* Returns 0 and *out, -ENOMEM, or -EINVAL for more than READING_PORTS_MAX
 * ports or a source of another name. A way that does not work now is no error:
 * it is tried at each reading. */
int table_source_create(const struct table_source_options *options,
                        struct table_source **out);
void table_source_destroy(struct table_source *source);

/* Whether looks are of use: BPF counts half-open entries, at very little cost,
 * or may when a shortage of memory or files has passed. */
bool table_source_can_look(const struct table_source *source);

/* Between two readings: look at the listening sockets for the peaks. What goes
 * wrong shows in the next reading. The last reading stays valid. */
void table_source_look(struct table_source *source);

/* Of a source inside another namespace: whether the next reading walks the
 * tables. records: what it knows without a walk, len of them, until that
 * reading is over; NULL: it asks the kernel for the listening sockets. */
void table_source_take_turn(struct table_source *source, bool walks,
                            const struct space_record *records, size_t len);

/* Whether a source inside another namespace lost its socket by an error: it is
 * of no use any more. */
bool table_source_is_cut_off(const struct table_source *source);

/* Read the tables now. *reading and *counters belong to the source and are
 * valid until its next call; both are whole or not touched. Returns 0, or
 * -errno, the same as outcome->error. outcome is always filled. */
int table_source_read(struct table_source *source,
                      const struct reading **reading,
                      const struct kernel_counters **counters,
                      struct table_source_outcome *outcome);

#endif
