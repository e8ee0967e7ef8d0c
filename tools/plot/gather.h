/* What a picture is drawn from: looks on while a history is judged, and keeps
 * curves, bands and incidents in bounded memory. Pure. */
#ifndef TOOLS_PLOT_GATHER_H
#define TOOLS_PLOT_GATHER_H

#include "judged/judged.h"
#include "panel.h"
#include "plot_known.h"
#include "plot_spans.h"

enum { PLOT_PANELS_MAX = 16 };

/* What is to be drawn. */
struct plot_asked {
  char *const *metrics;   /* identifiers; none: the presets */
  size_t metrics_len;     /* at most PLOT_PANELS_MAX */
  const char *host;       /* NULL: the only one */
  double start_s, end_s;  /* infinite: from the first value, to the last */
  bool start_is_relative; /* as far back as there are values, at most */
  size_t columns;         /* pixels of a panel, at most */
};

struct plot_gather {
  struct plot_asked asked;
  struct rules rules;        /* with one <Watch>, of defaults */
  struct series *generic;    /* baselines of series that nobody judges */
  char host[JUDGE_HOST_MAX]; /* of the presets; "": not known yet */
  struct history_series metric[PLOT_PANELS_MAX]; /* as asked for */
  struct plot_panel *panel[PLOT_PANELS_MAX];
  size_t panels_len;
  struct plot_spans spans;
  struct plot_known hosts, plugins, series; /* series: of plugins asked for */
  double first_s, last_s; /* of all values, whenever they were */
  double start_s, end_s;  /* of the picture; set by plot_gather_finish */
  int error;              /* the first that came up on the way */
};

/* rules: of the settings. asked is kept by reference. Returns 0 and *out, or
 * -errno and why in problem (HISTORY_PROBLEM_MAX bytes). */
int plot_gather_create(const struct rules *rules,
                       const struct plot_asked *asked, struct plot_gather **out,
                       char *problem);
void plot_gather_destroy(struct plot_gather *gather);

/* One panel more; there are less than PLOT_PANELS_MAX. Returns 0 or -ENOMEM. */
int plot_gather_add_panel(struct plot_gather *gather,
                          const struct plot_preset *preset);

/* Who looks on; valid as long as gather. */
struct judged_onlooker plot_gather_onlooker(struct plot_gather *gather);

/* Whether a series will be in the picture, or judged for it. */
bool plot_gather_concerns(const struct plot_asked *asked,
                          const struct rules *rules,
                          const struct history_series *series);

/* Once every source is open: what was asked for must be there, of one host.
 * Returns 0, or -EINVAL and why in problem. */
int plot_gather_begin(struct plot_gather *gather, char *problem);

/* Behind the last value: leaves the panels that are worth drawing, at least
 * one, and the incidents of their hosts. Returns 0; -ENODATA where nothing is
 * in the range, or the error that came up; and why in problem. */
int plot_gather_finish(struct plot_gather *gather, char *problem);

#endif
