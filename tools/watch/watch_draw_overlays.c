/* What lies over the screen for a while: the help, the list of hosts. */
#include "panes.h"

#include <string.h>

static const char *const help[] = {
    "q          quit",
    "p          pause, and go on",
    "+  -       ask collectd less, more often",
    "z          curves of 2 min, 10 min, 1 h",
    "v          all values as numbers",
    "h          list of hosts",
    "arrows     next, previous host",
    "Ctrl-L     draw anew",
    "any key    close this",
};
enum { HELP_LEN = sizeof(help) / sizeof(help[0]), HELP_COLUMNS = 40 };
enum { LIST_COLUMNS = 60, LIST_ROWS = 20, FRAME = 2 };

static int smaller(int a, int b) { return a < b ? a : b; }

/* A framed field amid the window. Returns its inside. */
static struct watch_box open_field(const struct watch_box *window, int rows,
                                   int columns) {
  rows = smaller(rows + FRAME, window->rows);
  columns = smaller(columns + 2 * FRAME, window->columns);
  int y = (window->rows - rows) / 2, x = (window->columns - columns) / 2;
  watch_screen_frame(y, x, rows, columns);
  return (struct watch_box){.y = y + 1,
                            .x = x + FRAME,
                            .rows = rows - FRAME,
                            .columns = columns - 2 * FRAME};
}

void watch_draw_help(const struct watch_box *window) {
  struct watch_box box = open_field(window, HELP_LEN, HELP_COLUMNS);
  for (int i = 0; i < HELP_LEN; i++)
    watch_draw_text(&box, i, 0, WATCH_PLAIN, "%s", help[i]);
}

static int list_rows(const struct watch_box *window) {
  return smaller(LIST_ROWS, window->rows - FRAME) - 1;
}

size_t watch_draw_page(void) {
  struct watch_box window = {0};
  watch_screen_size(&window.rows, &window.columns);
  int rows = list_rows(&window);
  return rows > 1 ? (size_t)rows : 1;
}

/* The page that holds the cursor, below a line with the filter. */
void watch_draw_hosts(const struct watch_box *window,
                      const struct watch_picture *picture) {
  const struct watch_choice *choice = picture->choice;
  struct watch_box box =
      open_field(window, list_rows(window) + 1, LIST_COLUMNS);
  size_t matches = watch_keys_matches(choice, picture->hosts);
  size_t page = watch_draw_page(), first = choice->cursor / page * page;
  watch_draw_text(&box, 0, 0, WATCH_BOLD, "%zu of %zu hosts: %s_", matches,
                  picture->hosts->len, choice->filter);
  watch_draw_right(&box, 0, WATCH_DIM, "type, Enter, Esc");
  for (size_t i = first; i < first + page; i++) {
    const char *host = watch_keys_match(choice, picture->hosts, i);
    if (host == NULL)
      break;
    watch_draw_text(&box, (int)(i - first) + 1, 0,
                    i == choice->cursor ? WATCH_SELECTED : WATCH_PLAIN, "%-*s",
                    box.columns, host);
  }
}
