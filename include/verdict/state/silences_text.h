/* The operator's silences <-> the text of the file beside the StateFile:
 *
 *   collectd-baseline silences 1
 *   # from until host incident =by =why
 *   1764438000 1764445200 web* syn_flood =root =new%20load%20balancer
 *
 * What is not printable ASCII, and '%', is %XX. Pure. */
#ifndef VERDICT_STATE_SILENCES_TEXT_H
#define VERDICT_STATE_SILENCES_TEXT_H

#include "verdict/silences.h"

enum {
  SILENCES_TEXT_HEAD_MAX = 128,
  SILENCES_TEXT_LINE_MAX = 2048,
  SILENCES_TEXT_MAX =
      SILENCES_TEXT_HEAD_MAX + SILENCES_MAX * SILENCES_TEXT_LINE_MAX,
  SILENCES_TEXT_ERROR_MAX = 128,
};

/* All length bytes of text. Returns 0 and *out, whose array the caller frees;
 * -EINVAL and the line and what is wrong with it in error
 * (SILENCES_TEXT_ERROR_MAX bytes); or -ENOMEM. Nothing is taken of a text that
 * is wrong anywhere. */
int silences_text_read(const char *text, size_t length,
                       struct silences_list *out, char *error);

/* Whether it may stand in the file: names without control characters and not
 * empty, and at most SILENCES_LONGEST_S long. */
bool silences_text_is_sound(const struct silences_one *one);

/* The first lines, and that of one. Each returns the length, less than
 * SILENCES_TEXT_HEAD_MAX or SILENCES_TEXT_LINE_MAX. */
size_t silences_text_head(char *text);
size_t silences_text_line(const struct silences_one *one, char *text);

#endif
