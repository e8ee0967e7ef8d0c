/* See draw.h: states on the left, ratios and queues on the right, counters and
 * incidents below. Touches the stream it is given and the time zone. */
#include "draw.h"

#include "conf/conf_silences.h"
#include "lib/moment.h"
#include "lib/shown_metrics.h"
#include "lib/words.h"

#include <math.h>
#include <string.h>

enum { BAR_LEN = 16, COUNTER_COLUMNS = 3, CELL_MAX = 16, NAME_WIDTH = 19 };

#define BOLD "\033[1m"
#define GREEN "\033[32m"
#define YELLOW "\033[33m"
#define RED "\033[1;31m"
#define PLAIN "\033[0m"

/* The right half: a heading and the ratios, an empty line, a heading and the
 * queues. The left half has as many lines: a heading and the sockets. */
enum {
  QUEUES_LINE = SHOWN_RATIOS_LEN + 2,
  SIDE_LEN = QUEUES_LINE + 1 + SHOWN_QUEUES_LEN
};
_Static_assert((int)SIDE_LEN == 1 + (int)SHOWN_SOCKETS_END,
               "both halves have as many lines");

struct canvas {
  FILE *out;
  const struct host_model *model;
  double now_s;
  bool colour;
};

static void put(const struct canvas *canvas, const char *style,
                const char *text) {
  fprintf(canvas->out, "%s%s%s", canvas->colour ? style : "", text,
          canvas->colour ? PLAIN : "");
}

static const char *cell(double value, int decimals, const char *unit,
                        char *text) {
  if (isnan(value))
    snprintf(text, CELL_MAX, "-");
  else
    snprintf(text, CELL_MAX, "%.*f%s", decimals, value, unit);
  return text;
}

/* 52 columns. */
static void draw_count(const struct canvas *canvas, const char *label,
                       double count, double all) {
  char number[CELL_MAX], share[CELL_MAX], bar[BAR_LEN + 1] = "";
  double part = all > 0 ? count / all : NAN;
  int filled = isnan(part) ? 0 : (int)lround(part * (double)BAR_LEN);
  for (int i = 0; i < filled && i < BAR_LEN; i++) {
    bar[i] = '#';
    bar[i + 1] = '\0';
  }
  fprintf(canvas->out, "%-13s%10s%9s  %-16s  ", label,
          cell(count, 0, "", number), cell(part * 100, 1, " %", share), bar);
}

static void draw_left(const struct canvas *canvas, size_t line, double all) {
  char heading[64];

  if (line == 0) {
    snprintf(heading, sizeof(heading), "%-13s%10s%9s%20s", "STATE", "SOCKETS",
             "SHARE", "");
    put(canvas, BOLD, heading);
    return;
  }
  enum shown_id id = (enum shown_id)(line - 1);
  draw_count(canvas, shown_metric(id)->label,
             host_model_metric(canvas->model, id), all);
}

/* 28 columns. */
static void draw_metric(const struct canvas *canvas, enum shown_id id) {
  const struct shown_metric *metric = shown_metric(id);
  char text[CELL_MAX];

  fprintf(canvas->out, "%-19s%9s", metric->label,
          cell(host_model_metric(canvas->model, id), metric->decimals,
               metric->unit, text));
}

static void draw_right(const struct canvas *canvas, size_t line) {
  if (line == 0)
    put(canvas, BOLD, shown_groups[SHOWN_GROUP_RATIOS].heading);
  else if (line <= SHOWN_RATIOS_LEN)
    draw_metric(canvas, (enum shown_id)(SHOWN_COMPLETION + line - 1));
  else if (line == QUEUES_LINE)
    put(canvas, BOLD, shown_groups[SHOWN_GROUP_QUEUES].heading);
  else if (line > QUEUES_LINE)
    draw_metric(canvas,
                (enum shown_id)(SHOWN_SYN_QUEUE + line - QUEUES_LINE - 1));
  fputc('\n', canvas->out);
}

/* The listener that was asked for: a heading and, in one line, its figures. */
static void draw_port(const struct canvas *canvas) {
  const char *port = canvas->model->port;
  char heading[64], number[CELL_MAX];

  if (port[0] == '\0')
    return;
  snprintf(heading, sizeof(heading), "PORT %.*s", (int)strcspn(port, "-"),
           port);
  fputc('\n', canvas->out);
  put(canvas, BOLD, heading);
  for (enum shown_id id = SHOWN_PORT_HALF_OPEN; id < SHOWN_PORT_END; id++) {
    const struct shown_metric *metric = shown_metric(id);
    fprintf(canvas->out, "%s%-19s%9s",
            (id - SHOWN_PORT_HALF_OPEN) % 2 == 0 ? "\n" : "    ", metric->label,
            cell(host_model_metric(canvas->model, id), metric->decimals,
                 metric->unit, number));
  }
  fputc('\n', canvas->out);
}

static void draw_counters(const struct canvas *canvas) {
  const struct shown_group *group = &shown_groups[SHOWN_GROUP_COUNTERS];
  char number[CELL_MAX];

  fputc('\n', canvas->out);
  put(canvas, BOLD, group->heading);
  for (enum shown_id id = group->first; id < group->end; id++) {
    double rate = host_model_metric(canvas->model, id);
    fprintf(canvas->out, "%s%-20s%6s",
            (id - group->first) % COUNTER_COLUMNS == 0 ? "\n" : " ",
            shown_metric(id)->label,
            cell(rate, rate < 1000 ? 1 : 0, "", number));
  }
  fputc('\n', canvas->out);
}

