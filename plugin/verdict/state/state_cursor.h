/* A line of the saved text cut into words. Private to the room. */
#ifndef VERDICT_STATE_STATE_CURSOR_H
#define VERDICT_STATE_STATE_CURSOR_H

#include <stdbool.h>
#include <stddef.h>

struct state_cursor {
  const char *at, *end; /* the line, without its newline */
};

/* The next word, with its zero at the end, in size bytes. Returns false where
 * there is none, it has no room, or it has a zero byte in it. */
bool state_cursor_next_token(struct state_cursor *cursor, char *token,
                             size_t size);

bool state_cursor_at_end(const struct state_cursor *cursor);

/* Names come from the network: what is not printable ASCII, and '%', is written
 * %XX. Returns the length, at most three times that of name; nothing is put
 * behind it. */
size_t state_cursor_print_name(const char *name, char *text);

/* A word as the name that it was written from, %XX for what is no letter of a
 * word. Returns false for what is none, or has no room in size bytes. */
bool state_cursor_scan_name(const char *token, char *name, size_t size);

#endif
