/* The members of each kind of line, in words. Pure.
 *
 * Version 2 writes "NAME*COUNT" for an array, "value.SIGNAL" for a value of the
 * snapshot and "counter.SIGNAL" for one of the mark. In version 1 the signals
 * stand in the snapshot's remark by their names alone; its addresses follow
 * without a name; how long an array is does not stand there, and the mark's is
 * as long as there are counters. */
#include "state_head.h"

#include "verdict/state/state_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VERSION_DIGITS_MAX = 9 };

static const char magic[] = "collectd-baseline state ";
static const char value_mark[] = "value.", counter_mark[] = "counter.";
static const char counters[] = "counter";

/* What version 1 does not say of itself: which columns of the snapshot are no
 * signals, which signal is the first counter, and how long the arrays are. */
static const char *const old_members[] = {"time_s",
                                          "interval_s",
                                          "have",
                                          "rates",
                                          "syn_queue.backlog",
                                          "syn_queue.others",
                                          "accept_queue.backlog",
                                          "accept_queue.others"};
static const char old_first_counter[] = "PassiveOpens";
static const struct {
  const char *name;
  size_t count;
} old_arrays[] = {{"day.level", 96}, {"day.seen_s", 96}};

/* A remark that is being read. */
struct naming {
  struct state_head *head;
  int part;
  const char *words; /* where its columns begin */
  char *error;
};

char *state_head_print_version(char *at) {
  return at + sprintf(at, "%s%d\n", magic, STATE_VERSION);
}

static char *print_signals(char *at, const char *mark, int from) {
  for (int i = from; i < SIGNAL_COUNT; i++)
    at += sprintf(at, " %s%s", mark, signals_type_instance((enum signal)i));
  return at;
}

static char *print_remark(char *at, int part) {
  size_t old_len = state_fields_part(part)->old_len;

  at += sprintf(at, "# %s:", state_fields_part(part)->name);
  for (size_t i = 0; i + old_len < state_fields_part(part)->fields_len; i++) {
    const struct state_field *field = &state_fields_part(part)->fields[i];
    if (part == STATE_MARK && strcmp(field->name, counters) == 0)
      at = print_signals(at, counter_mark, SIGNAL_FIRST_COUNTER);
    else if (field->count > 1)
      at += sprintf(at, " %s*%zu", field->name, field->count);
    else
      at += sprintf(at, " %s", field->name);
  }
  return part == STATE_SNAPSHOT ? print_signals(at, value_mark, 0) : at;
}

char *state_head_print(char *at) {
  for (int i = 0; i < STATE_PARTS; i++) {
    at = print_remark(at, i);
    *at++ = '\n';
  }
  return at;
}

unsigned state_head_version(const char *text, size_t length, size_t *second) {
  size_t at = strlen(magic), first = at;
  unsigned version = 0;

  if (length < at || memcmp(text, magic, at) != 0)
    return 0;
  for (; at < length && text[at] >= '0' && text[at] <= '9'; at++) {
    if (text[first] == '0' || at - first >= VERSION_DIGITS_MAX)
      return 0;
    version = 10 * version + (unsigned)(text[at] - '0');
  }
  if (at == length || text[at] != '\n')
    return 0;
  *second = at + 1;
  return version;
}

static bool refuse(const struct naming *naming, const char *why,
                   const char *name) {
  snprintf(naming->error, STATE_TEXT_ERROR_MAX,
           "its comment on the lines %s cannot be used: it %s%s",
           state_fields_part(naming->part)->name, why, name);
  return false;
}

static bool add(const struct naming *naming, struct state_column column) {
  struct state_columns *columns = &naming->head->part[naming->part];

  if (columns->len == STATE_COLUMNS_MAX)
    return refuse(naming, "names too many columns", "");
  columns->column[columns->len++] = column;
  return true;
}

static bool add_signal(const struct naming *naming, enum signal signal) {
  struct state_head *head = naming->head;

  if (head->signals_len == STATE_SIGNALS_MAX)
    return refuse(naming, "names too many values", "");
  head->signal[head->signals_len++] = (uint8_t)signal;
  return add(naming,
             (struct state_column){.kind = STATE_COLUMN_SIGNAL, .count = 1});
}

static enum signal find_signal(const char *name) {
  int i = 0;

  while (i < SIGNAL_COUNT &&
         strcmp(name, signals_type_instance((enum signal)i)) != 0)
    i++;
  return (enum signal)i;
}

/* The field's index, or that behind the last. */
static size_t find_field(int part, const char *name) {
  size_t i = 0;

  while (i < state_fields_part(part)->fields_len &&
         strcmp(name, state_fields_part(part)->fields[i].name) != 0)
    i++;
  return i;
}

static bool add_counter(const struct naming *naming, enum signal signal) {
  struct state_column column = {.count = 1};

  if (signal >= SIGNAL_FIRST_COUNTER && signal < SIGNAL_COUNT) {
    column.kind = STATE_COLUMN_FIELD;
    column.field = (uint8_t)find_field(STATE_MARK, counters);
    column.first = (uint16_t)(signal - SIGNAL_FIRST_COUNTER);
    naming->head->counted |= UINT32_C(1) << signal;
  }
  return add(naming, column);
}

/* The mark's array of version 1. */
static bool add_all_counters(const struct naming *naming) {
  const struct state_head *head = naming->head;
  bool ok = true;

  if (!head->part[STATE_SNAPSHOT].named)
    return refuse(naming, "comes before that on snapshot", "");
  for (size_t i = head->old_gauges; ok && i < head->signals_len; i++)
    ok = add_counter(naming, (enum signal)head->signal[i]);
  return ok;
}

