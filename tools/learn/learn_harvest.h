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
  bool any_age;         /* however long ago the values ended */
  size_t hosts, series; /* handed out */
  double rows_s;        /* the longest that the last rows were apart; 0 none */
  struct learn_lacking lacking[LEARN_LACKS];
};

/* What of the judge's engine is worth keeping, as it is to be kept; counts on
 * its way. Each use begins with the clock and the members before it set and the
 * others 0. */
struct engine_filter learn_harvest_filter(struct learn_harvest *harvest);

/* Go through all of it without a file, to know what there is. */
void learn_harvest_count(struct learn_harvest *harvest);

/* Put it into another engine. Returns 0 or -ENOMEM. */
int learn_harvest_hand_over(struct learn_harvest *harvest, struct engine *to);

#endif