static void draw_severity(const struct canvas *canvas,
                          const struct host_incident *incident) {
  static const char *const styles[] = {
      [HOST_NOT_JUDGED] = PLAIN,
      [HOST_OKAY] = GREEN,
      [HOST_WARNING] = YELLOW,
      [HOST_FAILURE] = RED,
  };
  char text[CELL_MAX];

  snprintf(text, sizeof(text), "%-7s", host_severity_word(incident->severity));
  put(canvas, styles[incident->severity], text);
}

static void draw_limits(const struct canvas *canvas,
                        const struct host_incident *incident) {
  char lower[WORDS_MAX], upper[WORDS_MAX], both[2 * WORDS_MAX + 4] = "-";

  if (!isnan(incident->lower) || !isnan(incident->upper))
    snprintf(both, sizeof(both), "%s to %s",
             words_figure(incident->lower, lower),
             words_figure(incident->upper, upper));
  fprintf(canvas->out, " %14s", both);
}

/* Below its line: where an open one is. */
static void draw_place(const struct canvas *canvas,
                       const struct host_incident *incident) {
  char place[HOST_INCIDENT_WORDS_MAX];

  if (host_incident_place(incident, place)[0] != '\0')
    fprintf(canvas->out, "  %s\n", place);
}

/* Without "-local" where it does not fit: "syn_flood/65535". */
static void draw_name(const struct canvas *canvas, const char *name) {
  size_t len = strlen(name);
  bool fits = len <= NAME_WIDTH || !strchr(name, '/');

  fprintf(canvas->out, "%-*.*s ", NAME_WIDTH, fits ? NAME_WIDTH : (int)len - 6,
          name);
}

/* 80 columns. */
static void draw_incident(const struct canvas *canvas,
                          const struct host_incident *incident) {
  char observed[WORDS_MAX], expected[WORDS_MAX], since[HOST_INCIDENT_SINCE_MAX];
  char hindrance[HOST_INCIDENT_WORDS_MAX];
  char silenced[CONF_SILENCES_WORDS_MAX];

  host_incident_hindrance(incident, hindrance);
  draw_name(canvas, incident->name);
  draw_severity(canvas, incident);
  if (incident->unjudged[0] != '\0') {
    fprintf(canvas->out, " %s\n", hindrance);
    return;
  }
  if (incident->unmeasured_s > 0) {
    fprintf(canvas->out, " %-32s", host_incident_unmeasured);
  } else {
    fprintf(canvas->out, " %8s %8s", words_figure(incident->observed, observed),
            words_figure(incident->expected, expected));
    draw_limits(canvas, incident);
  }
  host_incident_since(incident, canvas->now_s, since);
  if (since[0] == '\0' && incident->severity == HOST_OKAY)
    snprintf(since, sizeof(since), "%.39s", hindrance);
  fprintf(canvas->out, "%s%s\n", since[0] == '\0' ? "" : "  ", since);
  draw_place(canvas, incident);
  if (incident->silenced_until_s > 0)
    fprintf(canvas->out, "  %s\n",
            conf_silences_words(canvas->model->host, incident->name,
                                incident->silenced_until_s, canvas->now_s,
                                silenced));
}

static void draw_incidents(const struct canvas *canvas) {
  struct host_incident incidents[HOST_INCIDENTS_MAX];
  size_t len = host_incidents_read(canvas->model, incidents);

  fputc('\n', canvas->out);
  if (len == 0) {
    fputs("No incidents are judged: the daemon has no values of baseline. It "
          "does not load\nbaseline, or a PostCacheChain does not write to it "
          "(then its log says so), or it\nhas just started: the first "
          "judgement takes two intervals.\n",
          canvas->out);
    return;
  }
  char heading[96];
  snprintf(heading, sizeof(heading), "%-19s %-7s %8s %8s %14s  %s", "INCIDENT",
           "STATE", "OBSERVED", "EXPECTED", "LIMITS", "SINCE");
  put(canvas, BOLD, heading);
  fputc('\n', canvas->out);
  for (size_t i = 0; i < len; i++)
    draw_incident(canvas, &incidents[i]);
}

/* The host, the reading's time, and how old it is. */
static void draw_head(const struct canvas *canvas) {
  char when[MOMENT_MAX] = "", age[CELL_MAX] = "";
  double age_s = fmin(fmax(canvas->now_s - canvas->model->reading_s, 0), 9e6);

  if (!isnan(canvas->model->reading_s)) {
    moment_write(canvas->model->reading_s, when);
    snprintf(age, sizeof(age), ", %.0f s ago", age_s);
  }
  int room = 79 - (int)(strlen(when) + strlen(age));
  fprintf(canvas->out, "%-*.*s %s%s\n\n", room, room, canvas->model->host, when,
          age);
}

void status_draw(FILE *out, const struct host_model *model, double now_s,
                 bool colour) {
  struct canvas canvas = {
      .out = out, .model = model, .now_s = now_s, .colour = colour};
  double all = host_model_sockets(model);

  draw_head(&canvas);
  for (size_t line = 0; line < SIDE_LEN; line++) {
    draw_left(&canvas, line, all);
    draw_right(&canvas, line);
  }
  draw_port(&canvas);
  draw_counters(&canvas);
  draw_incidents(&canvas);
}
