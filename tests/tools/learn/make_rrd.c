/* make_rrd: a host's CSV of `simulate` on standard input, as the RRD files that
 * collectd's rrdtool plugin makes of it by its defaults, in DIR, which is
 * DIR/HOST/tcpstates-all. Source of the facts: src/utils/rrdcreate of collectd
 * 5.12. usage: make_rrd FOLDER STEP */
#ifdef HAVE_LIBRRD

#include <rrd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 64, PIECE = 2000, ROWS = 1200, DEFINITIONS = 6 };
static const unsigned long spans_s[] = {3600, 86400, 604800, 2678400, 31622400};

struct column {
  char path[512], type[64];
  char *updates[PIECE];
  int len;
};
static struct column columns[COLUMNS];

static void die(const char *what) {
  fprintf(stderr, "make_rrd: %s: %s\n", what, rrd_get_error());
  exit(EXIT_FAILURE);
}

static void create(struct column *column, unsigned long step_s, time_t from) {
  char text[DEFINITIONS][64];
  const char *definitions[DEFINITIONS];
  int len = 0;

  snprintf(text[0], sizeof(text[0]), "DS:value:%s:%lu:0:U",
           strncmp(column->type, "protocol", 8) == 0 ? "DERIVE" : "GAUGE",
           2 * step_s);
  definitions[len++] = text[0];
  for (size_t i = 0; i < sizeof(spans_s) / sizeof(spans_s[0]); i++) {
    unsigned long per_row = spans_s[i] / (ROWS * step_s);
    if (per_row < 1)
      per_row = 1;
    snprintf(text[len], sizeof(text[0]), "RRA:AVERAGE:0.1:%lu:%lu", per_row,
             (spans_s[i] + per_row * step_s - 1) / (per_row * step_s) > ROWS
                 ? (spans_s[i] + per_row * step_s - 1) / (per_row * step_s)
                 : (unsigned long)ROWS);
    definitions[len] = text[len];
    len++;
  }
  if (rrd_create_r(column->path, step_s, from, len, definitions) != 0)
    die(column->path);
}

static void flush(struct column *column) {
  if (column->len > 0 && rrd_update_r(column->path, NULL, column->len,
                                      (const char **)column->updates) != 0)
    die(column->path);
  for (int i = 0; i < column->len; i++)
    free(column->updates[i]);
  column->len = 0;
}

static size_t read_heads(char *line, const char *folder) {
  size_t len = 0;

  strtok(line, ",\n"); /* time */
  for (char *head; len < COLUMNS && (head = strtok(NULL, ",\n")); len++) {
    const char *slash = strrchr(head, '/');
    snprintf(columns[len].type, sizeof(columns[len].type), "%s",
             slash ? slash + 1 : head);
    snprintf(columns[len].path, sizeof(columns[len].path), "%s/%s.rrd", folder,
             columns[len].type);
  }
  return len;
}

static void add_row(char *line, size_t len, unsigned long step_s) {
  static time_t begun;
  char *at = line, *time = strsep(&at, ",\n");
  char update[128];

  if (begun == 0) {
    begun = (time_t)strtol(time, NULL, 10);
    for (size_t i = 0; i < len; i++)
      create(&columns[i], step_s, begun - (time_t)step_s);
  }
  for (size_t i = 0; i < len && at; i++) {
    const char *cell = strsep(&at, ",\n");
    snprintf(update, sizeof(update), "%s:%s", time, *cell ? cell : "U");
    columns[i].updates[columns[i].len++] = strdup(update);
    if (columns[i].len == PIECE)
      flush(&columns[i]);
  }
}

int main(int argc, char **argv) {
  static char line[1 << 16];
  size_t len = 0;

  if (argc != 3 || !fgets(line, sizeof(line), stdin))
    return EXIT_FAILURE;
  len = read_heads(line, argv[1]);
  while (fgets(line, sizeof(line), stdin))
    add_row(line, len, strtoul(argv[2], NULL, 10));
  for (size_t i = 0; i < len; i++)
    flush(&columns[i]);
  return EXIT_SUCCESS;
}

#else

int main(void) { return 77; } /* built without librrd */

#endif
