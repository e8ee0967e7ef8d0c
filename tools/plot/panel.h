/* One panel of a picture: one or two curves, and the expected range of the
 * first one; and the layout of all panels. Pure. */
#ifndef TOOLS_PLOT_PANEL_H
#define TOOLS_PLOT_PANEL_H

#include "bins.h"
#include "history/history.h"
#include "lib/shown_metrics.h"
#include "lib/types_db.h"
#include "verdict/series.h"

enum { PLOT_LINES_MAX = 2, PLOT_LABEL_MAX = 128 };

/* Where the expected range comes from. */
enum plot_band {
  PLOT_BAND_NONE,
  PLOT_BAND_INCIDENT, /* the finding of the panel's incident */
  PLOT_BAND_USUAL,    /* the learned completion, without limits */
  PLOT_BAND_GENERIC   /* the generic baseline, or the series' <Watch> */
};

/* A panel that is drawn if no metric is asked for. */
struct plot_preset {
  const char *title;
  struct {
    enum shown_id metric;
    const char *label; /* NULL: no such line */
  } line[PLOT_LINES_MAX];
  enum plot_band band;
  enum incident_kind incident; /* drawn if it occurs; INCIDENT_COUNT: always */
  double least;                /* drawn only if some value is above */
};

extern const struct plot_preset plot_panel_presets[];
extern const size_t plot_panel_presets_len;

struct plot_panel;

struct plot_line {
  struct plot_panel *panel;
  bool bound; /* the history has the series */
  char label[PLOT_LABEL_MAX];
  struct plot_bins bins;
  bool is_gauge; /* even if it was recorded as a counter */
  bool counted;  /* counter and time_s hold the last value */
  int64_t counter;
  double time_s;
};

struct plot_panel {
  const struct plot_preset *preset; /* NULL: asked for by name */
  struct history_series series;     /* of the first line */
  char title[SERIES_IDENTIFIER_MAX];
  char unit[TYPES_DB_UNIT_MAX];
  enum plot_band band;
  enum incident_kind incident;
  const struct series_rules *watch; /* of PLOT_BAND_GENERIC; NULL: defaults */
  char identifier[SERIES_IDENTIFIER_MAX]; /* as in a judgement */
  struct plot_line line[PLOT_LINES_MAX];
  struct plot_bins expected, lower, upper; /* empty in PLOT_BAND_NONE */
};

/* The preset that draws this series, or NULL; *line: as which of its lines. */
const struct plot_preset *
plot_panel_find_preset(const struct history_series *series, size_t *line);

/* "plugin-instance/type-instance:source", without the host. out:
 * SERIES_IDENTIFIER_MAX bytes. */
void plot_panel_name(const struct history_series *series, char *out);

/* capacity: bins of each curve. preset: NULL: a metric that was asked for.
 * Returns 0 or -ENOMEM; release *panel in both cases. */
int plot_panel_init(struct plot_panel *panel, const struct plot_preset *preset,
                    size_t capacity);
void plot_panel_release(struct plot_panel *panel);

/* Draw the series as the panel's line i. */
void plot_panel_bind(struct plot_panel *panel, size_t i,
                     const struct history_series *series,
                     const struct series_rules *watch);

/* The value to draw: a gauge, or events a second; NAN for a counter's first
 * value and after its reset. */
double plot_panel_number(struct plot_line *line,
                         const struct history_value *value);

bool plot_panel_has_values(const struct plot_panel *panel);

/* Whether any value is above least. */
bool plot_panel_exceeds(const struct plot_panel *panel, double least);

/* --- layout --------------------------------------------------------------- */

/* Where title, incident lanes, panels, time axis and notifications stand, in
 * pixels. */
enum {
  PLOT_LAYOUT_WIDTH = 1200, /* the default */
  PLOT_LAYOUT_WIDTH_MIN = 360,
  PLOT_LAYOUT_SIDE_MAX = 8000,
};

struct plot_layout {
  double width, height;
  double margin;      /* on all sides */
  double left, right; /* of the panels and the time axis */
  double lanes_top, lane_height;
  size_t lanes_len;
  double panels_top, panel_step;     /* panel i begins at top + i * step */
  double title_height, panel_height; /* a title, then the drawing below it */
  size_t panels_len;
  double axis_top; /* time axis, below the last panel */
  double notes_top, notes_height;
};

/* height: 0: as much as needed. label_width: of the widest number beside a
 * panel. notes_height: for all notifications; they get less if height is too
 * small. Returns 0, or the smallest height that is enough. */
double plot_layout_fit(struct plot_layout *layout, double width, double height,
                       size_t panels_len, size_t lanes_len, double label_width,
                       double notes_height);

/* The top of the drawing in panel i. */
double plot_layout_panel(const struct plot_layout *layout, size_t i);

#endif
