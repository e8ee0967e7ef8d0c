/* What the engine has learned <-> text that is saved. One line a part of a host
 * and one a watched series, a version and the columns' names in front, a
 * checksum behind. Pure: the caller reads and writes the file.
 *
 * Text of any version up to this one is read, by the names of its own columns:
 * a column that is not known here is passed over, and a member without a column
 * is as in a host or series that was just met. Version 1: 1.0.0. */
#ifndef VERDICT_STATE_STATE_TEXT_H
#define VERDICT_STATE_STATE_TEXT_H

#include "verdict/hosts.h"
#include "verdict/series.h"

enum {
  STATE_TEXT_HOST_MAX = 16384,    /* bytes of one host, at most */
  STATE_TEXT_SERIES_MAX = 8192,   /* bytes of one series, at most */
  STATE_TEXT_LISTENER_MAX = 8192, /* bytes of one listener, at most */
  STATE_TEXT_FRAME_MAX = 16384,   /* bytes of the head, and of the end */
  STATE_TEXT_ERROR_MAX = 256,
};

/* The checksum goes along with the text: 0 before the first piece. */
struct state_text {
  uint32_t checksum;
  size_t hosts, series;
};

/* Each writes one piece into text, which has room for the piece's maximum, and
 * returns its length. saved_s: now, seconds since 1970. */
size_t state_text_begin(struct state_text *state, double saved_s, char *text);
size_t state_text_host(struct state_text *state, const struct hosts_host *host,
                       char *text);
/* Behind its host. */
size_t state_text_listener(struct state_text *state, const char *host,
                           const struct listeners_one *one, char *text);
size_t state_text_series(struct state_text *state, const char *identifier,
                         const struct series_memory *memory, char *text);
size_t state_text_end(struct state_text *state, char *text);

/* Hosts and series that text of so many bytes holds, as these usually are; and
 * whether that is all of MaxHosts and, when there is a <Watch>, MaxWatched. */
double state_text_holds(double bytes);
bool state_text_holds_all(const struct rules *rules, double bytes);

/* When the text was saved, or NAN when it does not say. */
double state_text_saved_s(const char *text, size_t length);

/* Takes in what is read. Either may be NULL. A result other than 0
 * stops the reading and is handed on. */
struct state_text_reader {
  int (*host)(void *to, const struct hosts_host *host);
  int (*series)(void *to, const char *identifier,
                const struct series_memory *memory);
  void *to;
};

/* text: length bytes, the whole file. Everything is checked before anything is
 * handed over. Returns 0; -EPROTO for text of a newer version, of something
 * else, or whose columns are not named; -EBADMSG for damaged text; with a
 * reason in error (STATE_TEXT_ERROR_MAX bytes). */
int state_text_read(const char *text, size_t length,
                    const struct state_text_reader *reader, char *error);

/* The same, with the listeners of each host behind it. */
typedef int state_text_take_listener(void *to, const char *host,
                                     const struct listeners_one *one);
int state_text_read_listeners(const char *text, size_t length,
                              const struct state_text_reader *reader,
                              state_text_take_listener *take, char *error);

#endif
