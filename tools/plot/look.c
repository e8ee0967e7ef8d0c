/* See look.h. */
#include "look.h"

#include <stddef.h>
#include <string.h>

/* Returns len if the word is none of the names. */
static size_t find(const char *word, const char *const *names, size_t len) {
  size_t i = 0;

  while (i < len && strcmp(word, names[i]) != 0)
    i++;
  return i;
}

bool plot_look_take_theme(const char *word, enum plot_theme *out) {
  static const char *const names[] = {
      [PLOT_LIGHT] = "light",
      [PLOT_DARK] = "dark",
  };
  size_t len = sizeof(names) / sizeof(names[0]), i = find(word, names, len);

  if (i < len)
    *out = (enum plot_theme)i;
  return i < len;
}

bool plot_look_take_axis(const char *word, enum plot_axis *out) {
  static const char *const names[] = {
      [PLOT_AXIS_AUTO] = "auto",
      [PLOT_AXIS_LINEAR] = "linear",
      [PLOT_AXIS_LOG] = "log",
  };
  size_t len = sizeof(names) / sizeof(names[0]), i = find(word, names, len);

  if (i < len)
    *out = (enum plot_axis)i;
  return i < len;
}
