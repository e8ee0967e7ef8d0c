/* Draws the table of `status`: states on the left, ratios and queues on the
 * right, counters and incidents below. Touches the stream it is given and the
 * time zone. */
#include "draw.h"

#include "daemon/status_metrics.h"
#include "table/kernel_counters.h"
#include "table/tcp_state.h"

#include <math.h>
#include <string.h>
#include <time.h>

enum {
  BAR_LEN = 16,
  COUNTER_COLUMNS = 3,
  CELL_MAX = STATUS_FIGURE_MAX,
  HEAD_MAX = 40
};

#define BOLD "\033[1m"
#define GREEN "\033[32m"
#define YELLOW "\033[33m"
#define RED "\033[1;31m"
#define PLAIN "\033[0m"

/* The right half, line by line: a heading and the ratios, an empty line, a
 * heading and the queues. */
enum {
  QUEUES_LINE = STATUS_RATIOS + 2,
  SIDE_LEN = QUEUES_LINE + 1 + STATUS_QUEUES
};

struct canvas {
  FILE *out;
  const struct host_model *model;
  double now_s;
  bool colour;
};

static double find(const struct canvas *canvas, const char *type,
                   const char *type_instance) {
  return host_model_find(canvas->model, "tcpstates", "all", type,
                         type_instance);
}

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
  if (line == 0) {
    char heading[64];
    snprintf(heading, sizeof(heading), "%-13s%10s%9s%20s", "STATE", "SOCKETS",
             "SHARE", "");
    put(canvas, BOLD, heading);
  } else if (line < TCP_STATE_END) {
    const char *name = tcp_state_name((int)line);
    draw_count(canvas, name, find(canvas, "tcp_connections", name), all);
  } else if (line == TCP_STATE_END) {
    draw_count(canvas, "active", find(canvas, "current_connections", "active"),
               all);
  } else {
    draw_count(canvas, "aged",
               find(canvas, "current_connections", "syn_recv_aged"), all);
  }
}

/* 28 columns. */
static void draw_metric(const struct canvas *canvas,
                        const struct status_metric *metric) {
  char text[CELL_MAX];

  fprintf(canvas->out, "%-19s%9s", metric->label,
          cell(find(canvas, metric->type, metric->type_instance),
               metric->decimals, metric->unit, text));
}

static void draw_right(const struct canvas *canvas, size_t line) {
  if (line == 0)
    put(canvas, BOLD, "RATIOS");
  else if (line <= STATUS_RATIOS)
    draw_metric(canvas, &status_ratios[line - 1]);
  else if (line == QUEUES_LINE)
    put(canvas, BOLD, "FULLEST QUEUES");
  else if (line > QUEUES_LINE)
    draw_metric(canvas, &status_queues[line - QUEUES_LINE - 1]);
  fputc('\n', canvas->out);
}

static void draw_counters(const struct canvas *canvas) {
  char number[CELL_MAX];
  fputc('\n', canvas->out);
  put(canvas, BOLD, "COUNTERS A SECOND");
  for (int i = 0; i < COUNTER_DISPATCHED; i++) {
    const char *name = kernel_counter_name((enum kernel_counter)i);
    double rate = find(canvas, "protocol_counter", name);
    fprintf(canvas->out, "%s%-20s%6s", i % COUNTER_COLUMNS == 0 ? "\n" : " ",
            name, cell(rate, rate < 1000 ? 1 : 0, "", number));
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
  char lower[CELL_MAX], upper[CELL_MAX], both[2 * CELL_MAX + 4] = "-";

  if (!isnan(incident->lower) || !isnan(incident->upper))
    snprintf(both, sizeof(both), "%s to %s",
             status_metrics_figure(incident->lower, lower),
             status_metrics_figure(incident->upper, upper));
  fprintf(canvas->out, " %14s", both);
}

/* 80 columns. */
static void draw_incident(const struct canvas *canvas,
                          const struct host_incident *incident) {
  char observed[CELL_MAX], expected[CELL_MAX], since[HOST_INCIDENT_SINCE_MAX];

  fprintf(canvas->out, "%-19.19s ", incident->name);
  draw_severity(canvas, incident);
  if (incident->unmeasured_s > 0) {
    fprintf(canvas->out, " %-32s", host_incident_unmeasured);
  } else {
    fprintf(canvas->out, " %8s %8s",
            status_metrics_figure(incident->observed, observed),
            status_metrics_figure(incident->expected, expected));
    draw_limits(canvas, incident);
  }
  host_incident_since(incident, canvas->now_s, since);
  fprintf(canvas->out, "%s%.18s\n", since[0] == '\0' ? "" : "  ", since);
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

/* The reading's time, and how old it is. */
static void draw_head(const struct canvas *canvas) {
  char when[HEAD_MAX] = "", age[CELL_MAX] = "";
  time_t reading = (time_t)canvas->model->reading_s;
  double age_s = fmin(fmax(canvas->now_s - canvas->model->reading_s, 0), 9e6);
  struct tm local = {0};

  if (!isnan(canvas->model->reading_s) && localtime_r(&reading, &local)) {
    strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S", &local);
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
  draw_counters(&canvas);
  draw_incidents(&canvas);
}
