/* Tokens -> statements and blocks. Pure: libc only. Source of the facts:
 * src/liboconfig/parser.y of collectd 5.12. */
#include "settings_grammar.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { SHOWN_MAX = 60 };

struct reader {
  const struct settings_place *place;
  const struct settings_handler *handler;
  struct conf_syntax scan;
  struct conf_token token;
  size_t depth;
  struct conf_token open[CONF_DEPTH_MAX]; /* the keys of the blocks */
};

int settings_fail(const struct settings_place *place, unsigned line,
                  const char *format, ...) {
  va_list arguments;
  int used =
      snprintf(place->error, CONF_ERROR_MAX, "%.400s:%u: ", place->name, line);

  va_start(arguments, format);
  vsnprintf(place->error + used, (size_t)(CONF_ERROR_MAX - used), format,
            arguments);
  va_end(arguments);
  return -EINVAL;
}

static int shown(const struct conf_token *token) {
  return token->length > SHOWN_MAX ? SHOWN_MAX : (int)token->length;
}

/* Not what the grammar has here. */
static int refuse(const struct reader *reader, const char *wanted) {
  const struct conf_token *token = &reader->token;

  if (token->kind == CONF_UNCLOSED)
    return settings_fail(reader->place, token->line,
                         "a quoted string is not closed");
  if (token->kind == CONF_END)
    return settings_fail(reader->place, token->line,
                         "the text ends where %s is due", wanted);
  if (token->kind == CONF_LINE_END)
    return settings_fail(reader->place, token->line,
                         "the line ends where %s is due", wanted);
  return settings_fail(reader->place, token->line,
                       "%.*s stands where %s is due", shown(token), token->text,
                       wanted);
}

static void next(struct reader *reader) {
  conf_syntax_next(&reader->scan, &reader->token);
}

static int expect(struct reader *reader, enum conf_token_kind kind,
                  const char *wanted) {
  if (reader->token.kind != kind)
    return refuse(reader, wanted);
  next(reader);
  return 0;
}

static bool is_value(enum conf_token_kind kind) {
  return kind == CONF_TRUE || kind == CONF_FALSE || kind == CONF_NUMBER ||
         kind == CONF_WORD || kind == CONF_QUOTED;
}

/* KEY [VALUE]..., up to what is no value. */
static int read_statement(struct reader *reader,
                          struct settings_statement *out) {
  if (reader->token.kind != CONF_WORD)
    return refuse(reader, "the name of an option or block");
  *out = (struct settings_statement){.key = reader->token};
  for (next(reader); is_value(reader->token.kind); next(reader))
    if (out->values_len++ == 0)
      out->first = reader->token;
  return 0;
}

static int read_option(struct reader *reader) {
  struct settings_statement option;
  int rc = read_statement(reader, &option);

  if (rc == 0 && option.values_len == 0)
    return refuse(reader, "a value");
  if (rc == 0)
    rc = expect(reader, CONF_LINE_END, "a value or the end of the line");
  return rc == 0 ? reader->handler->option(reader->handler->context, &option)
                 : rc;
}

static int finish_brackets(struct reader *reader) {
  int rc = expect(reader, CONF_CLOSE, "the > of a block");

  return rc == 0 ? expect(reader, CONF_LINE_END, "the end of the line") : rc;
}

/* KEY [VALUE]...> */
static int read_opening(struct reader *reader) {
  struct settings_statement head;
  int rc = read_statement(reader, &head);

  if (rc == 0)
    rc = finish_brackets(reader);
  if (rc != 0)
    return rc;
  if (reader->depth == CONF_DEPTH_MAX)
    return settings_fail(reader->place, head.key.line,
                         "blocks are nested deeper than %d", CONF_DEPTH_MAX);
  reader->open[reader->depth++] = head.key;
  return reader->handler->open(reader->handler->context, &head);
}

static int check_closing(const struct reader *reader,
                         const struct conf_token *key) {
  if (reader->depth == 0)
    return settings_fail(reader->place, key->line,
                         "</%.*s> closes a block that is not open", shown(key),
                         key->text);
  const struct conf_token *open = &reader->open[reader->depth - 1];
  if (open->length == key->length &&
      memcmp(open->text, key->text, key->length) == 0)
    return 0;
  return settings_fail(reader->place, key->line,
                       "</%.*s> stands where <%.*s> of line %u is to be closed",
                       shown(key), key->text, shown(open), open->text,
                       open->line);
}

/* /KEY> */
static int read_closing(struct reader *reader) {
  next(reader);
  struct conf_token key = reader->token;
  int rc = expect(reader, CONF_WORD, "the name of the block to close");

  if (rc == 0)
    rc = check_closing(reader, &key);
  if (rc == 0)
    rc = finish_brackets(reader);
  if (rc != 0)
    return rc;
  reader->depth--;
  return reader->handler->close(reader->handler->context);
}

static int read_line(struct reader *reader) {
  if (reader->token.kind == CONF_LINE_END) {
    next(reader);
    return 0;
  }
  if (reader->token.kind != CONF_OPEN)
    return read_option(reader);
  next(reader);
  return reader->token.kind == CONF_SLASH ? read_closing(reader)
                                          : read_opening(reader);
}

int conf_grammar_read(const struct settings_place *place, const char *text,
                      size_t length, const struct settings_handler *handler) {
  struct reader reader = {.place = place, .handler = handler};
  int rc = 0;

  conf_syntax_init(&reader.scan, text, length);
  next(&reader);
  while (rc == 0 && reader.token.kind != CONF_END)
    rc = read_line(&reader);
  if (rc != 0 || reader.depth == 0)
    return rc;
  const struct conf_token *open = &reader.open[reader.depth - 1];
  return settings_fail(place, open->line, "the block <%.*s> is not closed",
                       shown(open), open->text);
}
