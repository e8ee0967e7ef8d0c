/* Lines of mdoc(7) -> options. See manual_page.h. */
#include "manual_page.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS_MAX = 64, LINE_MAX_BYTES = 1024 };

static void require(bool holds, const char *what) {
  if (holds)
    return;
  fprintf(stderr, "manual_page: %s\n", what);
  abort();
}

char *manual_page_load(const char *name) {
  char path[4096];
  long size = -1;

  snprintf(path, sizeof(path), "%s/%s", SOURCES, name);
  FILE *file = fopen(path, "re");
  require(file != NULL, path);
  require(fseek(file, 0, SEEK_END) == 0, path);
  size = ftell(file);
  require(size >= 0 && fseek(file, 0, SEEK_SET) == 0, path);
  char *text = calloc(1, (size_t)size + 1);
  require(text && fread(text, 1, (size_t)size, file) == (size_t)size, path);
  fclose(file);
  return text;
}

/* Macros that may stand among the words of a line. */
static bool is_macro(const char *word) {
  static const char *const known[] = {"Ar", "Cm", "Dq", "Em", "Fl", "Ns",
                                      "Pa", "Pq", "Qq", "Sy", "Va", "Xr"};

  for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
    if (strcmp(word, known[i]) == 0)
      return true;
  return false;
}

/* LikeThis: letters, the first of them large, some small. */
static bool is_option_name(const char *word) {
  bool small = false;

  if (!isupper((unsigned char)*word))
    return false;
  for (; *word; word++) {
    if (!isalpha((unsigned char)*word))
      return false;
    small = small || islower((unsigned char)*word);
  }
  return small;
}

/* What is being read, and where in it. */
struct reader {
  struct manual_page *page;
  bool in_options, in_display;
  char block[MANUAL_NAME_MAX];
  struct manual_option *option; /* the item that is open, or NULL */
};

static void append(char *text, const char *more, const char *behind) {
  size_t used = strlen(text);
  int wanted =
      snprintf(text + used, MANUAL_TEXT_MAX - used, "%s%s", more, behind);

  require((size_t)wanted < MANUAL_TEXT_MAX - used, "an item is too long");
}

/* What an escape stands for, and how many bytes it takes. */
static size_t unescape(const char *at, const char **stands_for) {
  static const struct {
    const char *escape, *text;
  } known[] = {{"\\e", "\\"}, {"\\&", ""}, {"\\-", "-"}, {"\\(aq", "'"}};

  for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
    if (strncmp(at, known[i].escape, strlen(known[i].escape)) == 0) {
      *stands_for = known[i].text;
      return strlen(known[i].escape);
    }
  require(false, at);
  return 0;
}

/* A line of text or of a display. */
static void append_line(char *text, const char *line, const char *behind) {
  while (*line) {
    char plain[LINE_MAX_BYTES];
    size_t length = strcspn(line, "\\");
    snprintf(plain, sizeof(plain), "%.*s", (int)length, line);
    append(text, plain, "");
    line += length;
    const char *stands_for = "";
    if (*line)
      line += unescape(line, &stands_for);
    append(text, stands_for, "");
  }
  append(text, behind, "");
}

/* Cut at blanks outside of quotes. Returns the number of words. */
static size_t cut(char *line, char *words[WORDS_MAX]) {
  size_t len = 0;

  for (char *at = line; *at && len < WORDS_MAX;) {
    at += strspn(at, " ");
    const char *end = *at == '"' ? "\"" : " ";
    at += *at == '"';
    if (*at)
      words[len++] = at;
    at += strcspn(at, end);
    if (*at)
      *at++ = '\0';
  }
  return len;
}

static void note_mentions(struct manual_page *page, char *words[], size_t len) {
  bool is_command = false;

  for (size_t i = 0; i < len; i++) {
    if (is_macro(words[i])) {
      is_command = strcmp(words[i], "Cm") == 0;
    } else if (is_command && is_option_name(words[i])) {
      require(page->mentions_len < MANUAL_MENTIONS_MAX, "too many mentions");
      snprintf(page->mentions[page->mentions_len++], MANUAL_NAME_MAX, "%s",
               words[i]);
    }
  }
}

static void append_words(struct reader *reader, char *words[], size_t len) {
  for (size_t i = 0; i < len && reader->option; i++)
    if (!is_macro(words[i]))
      append_line(reader->option->text, words[i], " ");
}

