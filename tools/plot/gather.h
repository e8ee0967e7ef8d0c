/* Everything that a picture shows: looks on while a history is judged, and
 * keeps curves, bands and incidents in bounded memory. Pure. */
#ifndef TOOLS_PLOT_GATHER_H
#define TOOLS_PLOT_GATHER_H

#include "judged/judged.h"
#include "panel.h"

enum { PLOT_ASKED_MAX = 16, PLOT_PANELS_MAX = 18, PLOT_KNOWN_MAX = 64 };

/* What is to be drawn. */
struct plot_asked {
  char *const *metrics;   /* identifiers; none: the presets */
  size_t metrics_len;     /* at most PLOT_ASKED_MAX */
  size_t optional_len;    /* the last of them: some may be missing, not all */
  const char *host;       /* NULL: the only one */
  double start_s, end_s;  /* infinite: of the first, the last value */
  bool start_is_relative; /* may be shortened to the values */
  size_t columns;         /* largest width of a panel in pixels */
};

/* Names of the history for error messages, without repetition. */
struct plot_known {
  size_t len;
  size_t more; /* names without room, perhaps repeated */
  char name[PLOT_KNOWN_MAX][SERIES_IDENTIFIER_MAX];
};

struct plot_gather {
  struct plot_asked asked;
  struct rules rules;        /* with one <Watch> of default settings */
  struct series *generic;    /* baselines of series without a <Watch> */
  char host[JUDGE_HOST_MAX]; /* of the presets; "": not known yet */
  struct history_series metric[PLOT_ASKED_MAX]; /* as asked for */
  struct plot_panel *panel[PLOT_PANELS_MAX];
  size_t panels_len;
  struct plot_spans spans;
  struct plot_known hosts, plugins,
      series;             /* series: of the plugins in metrics */
  double first_s, last_s; /* of all values, in range or not */
  double start_s, end_s;  /* of the picture; set by plot_gather_finish */
  int error;              /* the first one on the way */
};

/* rules: of the settings; copied. *asked is copied, but its texts must stay
 * valid. Returns 0 and *out, or -errno and the reason in problem
 * (HISTORY_PROBLEM_MAX bytes). */
int plot_gather_create(const struct rules *rules,
                       const struct plot_asked *asked, struct plot_gather **out,
                       char *problem);
void plot_gather_destroy(struct plot_gather *gather);

/* To be hooked into the judgement; valid as long as gather. */
struct judged_onlooker plot_gather_onlooker(struct plot_gather *gather);

/* Whether a series is drawn, or judged for the drawing. */
bool plot_gather_concerns(const struct plot_asked *asked,
                          const struct rules *rules,
                          const struct history_series *series);

/* Call after every source is open: all metrics must exist, and the presets on
 * one host only. Returns 0, or -EINVAL and the reason in problem. */
int plot_gather_begin(struct plot_gather *gather, char *problem);

/* Call after the last value: keeps the panels that are worth drawing, at least
 * one, and the incidents of their hosts. Returns 0; or -ENODATA if no value is
 * in the range, or the first error on the way, and the reason in problem. */
int plot_gather_finish(struct plot_gather *gather, char *problem);

#endif
