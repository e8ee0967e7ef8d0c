/* The saved text, written piece by piece. Pure. */
#include "verdict/state/state_text.h"

#include "state_cursor.h"
#include "state_fields.h"
#include "state_head.h"
#include "state_number.h"
#include "verdict/plain_text.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char saved_mark[] = "# saved ";
static const double usual_bytes = 2048; /* a host, or a series */

static size_t finish(struct state_text *state, const char *text,
                     const char *end) {
  size_t length = (size_t)(end - text);

  state->checksum = state_fields_checksum(state->checksum, text, length);
  return length;
}

static char *print_name(char *at, const char *name) {
  return at + state_cursor_print_name(name, at);
}

/* A member that is as in other is written "="; other: NULL for none. */
static char *print_part(char *at, const struct state_part *part,
                        const void *base, const void *other) {
  for (size_t i = 0; i < part->fields_len; i++)
    for (size_t k = 0; k < part->fields[i].count; k++) {
      const struct state_field *field = &part->fields[i];
      *at++ = ' ';
      if (other && state_fields_same(field, k, base, other))
        *at++ = '=';
      else
        at += state_fields_print(field, k, base, at);
    }
  return at;
}

static char *print_time(char *at, double time_s) {
  locale_t before = plain_text_begin();

  at += sprintf(at, "%.3f\n", time_s);
  plain_text_end(before);
  return at;
}

static char *print_text(char *at, const char *text) { return stpcpy(at, text); }

size_t state_text_begin(struct state_text *state, double saved_s, char *text) {
  char *at = text;

  *state = (struct state_text){0};
  at = state_head_print_version(at);
  at = print_time(print_text(at, saved_mark), saved_s);
  at = state_head_print(at);
  at +=
      sprintf(at,
              "# %s*: the same, before that snapshot was judged; = where it "
              "has not changed\n# ~: the bits of a number that is not whole\n",
              state_fields_before);
  return finish(state, text, at);
}

static char *print_values(char *at, const struct snapshot *snapshot) {
  for (int i = 0; i < SIGNAL_COUNT; i++) {
    bool whole = i >= SIGNAL_FIRST_COUNTER && !(snapshot->rates >> i & 1);
    *at++ = ' ';
    if (!(snapshot->have >> i & 1))
      *at++ = '-';
    else if (whole)
      at += state_number_print_whole(snapshot->value[i].counter, at);
    else
      at += state_number_print(snapshot->value[i].gauge, at);
  }
  return at;
}

static char *print_snapshot(char *at, const struct snapshot *snapshot) {
  at = print_text(at, state_fields_part(STATE_SNAPSHOT)->name);
  at = print_part(at, state_fields_part(STATE_SNAPSHOT), snapshot, NULL);
  at = print_values(at, snapshot);
  *at++ = '\n';
  return at;
}

/* mark: in front of each line's name. */
static char *print_judge(char *at, const char *mark, const struct judge *judge,
                         const struct judge *other) {
  for (int i = STATE_JUDGE; i < STATE_JUDGE + STATE_JUDGE_PARTS; i++) {
    at = print_text(print_text(at, mark), state_fields_part(i)->name);
    at = print_part(at, state_fields_part(i), judge, other);
    *at++ = '\n';
  }
  return at;
}

static char *print_mark(char *at, const struct snapshot_mark *mark) {
  at = print_text(print_text(at, state_fields_before),
                  state_fields_part(STATE_MARK)->name);
  at = print_part(at, state_fields_part(STATE_MARK), mark, NULL);
  *at++ = '\n';
  return at;
}

size_t state_text_host(struct state_text *state, const struct hosts_host *host,
                       char *text) {
  char *at = text;

  at += sprintf(at, "host ");
  at = print_name(at, host->name);
  *at++ = ' ';
  at = print_time(at, host->seen_s);
  at = print_snapshot(at, &host->last);
  at = print_judge(at, "", &host->judge, NULL);
  at = print_mark(at, &host->before.last);
  at = print_judge(at, state_fields_before, &host->before.judge, &host->judge);
  state->hosts++;
  return finish(state, text, at);
}

size_t state_text_series(struct state_text *state, const char *identifier,
                         const struct series_memory *memory, char *text) {
  char *at = text;

  at += sprintf(at, "series ");
  at = print_name(at, identifier);
  at = print_part(at, state_fields_part(STATE_SERIES), memory, NULL);
  *at++ = '\n';
  state->series++;
  return finish(state, text, at);
}

size_t state_text_end(struct state_text *state, char *text) {
  return (size_t)sprintf(text, "end %zu %zu %08" PRIx32 "\n", state->hosts,
                         state->series, state->checksum);
}

double state_text_holds(double bytes) { return floor(bytes / usual_bytes); }

bool state_text_holds_all(const struct rules *rules, double bytes) {
  double series = rules->series_len > 0 ? rules->max_watched : 0;

  return rules->max_hosts + series <= state_text_holds(bytes);
}

double state_text_saved_s(const char *text, size_t length) {
  size_t at = 0, mark = strlen(saved_mark);
  char number[STATE_TOKEN_MAX] = "", *end;

  if (state_head_version(text, length, &at) == 0 || length - at < mark ||
      memcmp(text + at, saved_mark, mark) != 0)
    return NAN;
  at += mark;
  for (size_t i = 0; i + 1 < sizeof(number) && at + i < length; i++)
    number[i] = text[at + i];
  double saved_s = state_number_scan_time(number, &end);
  return end != number && *end == '\n' ? saved_s : NAN;
}