static void open_option(struct reader *reader, const char *key) {
  struct manual_page *page = reader->page;

  require(page->options_len < MANUAL_OPTIONS_MAX, "too many options");
  reader->option = &page->options[page->options_len++];
  memcpy(reader->option->block, reader->block, MANUAL_NAME_MAX);
  snprintf(reader->option->key, MANUAL_NAME_MAX, "%s", key);
}

static void open_section(struct reader *reader, char *words[], size_t len) {
  bool is_part = strcmp(words[0], "Ss") == 0;
  size_t used = 0;

  reader->option = NULL;
  reader->block[0] = '\0';
  if (!is_part)
    reader->in_options = len > 1 && strcmp(words[1], "OPTIONS") == 0;
  for (size_t i = 1; is_part && i < len && used < MANUAL_NAME_MAX; i++)
    used += (size_t)snprintf(reader->block + used, MANUAL_NAME_MAX - used,
                             "%s%s", i > 1 ? " " : "", words[i]);
}

static void open_display(struct reader *reader) {
  require(reader->page->displays_len < MANUAL_DISPLAYS_MAX,
          "too many displays");
  reader->in_display = true;
  reader->page->displays_len++;
}

static void take_macros(struct reader *reader, char *line) {
  char *words[WORDS_MAX] = {NULL};
  size_t len = cut(line, words);

  if (len == 0)
    return;
  const char *macro = words[0];
  note_mentions(reader->page, words, len);
  if (strcmp(macro, "Sh") == 0 || strcmp(macro, "Ss") == 0) {
    open_section(reader, words, len);
  } else if (strcmp(macro, "Bd") == 0) {
    if (len > 1 && strcmp(words[1], "-literal") == 0)
      open_display(reader);
  } else if (strcmp(macro, "It") == 0 && reader->in_options) {
    require(len > 2 && strcmp(words[1], "Cm") == 0, "an item is no option");
    open_option(reader, words[2]);
    append_words(reader, words + 3, len - 3);
  } else if (strcmp(macro, "El") == 0) {
    reader->option = NULL;
  } else {
    append_words(reader, words + 1, len - 1);
  }
}

static void take_line(struct reader *reader, char *line) {
  struct manual_page *page = reader->page;

  if (strcmp(line, ".Ed") == 0)
    reader->in_display = false;
  else if (reader->in_display)
    append_line(page->displays[page->displays_len - 1], line, "\n");
  else if (line[0] == '.')
    take_macros(reader, line + 1);
  else if (reader->option)
    append_line(reader->option->text, line, " ");
}

void manual_page_parse(const char *source, struct manual_page *out) {
  struct reader reader = {.page = out};
  char line[LINE_MAX_BYTES];

  memset(out, 0, sizeof(*out));
  while (*source) {
    size_t length = strcspn(source, "\n");
    require(length < sizeof(line), "a line is too long");
    memcpy(line, source, length);
    line[length] = '\0';
    take_line(&reader, line);
    source += length + (source[length] == '\n');
  }
}

const struct manual_option *manual_page_find(const struct manual_page *page,
                                             const char *block,
                                             const char *key) {
  for (size_t i = 0; i < page->options_len; i++)
    if (strcmp(page->options[i].block, block) == 0 &&
        strcmp(page->options[i].key, key) == 0)
      return &page->options[i];
  return NULL;
}

static size_t word_length(const char *at) {
  size_t length = strcspn(at, " ");

  while (length > 0 && strchr(".,;", at[length - 1]))
    length--;
  return length;
}

bool manual_page_default(const struct manual_option *option, char *text) {
  static const char before[] = "default is ", behind[] = " , the default";
  const char *at = strstr(option->text, before);

  if (at) {
    at += strlen(before);
  } else {
    at = strstr(option->text, behind);
    while (at && at > option->text && at[-1] != ' ')
      at--;
  }
  if (!at)
    return false;
  snprintf(text, MANUAL_NAME_MAX, "%.*s", (int)word_length(at), at);
  return true;
}

bool manual_page_range(const struct manual_option *option, double *min,
                       double *max) {
  for (const char *at = option->text; *at; at++) {
    char *end, *last;
    bool begins = at == option->text || at[-1] == ' ';
    *min = begins ? strtod(at, &end) : 0;
    if (!begins || end == at || strncmp(end, " to ", 4) != 0)
      continue;
    *max = strtod(end + 4, &last);
    if (last != end + 4)
      return true;
  }
  return false;
}
