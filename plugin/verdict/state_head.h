/* The head of the saved text: which members its lines hold. Private to the
 * room. */
#ifndef STATE_HEAD_H
#define STATE_HEAD_H

#include "state_fields.h"

/* Write the remarks that name the members, one a kind of line. Returns behind
 * the last. */
char *state_head_print(char *at);

/* Hold one remark, without its newline, against what this build would write.
 * Returns whether both name the same members, or it names none; else says in
 * error (STATE_TEXT_ERROR_MAX bytes) where they part. */
bool state_head_check(const char *remark, size_t length, char *error);

#endif
