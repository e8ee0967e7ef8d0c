/* JSON, written member by member into a stream. Source: RFC 8259.
 *
 *     struct json_writer json = json_begin(out);
 *     json_open(&json, NULL, '{');
 *     json_add_string(&json, "host", host);
 *     json_open(&json, "votes", '[');
 *     json_add_number(&json, NULL, 3);
 *     json_close(&json, ']');
 *     json_close(&json, '}');
 *
 * writes {"host":"web1","votes":[3]}: nothing between the parts, and no line
 * feed at the end. */
#ifndef TOOLS_LIB_JSON_H
#define TOOLS_LIB_JSON_H

#include <stdbool.h>
#include <stdio.h>

/* Where the writing is. The writer sets the commas; the caller closes what it
 * opened. */
struct json_writer {
  FILE *out;
  bool follows; /* the next part needs a comma before it */
};

struct json_writer json_begin(FILE *out);

/* key: the member's name; NULL in an array and at the top. bracket: '{' or '['
 * to open, '}' or ']' to close. */
void json_open(struct json_writer *json, const char *key, char bracket);
void json_close(struct json_writer *json, char bracket);

/* Adds a member or an element. A string gets its quotes; its bytes that are not
 * UTF-8 become U+FFFD, and all control characters are escaped, C1 too, because
 * people look at JSON in terminals. text NULL becomes null, and so does a
 * number that is not finite. */
void json_add_string(struct json_writer *json, const char *key,
                     const char *text);
void json_add_number(struct json_writer *json, const char *key, double number);
void json_add_truth(struct json_writer *json, const char *key, bool is_true);

#endif
