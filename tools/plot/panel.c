/* See panel.h. The default panels, what a recorded value means in them, and
 * where panels stand in the picture. */
#include "panel.h"

#include "history/file_names.h"
#include "verdict/snapshot.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

const struct plot_preset plot_panel_presets[] = {
    {"Half-open connections",
     {{SHOWN_SYN_RECV, "SYN_RECV"}, {SHOWN_AGED, "of these unanswered"}},
     PLOT_BAND_INCIDENT,
     INCIDENT_SYN_FLOOD,
     -1},
    {"Completion",
     {{SHOWN_COMPLETION, "completed"}},
     PLOT_BAND_USUAL,
     INCIDENT_SYN_FLOOD,
     -1},
    {"Fullest SYN queue",
     {{SHOWN_SYN_QUEUE, "full"}, {SHOWN_SYN_QUEUE_AGED, "by unanswered"}},
     PLOT_BAND_NONE,
     INCIDENT_SYN_FLOOD,
     -1},
    {"SYN cookies",
     {{SHOWN_COOKIES_SENT, "sent"}, {SHOWN_COOKIES_RETURNED, "returned"}},
     PLOT_BAND_NONE,
     INCIDENT_SYN_FLOOD,
     0},
    {"Half-open connections reset",
     {{SHOWN_EMBRYONIC_RESETS, "reset"}},
     PLOT_BAND_NONE,
     INCIDENT_SYN_FLOOD,
     5},
    {"Fullest accept queue",
     {{SHOWN_ACCEPT_QUEUE, "full"}},
     PLOT_BAND_INCIDENT,
     INCIDENT_ACCEPT_OVERFLOW,
     -1},
    {"Connections the accept queue refused",
     {{SHOWN_LISTEN_OVERFLOWS, "refused"}},
     PLOT_BAND_NONE,
     INCIDENT_ACCEPT_OVERFLOW,
     -1},
    {"Outgoing connections without an answer",
     {{SHOWN_SYN_SENT, "SYN_SENT"}},
     PLOT_BAND_INCIDENT,
     INCIDENT_OUTBOUND_STALL,
     -1},
    {"Connections the application has not closed",
     {{SHOWN_CLOSE_WAIT, "CLOSE_WAIT"}},
     PLOT_BAND_INCIDENT,
     INCIDENT_CLOSE_WAIT_LEAK,
     -1},
    {"TIME_WAIT, share of the kernel's limit",
     {{SHOWN_TIME_WAIT_USE, "used"}},
     PLOT_BAND_INCIDENT,
     INCIDENT_TIME_WAIT_PRESSURE,
     -1},
    {"Entropy of the states",
     {{SHOWN_ENTROPY, "entropy"}},
     PLOT_BAND_INCIDENT,
     INCIDENT_STATE_SHIFT,
     -1},
    {"Connections beyond what arrivals explain",
     {{SHOWN_HELD, "held"}, {SHOWN_ZERO_WINDOW, "read nothing"}},
     PLOT_BAND_INCIDENT,
     INCIDENT_HELD_CONNECTIONS,
     -1},
    {"Segments answered by a reset",
     {{SHOWN_RESETS_SENT, "resets"}},
     PLOT_BAND_INCIDENT,
     INCIDENT_STRAYS,
     -1},
    {"Established connections",
     {{SHOWN_ESTABLISHED, "ESTABLISHED"}},
     PLOT_BAND_NONE,
     INCIDENT_COUNT,
     -1},
};
const size_t plot_panel_presets_len =
    sizeof(plot_panel_presets) / sizeof(plot_panel_presets[0]);

static bool is_metric(const struct history_series *series, enum shown_id id) {
  const struct shown_metric *metric = shown_metric(id);

  return strcmp(series->plugin, metric->plugin) == 0 &&
         strcmp(series->plugin_instance, metric->plugin_instance) == 0 &&
         strcmp(series->type, metric->type) == 0 &&
         strcmp(series->type_instance, metric->type_instance) == 0;
}

const struct plot_preset *
plot_panel_find_preset(const struct history_series *series, size_t *line) {
  for (size_t i = 0; i < plot_panel_presets_len; i++)
    for (size_t k = 0; k < PLOT_LINES_MAX; k++) {
      const struct plot_preset *preset = &plot_panel_presets[i];
      if (!preset->line[k].label || !is_metric(series, preset->line[k].metric))
        continue;
      *line = k;
      return preset;
    }
  return NULL;
}

int plot_panel_init(struct plot_panel *panel, const struct plot_preset *preset,
                    size_t capacity) {
  int rc = 0;

  memset(panel, 0, sizeof(*panel));
  panel->preset = preset;
  panel->incident = INCIDENT_COUNT;
  for (size_t i = 0; i < PLOT_LINES_MAX; i++) {
    panel->line[i].panel = panel;
    if (rc == 0 && (i == 0 || (preset && preset->line[i].label)))
      rc = plot_bins_init(&panel->line[i].bins, capacity);
  }
  if (rc == 0)
    rc = plot_bins_init(&panel->expected, capacity);
  if (rc == 0)
    rc = plot_bins_init(&panel->lower, capacity);
  if (rc == 0)
    rc = plot_bins_init(&panel->upper, capacity);
  return rc;
}

void plot_panel_release(struct plot_panel *panel) {
  for (size_t i = 0; i < PLOT_LINES_MAX; i++)
    plot_bins_release(&panel->line[i].bins);
  plot_bins_release(&panel->expected);
  plot_bins_release(&panel->lower);
  plot_bins_release(&panel->upper);
}

void plot_panel_name(const struct history_series *series, char *out) {
  snprintf(out, SERIES_IDENTIFIER_MAX, "%s%s%s/%s%s%s%s%s", series->plugin,
           *series->plugin_instance ? "-" : "", series->plugin_instance,
           series->type, *series->type_instance ? "-" : "",
           series->type_instance, *series->source ? ":" : "", series->source);
}

