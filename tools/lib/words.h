/* How the command spells numbers, lengths of time, severities and lists. Each
 * format has one function here; they differ because the places differ: a screen
 * of fixed columns, a sentence, the line of a check. Pure.
 *
 * A function that takes `text` writes at most WORDS_MAX bytes there and returns
 * it, so that a call can stand in an argument list:
 *
 *     char lasted[WORDS_MAX];
 *     printf("open for %s\n", words_duration_notice(open_s, lasted)); */
#ifndef TOOLS_LIB_WORDS_H
#define TOOLS_LIB_WORDS_H

#include "verdict/incidents/incident.h"

#include <stdbool.h>
#include <stddef.h>

enum { WORDS_MAX = 32 };

/* Lengths of time. All count up to 119 s and up to 119 min, and cut off what is
 * left over; below 0 they say "0 s". From two hours on:
 *                     7380 s         7200 s         273600 s
 *   _duration         "2 h 03 min"   "2 h 00 min"   "3 d 04 h"     watch
 *   _duration_short   "2 h"          "2 h"          "3 d"          status,
 * check _duration_prose   "2 h 3 min"    "2 h"          "3 days"       explain
 *   _duration_notice  "2 h 3 min"    "2 h 0 min"    "3 d 4 h"      plot, learn
 *   _duration_hours   "2 h 3 min"    "2 h 0 min"    "76 h 0 min"   replay
 * words_duration alone has tenths, "1.5 s" below 10 s, and "-" for NAN; the
 * others say "0 s" for NAN. */
const char *words_duration(double seconds, char *text);
const char *words_duration_short(double seconds, char *text);
const char *words_duration_prose(double seconds, char *text);
const char *words_duration_notice(double seconds, char *text);
const char *words_duration_hours(double seconds, char *text);

/* "12", "98.2 %", "12.3k", "-" for NAN: so many decimals below 100, a prefix
 * from 100000 on. For columns of watch. */
const char *words_number(double value, int decimals, const char *unit,
                         char *text);

/* At most seven characters, without zeros at the end: "0", "4.25", "512",
 * "99999", "120k", "1.5M"; "-" for NAN and from 1e12 on. For status and check.
 */
const char *words_figure(double value, char *text);

/* Three digits, but whole numbers whole: "12", "3.4 %", "0.25/s", "1234567";
 * from 1e9 on with an exponent. number: finite. For explain. */
const char *words_three_digits(double number, const char *unit, char *text);

/* "OKAY", "WARNING", "FAILURE". */
const char *words_severity(enum severity severity);

/* "web1, web2 and 12 more": names one by one, as long as there is room.
 *
 *     struct words_list list = words_list_begin(text, sizeof(text), 8);
 *     for (size_t i = 0; i < len; i++)
 *       words_list_add(&list, names[i]);
 *     words_list_end(&list);
 *
 * text is "" where nothing was added, and "12 more" where there was no room for
 * the first. Once a name has no room, the later ones are only counted. */
struct words_list {
  char *text;
  size_t size, used;
  size_t room;        /* how many names may be written */
  size_t shown, more; /* written; only counted */
};

/* text: size bytes, more than WORDS_LIST_TAIL. names_max: at most so many. */
enum { WORDS_LIST_TAIL = 32 }; /* kept free for " and 4294967296 more" */
struct words_list words_list_begin(char *text, size_t size, size_t names_max);
void words_list_add(struct words_list *list, const char *name);
void words_list_end(struct words_list *list);

/* Replaces all but printable ASCII by question marks: the names come from the
 * network. text: text_max bytes. */
const char *words_clean(const char *raw, char *text, size_t text_max);

#endif
