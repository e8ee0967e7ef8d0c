/* See simulated_host.h. */
#include "simulated_host.h"

#include "utils/common/common.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static _Noreturn void give_up(const struct simulated_host *host,
                              const char *why) {
  fprintf(stderr, "soak_writes: %s: %s\n", host->name, why);
  exit(EXIT_FAILURE);
}

/* Whether there was another whole line; without its end then. */
static bool read_line(struct simulated_host *host) {
  if (fgets(host->line, sizeof(host->line), host->rows) == NULL)
    return false;
  char *end = strchr(host->line, '\n');
  if (end == NULL)
    give_up(host, "a line is cut");
  *end = '\0';
  return true;
}

/* The text up to the next comma, which is made its end; NULL behind the last.
 */
static char *next_cell(char **rest) {
  char *cell = *rest;
  if (cell == NULL)
    return NULL;
  char *comma = strchr(cell, ',');
  *rest = comma == NULL ? NULL : comma + 1;
  if (comma != NULL)
    *comma = '\0';
  return cell;
}

/* head: "tcpstates-all/TYPE-INSTANCE". */
static void read_head(struct simulated_host *host, const char *head) {
  static const char before[] = "tcpstates-all/";
  const char *type = head + strlen(before), *dash = NULL;
  if (host->columns < HOST_COLUMNS_MAX &&
      strncmp(head, before, strlen(before)) == 0)
    dash = strchr(type, '-');
  if (dash == NULL)
    give_up(host, "these are no heads of a simulated host");
  struct simulated_column *column = &host->column[host->columns++];
  snprintf(column->type, sizeof(column->type), "%.*s", (int)(dash - type),
           type);
  snprintf(column->instance, sizeof(column->instance), "%s", dash + 1);
  column->kind = strcmp(column->type, "protocol_counter") == 0 ? DS_TYPE_DERIVE
                                                               : DS_TYPE_GAUGE;
}

static void read_heads(struct simulated_host *host) {
  char *rest = host->line, *head;
  if (!read_line(host) || strcmp(next_cell(&rest), "time") != 0)
    give_up(host, "the simulator says nothing");
  while ((head = next_cell(&rest)) != NULL)
    read_head(host, head);
}

static void read_cell(struct simulated_host *host, size_t i, const char *cell) {
  host->has[i] = cell[0] != '\0';
  if (host->column[i].kind == DS_TYPE_DERIVE)
    host->value[i].derive = (derive_t)strtoll(cell, NULL, 10);
  else
    host->value[i].gauge = strtod(cell, NULL);
}

void simulated_host_next(struct simulated_host *host) {
  if (!read_line(host)) {
    host->time_s = INFINITY;
    return;
  }
  char *rest = host->line, *cell = next_cell(&rest);
  host->time_s = strtod(cell, NULL) + host->shift_s;
  size_t i = 0;
  for (; (cell = next_cell(&rest)) != NULL && i < host->columns; i++)
    read_cell(host, i, cell);
  if (i != host->columns || cell != NULL)
    give_up(host, "a row has not as many cells as there are heads");
}

void simulated_host_open(struct simulated_host *host, const char *path,
                         const char *name, double begin_s) {
  *host = (struct simulated_host){.rows = fopen(path, "r")};
  snprintf(host->name, sizeof(host->name), "%s", name);
  if (host->rows == NULL)
    give_up(host, "cannot be opened");
  read_heads(host);
  simulated_host_next(host);
  if (isfinite(host->time_s)) {
    host->shift_s = begin_s - host->time_s;
    host->time_s = begin_s;
  }
}
