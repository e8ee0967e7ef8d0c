/* See explain_page.h. Touches the stream it is given, and the time zone. */
#include "page.h"

#include "verdict/plain_text.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>
#include <time.h>

enum { SENTENCE_MAX = 2048, LABEL_COLUMN = 47, FIGURE_COLUMN = 57 };

#define PLAIN "\033[0m"
#define BOLD "\033[1m"
#define RED "\033[1;31m"
#define YELLOW "\033[33m"
#define GREEN "\033[32m"

void explain_page_say(const struct explain_page *page, int indent,
                      const char *format, ...) {
  char text[SENTENCE_MAX];
  va_list arguments;
  int column = 0;

  va_start(arguments, format);
  vsnprintf(text, sizeof(text), format, arguments);
  va_end(arguments);
  plain_text_make(text); /* names come from the network */
  for (const char *word = text; *word != '\0';) {
    int length = (int)strcspn(word, " ");
    bool fits = column + 1 + length <= EXPLAIN_PAGE_COLUMNS;
    if (column > 0 && fits)
      column += fprintf(page->out, " %.*s", length, word);
    else
      column = fprintf(page->out, "%s%*s%.*s", column > 0 ? "\n" : "", indent,
                       "", length, word) -
               (column > 0);
    word += length;
    word += strspn(word, " ");
  }
  fputc('\n', page->out);
}

static const char *colour_of(enum severity severity) {
  if (severity == SEVERITY_FAILURE)
    return RED;
  return severity == SEVERITY_WARNING ? YELLOW : GREEN;
}

void explain_page_head(const struct explain_page *page, const char *text,
                       enum severity severity, const char *word) {
  int gap = EXPLAIN_PAGE_COLUMNS - (int)strlen(text) - (int)strlen(word);

  if (page->colour)
    fprintf(page->out, "\n" BOLD "%s" PLAIN "%*s%s%s" PLAIN "\n", text, gap, "",
            colour_of(severity), word);
  else
    fprintf(page->out, "\n%s%*s%s\n", text, *word ? gap : 0, "", word);
}

/* Three digits are enough to compare by; counts are shown whole. */
static int decimals(double figure) {
  double size = fabs(figure);

  if (size >= 100 || figure == floor(figure))
    return 0;
  return size >= 1 ? 1 : 2;
}

const char *explain_page_figure(double figure, enum explain_unit unit,
                                char text[EXPLAIN_FIGURE_MAX]) {
  static const char *const units[] = {[EXPLAIN_COUNT] = "",
                                      [EXPLAIN_PERCENT] = " %",
                                      [EXPLAIN_SHARE] = " %",
                                      [EXPLAIN_RATE] = "/s"};

  if (!isfinite(figure)) {
    const char *never = unit == EXPLAIN_SECONDS ? "never" : "-";
    snprintf(text, EXPLAIN_FIGURE_MAX, "%s", isnan(figure) ? "unknown" : never);
    return text;
  }
  if (unit == EXPLAIN_SECONDS)
    return explain_page_duration(figure, text);
  if (unit == EXPLAIN_SHARE)
    figure *= 100;
  snprintf(text, EXPLAIN_FIGURE_MAX, fabs(figure) < 1e9 ? "%.*f%s" : "%.*e%s",
           decimals(figure), figure, units[unit]);
  return text;
}

const char *explain_page_duration(double seconds,
                                  char text[EXPLAIN_FIGURE_MAX]) {
  long long s = (long long)fmin(1e15, fmax(0, round(seconds)));

  if (s < 120)
    snprintf(text, EXPLAIN_FIGURE_MAX, "%lld s", s);
  else if (s < 7200)
    snprintf(text, EXPLAIN_FIGURE_MAX, "%lld min", s / 60);
  else if (s < 172800 && s / 60 % 60 == 0)
    snprintf(text, EXPLAIN_FIGURE_MAX, "%lld h", s / 3600);
  else if (s < 172800)
    snprintf(text, EXPLAIN_FIGURE_MAX, "%lld h %lld min", s / 3600,
             s / 60 % 60);
  else
    snprintf(text, EXPLAIN_FIGURE_MAX, "%lld days", s / 86400);
  return text;
}

const char *explain_page_time(const struct explain_page *page, double time_s,
                              char text[EXPLAIN_FIGURE_MAX]) {
  time_t then = (time_t)time_s, now = (time_t)page->now_s;
  struct tm a = {0}, b = {0};

  localtime_r(&then, &a);
  localtime_r(&now, &b);
  bool today = a.tm_yday == b.tm_yday && a.tm_year == b.tm_year;
  if (strftime(text, EXPLAIN_FIGURE_MAX,
               today ? "%H:%M:%S" : "%Y-%m-%d %H:%M:%S", &a) == 0)
    snprintf(text, EXPLAIN_FIGURE_MAX, "unknown");
  return text;
}

static const char *relation_of(const struct trace_test *test, bool unless) {
  switch (test->relation) {
  case TRACE_ABOVE:
    return unless ? "at most" : "above";
  case TRACE_AT_LEAST:
    return unless ? "below" : "at least";
  case TRACE_BELOW:
    return unless ? "at least" : "below";
  case TRACE_AT_MOST:
    return unless ? "above" : "at most";
  case TRACE_FACT:
  case TRACE_RULE:
    break;
  }
  return NULL;
}

void explain_page_test(const struct explain_page *page, int indent,
                       const char *before, const struct explain_word *word,
                       const struct trace_test *test, bool unless) {
  char figure[EXPLAIN_FIGURE_MAX], limit[EXPLAIN_FIGURE_MAX];
  const char *relation = relation_of(test, unless);
  const char *label = unless && word->is_not ? word->is_not : word->is;
  const char *answer = test->met != unless ? "yes" : "no";
  int column =
      fprintf(page->out, "%*s%-4s%s%s", indent, "", answer, before, label);

  if (relation) {
    explain_page_figure(test->figure, word->unit, figure);
    int width = FIGURE_COLUMN - (column > LABEL_COLUMN ? column : LABEL_COLUMN);
    fprintf(page->out, "%*s%*s  %s %s",
            column < LABEL_COLUMN ? LABEL_COLUMN - column : 0, "", width,
            figure, relation,
            explain_page_figure(test->limit, word->unit, limit));
  }
  fputc('\n', page->out);
}

const char *explain_page_severity(enum severity severity) {
  static const char *const names[] = {[SEVERITY_OKAY] = "OKAY",
                                      [SEVERITY_WARNING] = "WARNING",
                                      [SEVERITY_FAILURE] = "FAILURE"};

  return names[severity];
}
