/* Draws the table of `status`: states on the left, ratios and queues on the
 * right, counters and incidents below. Touches the stream it is given. */
#include "status_draw.h"

#include "table/kernel_counters.h"
#include "table/tcp_state.h"

#include <math.h>

enum { INCIDENTS_MAX = 64, BAR_LEN = 16, COUNTER_COLUMNS = 3, CELL_MAX = 16 };

#define BOLD "\033[1m"
#define GREEN "\033[32m"
#define YELLOW "\033[33m"
#define RED "\033[1;31m"
#define PLAIN "\033[0m"

/* The right half, line by line; without a type: a heading, or an empty line. */
static const struct side_row {
  const char *label, *type, *type_instance;
  int decimals;
  const char *unit;
} side_rows[] = {
    {"RATIOS", NULL, NULL, 0, NULL},
    {"completion", "percent", "completion", 1, " %"},
    {"half-open of active", "percent", "syn_recv", 1, " %"},
    {"aged of half-open", "percent", "syn_recv_aged", 1, " %"},
    {"handshakes done", "percent", "handshake", 1, " %"},
    {"opened from outside", "percent", "inbound", 1, " %"},
    {"state entropy", "gauge", "state_entropy", 3, ""},
    {"state deviation", "gauge", "state_stddev", 1, ""},
    {NULL, NULL, NULL, 0, NULL},
    {"FULLEST QUEUES", NULL, NULL, 0, NULL},
    {"SYN queue", "percent", "syn_queue", 1, " %"},
    {"  by aged entries", "percent", "syn_queue_aged", 1, " %"},
    {"accept queue", "percent", "accept_queue", 1, " %"},
    {"TIME_WAIT limit", "percent", "time_wait", 1, " %"},
};
enum { SIDE_LEN = sizeof(side_rows) / sizeof(side_rows[0]) };

struct canvas {
  FILE *out;
  const struct status_model *model;
  bool colour;
};

static double find(const struct canvas *canvas, const char *type,
                   const char *type_instance) {
  return status_model_find(canvas->model, "tcpstates", "all", type,
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

static double all_sockets(const struct canvas *canvas) {
  double sum = 0;
  for (int state = 1; state < TCP_STATE_END; state++) {
    double count = find(canvas, "tcp_connections", tcp_state_name(state));
    sum += isnan(count) ? 0 : count;
  }
  return sum;
}

/* 52 columns. */
static void draw_count(const struct canvas *canvas, const char *label,
                       double count, double all) {
  char number[CELL_MAX], share[CELL_MAX], bar[BAR_LEN + 1] = "";
  double part = all > 0 ? count / all : NAN;
  int filled = isnan(part) ? 0 : (int)lround(part * BAR_LEN);
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
static void draw_right(const struct canvas *canvas,
                       const struct side_row *row) {
  char text[CELL_MAX];
  if (row->type != NULL)
    fprintf(canvas->out, "%-19s%9s", row->label,
            cell(find(canvas, row->type, row->type_instance), row->decimals,
                 row->unit, text));
  else if (row->label != NULL)
    put(canvas, BOLD, row->label);
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

static void draw_severity(const struct canvas *canvas, double severity) {
  if (isnan(severity))
    put(canvas, PLAIN, "unknown  ");
  else if (severity < 1)
    put(canvas, GREEN, "OKAY     ");
  else if (severity < 2)
    put(canvas, YELLOW, "WARNING  ");
  else
    put(canvas, RED, "FAILURE  ");
}

static void draw_incident(const struct canvas *canvas, const char *name) {
  static const char *const columns[] = {"expected", "lower", "upper", "score"};
  char number[CELL_MAX];
  fprintf(canvas->out, "%-29.28s", name);
  draw_severity(canvas, status_model_find(canvas->model, "baseline", name,
                                          "gauge", "severity"));
  for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
    fprintf(canvas->out, " %9s",
            cell(status_model_find(canvas->model, "baseline", name, "gauge",
                                   columns[i]),
                 1, "", number));
  fputc('\n', canvas->out);
}

static void draw_incidents(const struct canvas *canvas) {
  const char *names[INCIDENTS_MAX];
  size_t len = status_model_incidents(canvas->model, names, INCIDENTS_MAX);
  fputc('\n', canvas->out);
  if (len == 0) {
    fputs("No incidents are judged: the daemon has no values of baseline. Is "
          "the line\n\"LoadPlugin baseline\" in collectd.conf? The first "
          "judgement takes two intervals.\n",
          canvas->out);
    return;
  }
  char heading[80];
  snprintf(heading, sizeof(heading), "%-29s%-9s %9s %9s %9s %9s", "INCIDENT",
           "STATE", "EXPECTED", "LOWER", "UPPER", "SCORE");
  put(canvas, BOLD, heading);
  fputc('\n', canvas->out);
  for (size_t i = 0; i < len; i++)
    draw_incident(canvas, names[i]);
}

void status_draw(FILE *out, const struct status_model *model, const char *when,
                 bool colour) {
  struct canvas canvas = {.out = out, .model = model, .colour = colour};
  double all = all_sockets(&canvas);
  fprintf(out, "%-60.60s %19.19s\n\n", model->host, when);
  for (size_t line = 0; line < SIDE_LEN; line++) {
    draw_left(&canvas, line, all);
    draw_right(&canvas, &side_rows[line]);
  }
  draw_counters(&canvas);
  draw_incidents(&canvas);
}
