/* Draws a line over itself. Touches the terminal and the clock. */
#define _GNU_SOURCE
#include "progress.h"

#include "moment.h"

#include <math.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { BAR_MIN = 8, BAR_MAX = 40, COLUMNS_USUAL = 80 };
static const double draw_s = 0.2, first_s = 0.5; /* short work draws nothing */
static const double guess_s = 2; /* no guess of the time left before */

static void print_bytes(char *text, size_t size, double bytes) {
  static const char *const units[] = {"B", "KB", "MB", "GB", "TB"};
  size_t unit = 0;

  while (bytes >= 999.5 && unit + 1 < sizeof(units) / sizeof(units[0])) {
    bytes /= 1000;
    unit++;
  }
  snprintf(text, size, bytes < 9.95 && unit > 0 ? "%.1f %s" : "%.0f %s", bytes,
           units[unit]);
}

static void print_left(char *text, size_t size, const struct progress_at *at,
                       double share) {
  double left_s = at->elapsed_s * (1 - share) / share;

  text[0] = '\0';
  if (at->elapsed_s < guess_s || !(share > 0) || !(left_s < 360000))
    return;
  int s = (int)ceil(left_s);
  if (s < 3600)
    snprintf(text, size, "  %d:%02d left", s / 60, s % 60);
  else
    snprintf(text, size, "  %d h %02d min left", s / 3600, s / 60 % 60);
}

/* "[=====>    ]", or nothing if there is no room. Returns its width. */
static int print_bar(char *line, int room, double share) {
  int width = room > BAR_MAX ? BAR_MAX : room;
  int full = (int)(share * (width - 2));

  if (width < BAR_MIN)
    return 0;
  line[0] = '[';
  memset(line + 1, ' ', (size_t)(width - 2));
  memset(line + 1, '=', (size_t)full);
  if (full < width - 2)
    line[1 + full] = '>';
  line[width - 1] = ']';
  line[width] = '\0';
  return width;
}

static void line_of_known(const struct progress_at *at, int columns,
                          char *line) {
  double share = fmin(1, (double)at->done / (double)at->total);
  char text[PROGRESS_LINE_MAX], done[32], total[32], left[48];

  print_bytes(done, sizeof(done), (double)at->done);
  print_bytes(total, sizeof(total), (double)at->total);
  print_left(left, sizeof(left), at, share);
  int length = snprintf(text, sizeof(text), " %3.0f %%  %s of %s%s%s%s",
                        floor(100 * share), done, total,
                        *at->note ? "  at " : "", at->note, left);
  int bar = print_bar(line, columns - length, share);
  snprintf(line + bar, (size_t)(columns - bar) + 1, "%s", text);
}

void progress_line(const struct progress_at *at, int columns, char *line) {
  char done[32];

  if (columns > PROGRESS_LINE_MAX - 1)
    columns = PROGRESS_LINE_MAX - 1;
  line[0] = '\0';
  if (columns < 1)
    return;
  if (at->total > 0) {
    line_of_known(at, columns, line);
    return;
  }
  print_bytes(done, sizeof(done), (double)at->done);
  snprintf(line, (size_t)columns + 1, "%s read%s%s", done,
           *at->note ? "  at " : "", at->note);
}

void progress_begin(struct progress *progress, FILE *out) {
  *progress = (struct progress){.out = isatty(fileno(out)) ? out : NULL};
  progress->begun_s = moment_steady();
  progress->drawn_s = progress->begun_s + first_s - draw_s;
}

/* The last column stays free: some terminals break the line after it. */
static int columns_of(FILE *out) {
  struct winsize size;

  if (ioctl(fileno(out), TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
    return COLUMNS_USUAL - 1;
  return size.ws_col - 1;
}

void progress_show(struct progress *progress, uint64_t done, uint64_t total,
                   const char *note) {
  char line[PROGRESS_LINE_MAX];

  if (!progress->out)
    return;
  double now_s = moment_steady();
  if (now_s - progress->drawn_s < draw_s)
    return;
  progress->drawn_s = now_s;
  progress->drawn = true;
  struct progress_at at = {done, total, now_s - progress->begun_s, note};
  progress_line(&at, columns_of(progress->out), line);
  fprintf(progress->out, "\r%s\033[K", line);
  fflush(progress->out);
}

void progress_end(struct progress *progress) {
  if (progress->out && progress->drawn) {
    fputs("\r\033[K", progress->out);
    fflush(progress->out);
  }
  progress->drawn = false;
}
