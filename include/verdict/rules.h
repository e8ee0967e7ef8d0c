/* The validated settings of the judgement: one table of keys, ranges and
 * defaults behind the plugin's configuration and the command's. */
#ifndef VERDICT_RULES_H
#define VERDICT_RULES_H

#include <stdbool.h>
#include <stddef.h>

enum {
  RULES_PATH_MAX = 4096,
  RULES_ERROR_MAX = 512,
  RULES_NAME_MAX = 64,
  RULES_PATTERN_MAX = 128,
  RULES_SERIES_MAX = 64,      /* <Watch> blocks */
  RULES_MAINTENANCE_MAX = 64, /* <Maintenance> blocks */
};

enum incident_kind {
  INCIDENT_SYN_FLOOD,
  INCIDENT_ACCEPT_OVERFLOW,
  INCIDENT_OUTBOUND_STALL,
  INCIDENT_CLOSE_WAIT_LEAK,
  INCIDENT_TIME_WAIT_PRESSURE,
  INCIDENT_STATE_SHIFT,
  INCIDENT_HELD_CONNECTIONS,
  INCIDENT_STRAYS,
  INCIDENT_COUNT
};

/* What every incident has. Snapshots are counted, times are in seconds. */
struct incident_rules {
  bool enable;
  double
      raise_after; /* raise when N of the last N + 1 snapshots show evidence */
  double clear_after;   /* calm snapshots until OKAY */
  double adopt_after_s; /* an answered WARNING becomes the new normal */
  double remind_s;      /* repeat an open one; 0 never */
};

struct syn_flood_rules {
  double min_excess;         /* half-open above what the load explains */
  double sigmas;             /* and so far beyond its spread */
  double completion_warning; /* percent */
  double completion_failure; /* percent */
  double completion_drop;    /* percent below the usual completion */
  double half_open_failure;  /* sockets */
  double cookies_per_s;      /* SYN cookies that nobody returned */
  double resets_per_s;       /* half-open connections reset by their peer */
  bool per_listener;         /* each listener has one of its own */
};

struct accept_overflow_rules {
  double fill;          /* of the fullest accept queue, percent */
  double refused_share; /* FAILURE: refused to completed, percent */
};

struct outbound_stall_rules {
  double min_count; /* SYN_SENT */
  double min_ratio; /* to what the load explains */
  double sigmas;
  double failure_count; /* SYN_SENT */
  double failure_ratio;
};

struct close_wait_leak_rules {
  double min_excess; /* CLOSE_WAIT above what the load explains */
  double sigmas;
  double failure_share; /* of the active connections, percent */
};

struct time_wait_pressure_rules {
  double fill; /* of tcp_max_tw_buckets, percent */
  double sigmas;
};

struct state_shift_rules {
  double min_active; /* connections */
  double sigmas;
};

struct held_connections_rules {
  double min_held;          /* connections beyond what arrivals explain */
  double min_zero_window;   /* connections whose peer reads nothing */
  double zero_window_share; /* of ESTABLISHED, percent */
  double min_acks;          /* bare acknowledgements a second */
  double aborts_per_s;      /* FAILURE: connections aborted a second */
};

struct strays_rules {
  double min_rate;  /* segments answered by a reset, a second */
  double min_ratio; /* to what is normal */
};

enum series_direction { SERIES_BOTH, SERIES_ABOVE, SERIES_BELOW };
enum series_severity { SERIES_WARNING, SERIES_FAILURE };

/* <Watch "name">: which series, and how far off is too far. Patterns are those
 * of the shell. */
struct series_rules {
  char name[RULES_NAME_MAX];
  char host[RULES_PATTERN_MAX];
  char plugin[RULES_PATTERN_MAX];
  char plugin_instance[RULES_PATTERN_MAX];
  char type[RULES_PATTERN_MAX];
  char type_instance[RULES_PATTERN_MAX];
  bool has_pattern;    /* one of these was given */
  double direction;    /* enum series_direction */
  double severity;     /* enum series_severity */
  double min_change;   /* in the series' own unit */
  double min_ratio;    /* of value to expectation, or the other way round */
  double false_alarms; /* a month; 0: Sigmas alone are the limit */
  double sigmas;       /* standard deviations, at least; 0: any */
  double season;       /* enum season_mode */
  bool report;         /* dispatch what is expected of each series */
  struct incident_rules incident;
};

/* <Maintenance "name">: when nothing is notified of which incidents. Patterns
 * are those of the shell. */