static bool is_counter(const struct history_series *series) {
  enum signal signal = history_identifier_signal(series);

  return signal != SIGNAL_COUNT ? signal >= SIGNAL_FIRST_COUNTER
                                : types_db_is_counter(series->type);
}

/* Choose what is drawn around the first line. */
static void find_band(struct plot_panel *panel, bool is_first,
                      const struct plot_preset *preset) {
  bool judged = is_first && preset && preset->band != PLOT_BAND_NONE;

  panel->band = judged          ? preset->band
                : panel->preset ? PLOT_BAND_NONE
                                : PLOT_BAND_GENERIC;
  panel->incident =
      preset && (judged || panel->preset) ? preset->incident : INCIDENT_COUNT;
}

static void bind_first(struct plot_panel *panel,
                       const struct history_series *series,
                       const struct series_rules *watch) {
  size_t line = 0;
  const struct plot_preset *preset = plot_panel_find_preset(series, &line);
  char name[SERIES_IDENTIFIER_MAX];

  panel->series = *series;
  panel->watch = watch;
  plot_panel_name(series, name);
  snprintf(panel->identifier, sizeof(panel->identifier), "%.127s/%.639s",
           series->host, name);
  find_band(panel, line == 0, preset);
  types_db_unit(series->type, is_counter(series), panel->unit);
  snprintf(panel->title, sizeof(panel->title), "%s",
           panel->preset ? panel->preset->title : name);
}

void plot_panel_bind(struct plot_panel *panel, size_t i,
                     const struct history_series *series,
                     const struct series_rules *watch) {
  enum signal signal = history_identifier_signal(series);
  struct plot_line *line = &panel->line[i];
  const char *label = panel->preset            ? panel->preset->line[i].label
                      : *series->type_instance ? series->type_instance
                                               : series->type;

  line->bound = true;
  line->is_gauge = signal < SIGNAL_FIRST_COUNTER;
  snprintf(line->label, sizeof(line->label), "%s", label);
  if (i == 0)
    bind_first(panel, series, watch);
}

double plot_panel_number(struct plot_line *line,
                         const struct history_value *value) {
  double passed_s = value->time_s - line->time_s;
  bool follows = line->counted && passed_s > 0 &&
                 passed_s < SNAPSHOT_GAP_INTERVALS * value->interval_s;
  double number = NAN;

  if (line->is_gauge || value->kind != HISTORY_COUNTER)
    return value->number;
  if (follows && value->counter >= line->counter)
    number = (double)(value->counter - line->counter) / passed_s;
  line->counted = true;
  line->counter = value->counter;
  line->time_s = value->time_s;
  return number;
}

bool plot_panel_has_values(const struct plot_panel *panel) {
  return panel->line[0].bins.values > 0 || panel->line[1].bins.values > 0;
}

bool plot_panel_exceeds(const struct plot_panel *panel, double least) {
  double min = 0, max = 0;

  for (size_t i = 0; i < PLOT_LINES_MAX; i++)
    if (plot_bins_extent(&panel->line[i].bins, &min, &max) && max > least)
      return true;
  return false;
}

/* --- layout --------------------------------------------------------------- */

static const double margin = 16, title_height = 46, lane_height = 16;
static const double panel_title = 20, panel_gap = 8, axis_height = 40;
static const double panel_usual = 120, panel_large = 300, panel_least = 36;
static const double notes_gap = 8;
/* The notes' largest share of a limited height when panels are low. */
static const double notes_share = 0.25;

/* A single panel gets the room of two. */
static double natural_height(size_t panels_len) {
  return panels_len == 1   ? panel_large
         : panels_len == 2 ? 1.5 * panel_usual
                           : panel_usual;
}

double plot_layout_fit(struct plot_layout *layout, double width, double height,
                       size_t panels_len, size_t lanes_len, double label_width,
                       double notes_height) {
  double lanes = lanes_len > 0 ? (double)lanes_len * lane_height + 4 : 0;
  double fixed = margin + title_height + lanes + axis_height + margin / 2;
  double notes = notes_height > 0 ? notes_gap + notes_height : 0;
  double around = panel_title + panel_gap;
  double len = (double)panels_len;

  if (height <= 0)
    height = ceil(fixed + notes + len * (around + natural_height(panels_len)));
  double left = height - fixed - len * around;
  if (left < len * panel_least)
    return ceil(fixed + len * (around + panel_least));
  if (left - notes < len * panel_usual) /* shorten the notes first */
    notes = fmax(fmin(notes, notes_share * height), 0);
  if (left - notes < len * panel_least)
    notes = left - len * panel_least;
  memset(layout, 0, sizeof(*layout));
  layout->width = width;
  layout->height = height;
  layout->margin = margin;
  layout->left = ceil(margin + label_width + 8);
  layout->right = width - margin;
  layout->lanes_top = margin + title_height;
  layout->lane_height = lane_height;
  layout->lanes_len = lanes_len;
  layout->panels_top = layout->lanes_top + lanes;
  layout->title_height = panel_title;
  layout->panel_height = floor((left - notes) / len);
  layout->panel_step = around + layout->panel_height;
  layout->panels_len = panels_len;
  layout->axis_top = layout->panels_top + len * layout->panel_step - panel_gap;
  layout->notes_top = layout->axis_top + axis_height + panel_gap + notes_gap;
  layout->notes_height = fmax(0, height - margin / 2 - layout->notes_top);
  return 0;
}

double plot_layout_panel(const struct plot_layout *layout, size_t i) {
  return layout->panels_top + (double)i * layout->panel_step +
         layout->title_height;
}