/* An array that is longer or shorter than ours is not ours. */
static bool add_member(const struct naming *naming, const char *name,
                       size_t count) {
  const struct state_part *part = state_fields_part(naming->part);
  size_t i = find_field(naming->part, name);
  struct state_column column = {.count = (uint16_t)count};

  if (i < part->fields_len && part->fields[i].count == count) {
    column.kind = STATE_COLUMN_FIELD;
    column.field = (uint8_t)i;
  }
  return add(naming, column);
}

static size_t old_count(const char *name) {
  for (size_t i = 0; i < sizeof(old_arrays) / sizeof(old_arrays[0]); i++)
    if (strcmp(name, old_arrays[i].name) == 0)
      return old_arrays[i].count;
  return 1;
}

/* What is behind the mark, or NULL. */
static const char *behind(const char *name, const char *mark) {
  size_t length = strlen(mark);

  return strncmp(name, mark, length) == 0 ? name + length : NULL;
}

static bool is_old_member(const char *name) {
  size_t i = 0, len = sizeof(old_members) / sizeof(old_members[0]);

  while (i < len && strcmp(name, old_members[i]) != 0)
    i++;
  return i < len;
}

static bool add_old(const struct naming *naming, const char *name) {
  struct state_head *head = naming->head;

  if (naming->part == STATE_MARK && strcmp(name, counters) == 0)
    return add_all_counters(naming);
  if (naming->part != STATE_SNAPSHOT || is_old_member(name))
    return add_member(naming, name, old_count(name));
  if (strcmp(name, old_first_counter) == 0)
    head->old_gauges = head->signals_len;
  return add_signal(naming, find_signal(name));
}

static bool add_column(const struct naming *naming, char *name) {
  char *star = strchr(name, '*'), *end = NULL;
  unsigned long count = star ? strtoul(star + 1, &end, 10) : 1;

  if (star && (star[1] < '1' || star[1] > '9' || *end != '\0' ||
               count > STATE_COUNT_MAX))
    return refuse(naming, "has a count that is not a number", "");
  if (star)
    *star = '\0';
  else if (naming->head->version == 1)
    return add_old(naming, name);
  const char *value = behind(name, value_mark);
  const char *counter = behind(name, counter_mark);
  if (naming->part == STATE_SNAPSHOT && value && !star)
    return add_signal(naming, find_signal(value));
  if (naming->part == STATE_MARK && counter && !star)
    return add_counter(naming, find_signal(counter));
  return add_member(naming, name, count);
}

static bool is_name(const char *name) {
  return strspn(name,
                "abcdefghijklmnopqrstuvwxyz"
                "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.*") == strlen(name);
}

/* Whether a word stands before that place already. */
static bool came_before(const struct naming *naming, const char *name,
                        const char *place) {
  struct state_cursor cursor = {naming->words, place};
  char earlier[STATE_COLUMN_MAX];

  size_t length = strcspn(name, "*");

  while (state_cursor_next_token(&cursor, earlier, sizeof(earlier)))
    if (strcspn(earlier, "*") == length && memcmp(earlier, name, length) == 0)
      return true;
  return false;
}

/* The addresses, which have no name in version 1. */
static bool add_addresses(const struct naming *naming) {
  static const char *const old[] = {"syn_queue.listener",
                                    "accept_queue.listener", "top_source"};
  bool ok = true;

  for (size_t i = 0; ok && i < sizeof(old) / sizeof(old[0]); i++)
    ok = add_member(naming, old[i], 1);
  return ok;
}

static bool take_columns(const struct naming *naming, const char *end) {
  struct state_cursor cursor = {naming->words, end};
  char name[STATE_COLUMN_MAX];

  while (!state_cursor_at_end(&cursor)) {
    const char *place = cursor.at;
    if (!state_cursor_next_token(&cursor, name, sizeof(name)) || !is_name(name))
      return refuse(naming, "has a word that is not a name", "");
    if (came_before(naming, name, place))
      return refuse(naming, "names a column twice: ", name);
    if (!add_column(naming, name))
      return false;
  }
  naming->head->part[naming->part].named = true;
  return naming->part != STATE_SNAPSHOT || naming->head->version != 1 ||
         add_addresses(naming);
}

bool state_head_take(struct state_head *head, const char *remark, size_t length,
                     char *error) {
  for (int i = 0; i < STATE_PARTS; i++) {
    size_t name_len = strlen(state_fields_part(i)->name);
    size_t words = 2 + name_len + 1; /* "# NAME:" */
    if (length < words || memcmp(remark, "# ", 2) != 0 ||
        memcmp(remark + 2, state_fields_part(i)->name, name_len) != 0 ||
        remark[words - 1] != ':')
      continue;
    struct naming naming = {head, i, remark + words, error};
    return head->part[i].named ? refuse(&naming, "appears twice", "")
                               : take_columns(&naming, remark + length);
  }
  return true;
}

bool state_head_bits(const struct state_head *head, uint32_t *bits) {
  uint32_t theirs = *bits, ours = 0;

  for (size_t i = 0; i < head->signals_len; i++) {
    if ((theirs >> i & 1) && head->signal[i] < SIGNAL_COUNT)
      ours |= UINT32_C(1) << head->signal[i];
    theirs &= ~(UINT32_C(1) << i);
  }
  *bits = ours;
  return theirs == 0;
}
