/* A strict reader of small JSON files of which the form is known, part by part.
 * Source: RFC 8259; strings with escapes are refused. Pure.
 *
 *     for (nab_json_open(&json, '{'); nab_json_more(&json, '}');) {
 *       nab_json_key(&json, name, sizeof(name));
 *       number = nab_json_number(&json);
 *     }
 *     nab_json_finish(&json);
 *     if (json.problem) ...
 *
 * After a problem every call does nothing and nab_json_more returns false. */
#ifndef TESTS_NAB_JSON_H
#define TESTS_NAB_JSON_H

#include <stdbool.h>
#include <stddef.h>

struct nab_json {
  const char *begin, *at, *end;
  bool follows;        /* a comma must come before the next part */
  const char *problem; /* NULL: none so far; it is at `at` */
};

struct nab_json nab_json_begin(const char *text, size_t length);

void nab_json_open(struct nab_json *json, char bracket);

/* Whether another part follows; takes its comma, or the closing bracket. */
bool nab_json_more(struct nab_json *json, char bracket);

/* out: "" after a problem. One that does not fit is a problem. */
void nab_json_string(struct nab_json *json, char *out, size_t size);
void nab_json_key(struct nab_json *json, char *out, size_t size);

/* NAN after a problem. */
double nab_json_number(struct nab_json *json);

/* Nothing but blanks may follow. */
void nab_json_finish(struct nab_json *json);

/* The line of the problem, from 1. */
size_t nab_json_line(const struct nab_json *json);

#endif
