/* One panel of a picture: one or two curves, and where what is expected of the
 * first one lies. */
#ifndef TOOLS_PLOT_PANEL_H
#define TOOLS_PLOT_PANEL_H

#include "bins.h"
#include "history/history.h"
#include "lib/plot_unit.h"
#include "verdict/series.h"

enum { PLOT_LINES_MAX = 2, PLOT_LABEL_MAX = 128 };

/* Who says what is expected. */
enum plot_band {
  PLOT_BAND_NONE,
  PLOT_BAND_INCIDENT, /* the finding of the panel's incident */
  PLOT_BAND_USUAL,    /* the usual completion, without limits */
  PLOT_BAND_GENERIC   /* the generic baseline, or the series' <Watch> */
};

/* A panel that is drawn where nobody asks for another. */
struct plot_preset {
  const char *title;
  struct {
    const char *type, *type_instance, *label;
  } line[PLOT_LINES_MAX];
  enum plot_band band;
  enum incident_kind incident; /* drawn where it occurs; INCIDENT_COUNT: ever */
  double least;                /* it is drawn where some value is above it */
};

extern const struct plot_preset plot_panel_presets[];
extern const size_t plot_panel_presets_len;

struct plot_panel;

struct plot_line {
  struct plot_panel *panel;
  bool bound; /* the history has the series */
  char label[PLOT_LABEL_MAX];
  struct plot_bins bins;
  bool is_gauge; /* whatever it was recorded as */
  bool counted;  /* a counter: its last value */
  int64_t counter;
  double time_s;
};

struct plot_panel {
  const struct plot_preset *preset; /* NULL: asked for by name */
  struct history_series series;     /* of the first line */
  char title[SERIES_IDENTIFIER_MAX];
  char unit[PLOT_UNIT_TEXT_MAX];
  enum plot_band band;
  enum incident_kind incident;
  const struct series_rules *watch; /* PLOT_BAND_GENERIC: NULL: defaults */
  char identifier[SERIES_IDENTIFIER_MAX]; /* as the judgement has it */
  struct plot_line line[PLOT_LINES_MAX];
  struct plot_bins expected, lower, upper; /* none in PLOT_BAND_NONE */
};

/* The preset whose first line a series of tcpstates is, or NULL; *line: which
 * line it is, where any will do. */
const struct plot_preset *
plot_panel_find_preset(const struct history_series *series, size_t *line);

/* "plugin-instance/type-instance:source", without the host. out:
 * SERIES_IDENTIFIER_MAX bytes. */
void plot_panel_name(const struct history_series *series, char *out);

/* Make a panel of so many bins a curve. preset: NULL for one asked for. Returns
 * 0 or -ENOMEM; *panel is to be released in either case. */
int plot_panel_init(struct plot_panel *panel, const struct plot_preset *preset,
                    size_t capacity);
void plot_panel_release(struct plot_panel *panel);

/* The series is the panel's line number i. */
void plot_panel_bind(struct plot_panel *panel, size_t i,
                     const struct history_series *series,
                     const struct series_rules *watch);

/* What a value comes to on the line: a gauge, or events a second; NAN where a
 * counter has just begun or begun anew. */
double plot_panel_number(struct plot_line *line,
                         const struct history_value *value);

bool plot_panel_has_values(const struct plot_panel *panel);

/* Whether any value is above least. */
bool plot_panel_exceeds(const struct plot_panel *panel, double least);

#endif