struct maintenance_rules {
  char name[RULES_NAME_MAX];
  char host[RULES_PATTERN_MAX];
  char incident[RULES_PATTERN_MAX]; /* or a <Watch>, or "host_silent" */
  double days;                      /* schedule_days() */
  double from_s, to_s;              /* schedule_time() */
  char time_zone[RULES_NAME_MAX];   /* "": that of the daemon */
  bool is_limited;                  /* one of these was given */
};

struct rules {
  char state_file[RULES_PATH_MAX]; /* "" : nothing is saved */
  double warm_up_s;
  double save_interval_s;
  double max_age_s;        /* a host's state older than that is not used */
  bool notify_silent;      /* of hosts that fall silent, and of their return */
  double keep_incidents_s; /* in the record; 0: there is none */
  double silent_after_s;   /* then what is open on the host is closed */
  double max_hosts;
  double max_watched;
  double max_listeners; /* with per_listener, of all hosts */
  double weekend;       /* enum weekend */
  struct incident_rules incident[INCIDENT_COUNT];
  struct syn_flood_rules syn_flood;
  struct accept_overflow_rules accept_overflow;
  struct outbound_stall_rules outbound_stall;
  struct close_wait_leak_rules close_wait_leak;
  struct time_wait_pressure_rules time_wait_pressure;
  struct state_shift_rules state_shift;
  struct held_connections_rules held_connections;
  struct strays_rules strays;
  size_t series_len;
  size_t maintenance_len;
  struct series_rules series[RULES_SERIES_MAX];
  struct maintenance_rules maintenance[RULES_MAINTENANCE_MAX];
};

/* One value of the configuration, as the reader of the syntax found it. */
enum rules_type { RULES_NUMBER, RULES_BOOLEAN, RULES_STRING };
struct rules_value {
  enum rules_type type;
  double number;
  bool boolean;
  const char *string; /* not owned */
};

/* Where a key stands: directly in the plugin's block, or in a named one. */
enum rules_block_type {
  RULES_TOP,
  RULES_INCIDENT,
  RULES_WATCH,
  RULES_MAINTENANCE
};
struct rules_block {
  enum rules_block_type type;
  int index; /* an enum incident_kind, or which of the series or maintenances */
};

extern const struct rules_block rules_top;

void rules_defaults(struct rules *rules);

/* The name of an incident: "syn_flood". */
const char *rules_incident_name(enum incident_kind incident);

/* Whether a key is the type of a block. */
bool rules_is_block(const char *key);

/* Enter <TYPE "NAME">; a <Watch> or <Maintenance> of a new name is added.
 * Returns 0 and *out, or -EINVAL and a message in error (RULES_ERROR_MAX bytes)
 * that says what is known instead. */
int rules_open(struct rules *rules, const char *type, const char *name,
               struct rules_block *out, char *error);

/* Set one key. A number or boolean may come as a string. Returns 0; or -EINVAL,
 * rules unchanged, and a message in error that names key, value and what is
 * accepted. */
int rules_set(struct rules *rules, const struct rules_block *block,
              const char *key, const struct rules_value *value, char *error);

/* After the last key: settings that contradict each other. As rules_set. */
int rules_check(const struct rules *rules, char *error);

/* The same, one by one: number i. Returns false if there are not so many; else
 * *where is the block that it is about, and error holds the message. */
bool rules_contradiction(const struct rules *rules, size_t i,
                         struct rules_block *where, char *error);

/* The table, for help texts and for the test that compares it with the manual:
 * key number i of any block. Returns false behind the last. */
struct rules_key {
  const char *block; /* "", "Incident", "Watch", "Maintenance", or an incident's
                        name */
  const char *key;
  enum rules_type type;
  double min, max;     /* numbers only */
  const char *choices; /* strings only: "above|below|both"; NULL: any */
  const char *form;    /* strings only: "a time from ..."; NULL: any */
};
bool rules_key_at(size_t i, struct rules_key *out);

/* Readings that a model needs before it is believed, beside WarmUp. */
enum { RULES_WARM_UP_READINGS = 30 };

/* Whether a model that has learned from so many readings, over so many seconds,
 * is believed. Always when WarmUp is 0. */
bool rules_is_warm(const struct rules *rules, double learnt, double learnt_s);

/* Seconds until it is believed, if every reading is learned. */
double rules_learning_s(const struct rules *rules, double learnt,
                        double learnt_s, double interval_s);

#endif
