/* See watch_keys.h. */
#include "keys.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

const double watch_keys_every_min_s = 0.1, watch_keys_every_max_s = 86400;

static const double every_steps_s[] = {0.1, 0.2, 0.5, 1,  2,   5,
                                       10,  20,  30,  60, 120, 300};
enum { EVERY_STEPS = sizeof(every_steps_s) / sizeof(every_steps_s[0]) };

double watch_keys_span_s(int span) {
  static const double spans_s[WATCH_SPANS] = {120, 600, 3600};
  return spans_s[span];
}

static void ask_less_often(struct watch_choice *choice) {
  for (size_t i = 0; i < EVERY_STEPS; i++)
    if (every_steps_s[i] > choice->every_s) {
      choice->every_s = every_steps_s[i];
      return;
    }
}

static void ask_more_often(struct watch_choice *choice) {
  for (size_t i = EVERY_STEPS; i > 0; i--)
    if (every_steps_s[i - 1] < choice->every_s) {
      choice->every_s = every_steps_s[i - 1];
      return;
    }
}

static bool holds(const char *name, const char *part) {
  size_t len = strlen(part);
  for (; *name != '\0' || len == 0; name++) {
    size_t same = 0;
    while (same < len && tolower((unsigned char)name[same]) ==
                             tolower((unsigned char)part[same]))
      same++;
    if (same == len)
      return true;
  }
  return false;
}

const char *watch_keys_match(const struct watch_choice *choice,
                             const struct watch_hosts *hosts, size_t i) {
  for (size_t k = 0; k < hosts->len; k++)
    if (holds(hosts->names[k], choice->filter) && i-- == 0)
      return hosts->names[k];
  return NULL;
}

size_t watch_keys_matches(const struct watch_choice *choice,
                          const struct watch_hosts *hosts) {
  size_t count = 0;
  for (size_t i = 0; i < hosts->len; i++)
    count += holds(hosts->names[i], choice->filter);
  return count;
}

static void choose(struct watch_choice *choice, const char *host) {
  if (host != NULL)
    snprintf(choice->host, sizeof(choice->host), "%s", host);
}

/* The host beside the present one, round and round. */
static void choose_beside(struct watch_choice *choice,
                          const struct watch_hosts *hosts, bool next) {
  size_t at = 0;
  if (hosts->len == 0)
    return;
  while (at < hosts->len && strcmp(hosts->names[at], choice->host) != 0)
    at++;
  if (at == hosts->len)
    at = 0;
  else
    at = (at + (next ? 1 : hosts->len - 1)) % hosts->len;
  choose(choice, hosts->names[at]);
}

static void open_list(struct watch_choice *choice,
                      const struct watch_hosts *hosts) {
  choice->choosing = true;
  choice->filter[0] = '\0';
  choice->cursor = 0;
  for (size_t i = 0; i < hosts->len; i++)
    if (strcmp(hosts->names[i], choice->host) == 0)
      choice->cursor = i;
}

static void edit_filter(struct watch_choice *choice, int key) {
  size_t len = strlen(choice->filter);
  if (key == WATCH_KEY_BACKSPACE && len > 0)
    choice->filter[len - 1] = '\0';
  else if (key > ' ' && key <= '~' && len + 1 < WATCH_FILTER_MAX) {
    choice->filter[len] = (char)key;
    choice->filter[len + 1] = '\0';
  } else
    return;
  choice->cursor = 0;
}

static void move_cursor(struct watch_choice *choice, size_t matches,
                        long distance) {
  long last = matches > 0 ? (long)matches - 1 : 0;
  long to = (long)choice->cursor + distance;
  choice->cursor = (size_t)(to < 0 ? 0 : to > last ? last : to);
}

static void press_in_list(struct watch_choice *choice, int key,
                          const struct watch_hosts *hosts, size_t page) {
  size_t matches = watch_keys_matches(choice, hosts);
  switch (key) {
  case WATCH_KEY_ENTER:
    choose(choice, watch_keys_match(choice, hosts, choice->cursor));
    choice->choosing = false;
    break;
  case WATCH_KEY_ESCAPE:
    choice->choosing = false;
    break;
  case WATCH_KEY_UP:
    move_cursor(choice, matches, -1);
    break;
  case WATCH_KEY_DOWN:
    move_cursor(choice, matches, 1);
    break;
  case WATCH_KEY_PAGE_UP:
    move_cursor(choice, matches, -(long)page);
    break;
  case WATCH_KEY_PAGE_DOWN:
    move_cursor(choice, matches, (long)page);
    break;
  case WATCH_KEY_HOME:
    choice->cursor = 0;
    break;
  case WATCH_KEY_END:
    move_cursor(choice, matches, (long)matches);
    break;
  default:
    edit_filter(choice, key);
    break;
  }
}

static void press_on_curves(struct watch_choice *choice, int key,
                            const struct watch_hosts *hosts) {
  switch (key) {
  case 'q':
  case 'Q':
    choice->leaving = true;
    break;
  case 'p':
  case ' ':
    choice->paused = !choice->paused;
    break;
  case 'v':
    choice->only_values = !choice->only_values;
    break;
  case 'z':
    choice->span = (choice->span + 1) % WATCH_SPANS;
    break;
  case '+':
  case '=': /* + without shift */
    ask_less_often(choice);
    break;
  case '-':
    ask_more_often(choice);
    break;
  case 'h':
    open_list(choice, hosts);
    break;
  case WATCH_KEY_RIGHT:
  case WATCH_KEY_DOWN:
    choose_beside(choice, hosts, true);
    break;
  case WATCH_KEY_LEFT:
  case WATCH_KEY_UP:
    choose_beside(choice, hosts, false);
    break;
  default:
    break;
  }
}

void watch_keys_press(struct watch_choice *choice, int key,
                      const struct watch_hosts *hosts, size_t page) {
  if (key == WATCH_KEY_NONE)
    return;
  if (choice->choosing) {
    press_in_list(choice, key, hosts, page);
  } else if (key == '?') {
    choice->helping = !choice->helping;
  } else if (choice->helping) {
    choice->helping = false; /* any key closes it, q too */
  } else {
    press_on_curves(choice, key, hosts);
  }
}
