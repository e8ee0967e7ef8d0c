/* Who judges a series: the <Watch> of this build, or a plug-in beside it. A
 * plug-in is a shared object that exports `const struct habits_judge
 * habits_judge`; it is for comparing with another version or method. */
#ifndef HABITS_JUDGE_H
#define HABITS_JUDGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct habits_value {
  double time_s, interval_s;
  double zone_s; /* local time minus UTC at this time */
  double value;  /* of a counter: its total, whole */
  bool counter;
};

struct habits_answer {
  bool judged, alarm; /* alarm: an incident begins with this value */
  double expected, lower, upper, score;
};

/* One option of the <Watch>, "FalseAlarms" and "0.25". */
struct habits_option {
  const char *key, *value;
};

struct habits_judge {
  const char *name;
  size_t bytes; /* what it remembers of one series */
  /* A judge of `series` series. Returns NULL and a message in error (512 bytes)
   * when an option is refused or memory is short. */
  void *(*create)(size_t series, const struct habits_option *options,
                  size_t options_len, char *error);
  void (*destroy)(void *judge);
  void (*put)(void *judge, size_t series, const struct habits_value *value,
              struct habits_answer *out);
};

extern const struct habits_judge habits_judge;

#endif
