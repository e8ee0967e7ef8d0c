/* The text of a snippet -> its options. See manual_conf.h. */
#include "manual_conf.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { IN_PLUGIN = 1, IN_BLOCK = 2 };

struct reader {
  const char *plugin;
  struct manual_conf *out;
  int depth;
  bool inside; /* of the plugin's block */
  char block[MANUAL_NAME_MAX];
};

static bool is_prose(const char *line) {
  return line[1] == ' ' && line[2] != ' ' && line[2] != '\n';
}

char *manual_conf_uncomment(const char *text) {
  char *out = calloc(1, strlen(text) + 1), *to = out;

  while (out && *text) {
    size_t blanks = strspn(text, " ");
    memcpy(to, text, blanks);
    to += blanks;
    text += blanks;
    if (*text == '#' && !is_prose(text))
      text++;
    size_t length = strcspn(text, "\n");
    length += text[length] == '\n';
    memcpy(to, text, length);
    to += length;
    text += length;
  }
  return out;
}

/* An incident's block goes by its name, a <Watch> by its type. */
static void enter(struct reader *reader, const struct conf_statement *head) {
  char type[MANUAL_NAME_MAX], name[MANUAL_NAME_MAX] = "";

  conf_syntax_text(&head->key, type, sizeof(type));
  if (head->values_len > 0)
    conf_syntax_text(&head->first, name, sizeof(name));
  if (reader->depth == IN_PLUGIN)
    reader->inside =
        strcasecmp(type, "Plugin") == 0 && strcmp(name, reader->plugin) == 0;
  else if (reader->depth == IN_BLOCK)
    snprintf(reader->block, sizeof(reader->block), "%s",
             strcasecmp(type, "Incident") == 0 ? name : type);
}

static int take_open(void *context, const struct conf_statement *head) {
  struct reader *reader = context;

  reader->depth++;
  enter(reader, head);
  return 0;
}

static int take_close(void *context) {
  struct reader *reader = context;

  reader->depth--;
  if (reader->depth < IN_BLOCK)
    reader->block[0] = '\0';
  if (reader->depth < IN_PLUGIN)
    reader->inside = false;
  return 0;
}

static int take_option(void *context, const struct conf_statement *option) {
  struct reader *reader = context;

  if (!reader->inside)
    return 0;
  if (reader->out->len == MANUAL_SETTINGS_MAX)
    return -ENOSPC;
  struct manual_setting *to = &reader->out->settings[reader->out->len++];
  memcpy(to->block, reader->block, sizeof(to->block));
  conf_syntax_text(&option->key, to->key, sizeof(to->key));
  to->kind = option->first.kind;
  to->number = option->first.number;
  conf_syntax_text(&option->first, to->text, sizeof(to->text));
  return 0;
}

int manual_conf_read(const char *text, const char *plugin,
                     struct manual_conf *out, char *error) {
  struct reader reader = {.plugin = plugin, .out = out};
  struct conf_place place = {plugin, error};
  struct conf_handler handler = {take_option, take_open, take_close, &reader,
                                 NULL};

  memset(out, 0, sizeof(*out));
  return conf_syntax_read(&place, text, strlen(text), &handler);
}

bool manual_conf_sets(const struct manual_conf *conf, const char *block,
                      const char *key) {
  for (size_t i = 0; i < conf->len; i++)
    if (strcmp(conf->settings[i].block, block) == 0 &&
        strcmp(conf->settings[i].key, key) == 0)
      return true;
  return false;
}
