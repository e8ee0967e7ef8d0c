/* What a judged history leaves to be written: host by host, series by series.
 */
#ifndef TOOLS_LEARN_LEARN_HARVEST_H
#define TOOLS_LEARN_LEARN_HARVEST_H

#include "judged/judged.h"
#include "learn_file.h"
#include "learn_hosts.h"

/* Why a host or series is not written, or will not help at once. */
enum learn_lack {
  LEARN_TOO_OLD,      /* its values ended more than MaxAge ago */
  LEARN_NO_HANDSHAKE, /* the history has no SYN_RECV, ESTABLISHED or
                         PassiveOpens of it: syn_flood begins anew */
  LEARN_TOO_SHORT,    /* less than WarmUp */
  LEARN_LACKS
};

struct learn_lacking {
  size_t count;
  char name[SERIES_IDENTIFIER_MAX]; /* of the first */
  double figure; /* TOO_OLD: its last time; TOO_SHORT: seconds learnt */
};

struct learn_harvest {
  const struct judged *judge;
  const struct learn_hosts *known;
  const struct rules *rules;
  double live_s, now_s;
  bool any_age; /* however long ago the values ended */
  size_t next_host, next_series;
  size_t hosts, series; /* handed out */
  double rows_s;        /* the longest that the last rows were apart; 0 none */
  struct learn_lacking lacking[LEARN_LACKS];
};

/* The taker of learn_file_write; each use begins with the first three members
 * and the clock set and the others 0. */
struct learn_file_source learn_harvest_source(struct learn_harvest *harvest);

/* Go through all of it without a file, to know what there is. */
void learn_harvest_count(struct learn_harvest *harvest);

#endif
