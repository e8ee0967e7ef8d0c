/* See html.h. A head that sums up, a line of time for each host, then host by
 * host its picture and its incidents in sentences. Pictures are images in the
 * page: in it as markup, their names would meet. */
#include "html.h"

#include "facts.h"
#include "lib/markup.h"
#include "lib/moment.h"
#include "lib/words.h"

#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN_MAX = 500, HOSTS_MAX = 100, PICTURES_MAX = 8 };
static const double margin_share = 0.25, margin_min_s = 600;

static const char style[] =
    ":root{color-scheme:light dark;--ink:#1f2328;--soft:#59636e;--line:#d1d9e0;"
    "--paper:#fff;--card:#f6f8fa;--warn:#b97a00;--fail:#c22f26}"
    "@media(prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9198a1;"
    "--line:#3d444d;--paper:#0d1117;--card:#151b23;--warn:#d8a33a;"
    "--fail:#f0675d}}"
    "body{font:16px/1.5 system-ui,sans-serif;color:var(--ink);"
    "background:var(--paper);margin:2rem auto;padding:0 1rem;max-width:76rem}"
    "h1{margin-bottom:0}h2{margin-top:2.5rem;border-bottom:1px solid "
    "var(--line)}h3{margin:0;font-size:1.05rem}.lead{font-size:1.15rem}"
    ".soft{color:var(--soft)}article{background:var(--card);border:1px solid "
    "var(--line);border-left:.4rem solid var(--warn);border-radius:.4rem;"
    "padding:.8rem 1rem;margin:1rem 0}article.FAILURE{border-left-color:"
    "var(--fail)}.badge{color:var(--warn);font-weight:700;font-size:.85rem}"
    ".FAILURE .badge{color:var(--fail)}p{margin:.4rem 0}"
    "ul{margin:.4rem 0;padding-left:1.3rem}code{font:.85rem/1.5 monospace;"
    "overflow-wrap:anywhere}img{max-width:100%;background:#fff;border:1px "
    "solid var(--line);border-radius:.4rem}.times{display:grid;"
    "grid-template-columns:minmax(6rem,auto) 1fr;gap:.3rem .8rem;"
    "align-items:center}.lane{position:relative;height:1.1rem;background:"
    "var(--card);border-radius:.2rem}.lane a{position:absolute;top:0;bottom:0;"
    "min-width:4px;background:var(--warn);border-radius:.2rem}"
    ".lane a.FAILURE{background:var(--fail)}.ends{display:flex;"
    "justify-content:space-between;font-size:.85rem}";

/* --- pieces --------------------------------------------------------------- */

static void write_base64(FILE *out, const char *bytes, size_t length) {
  static const char digits[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

  for (size_t i = 0; i < length; i += 3) {
    uint32_t group = 0;
    for (size_t k = 0; k < 3; k++)
      group = group << 8 | (i + k < length ? (unsigned char)bytes[i + k] : 0);
    for (size_t k = 0; k < 4; k++)
      fputc(i + k <= length ? digits[group >> (18 - 6 * k) & 63] : '=', out);
  }
}

/* "<p>Label: text</p>"; nothing for an empty text. */
static void paragraph(FILE *out, const char *label, const char *text) {
  if (text[0] == '\0')
    return;
  fprintf(out, "<p>%s", label);
  markup_escape(out, text);
  fputs("</p>\n", out);
}

/* --- one incident --------------------------------------------------------- */

static void write_evidence(FILE *out, const char *words) {
  const char *sentence;

  if (words[0] == '\0')
    return;
  fputs("<p>What was seen:</p>\n<ul>", out);
  while (true) {
    const char *word = words;
    sentence = incidents_facts_evidence(&words);
    if (!sentence)
      break;
    fputs("<li>", out);
    if (sentence[0] != '\0')
      markup_escape(out, sentence);
    else
      fprintf(out, "%.*s", (int)strcspn(word, ",<&"), word);
    fputs("</li>", out);
  }
  fputs("</ul>\n", out);
}

static void write_notice(FILE *out, const char *severity, const char *text) {
  if (text[0] == '\0')
    return;
  fprintf(out, "<li>%s <code>", severity);
  markup_escape(out, text);
  fputs("</code></li>", out);
}

static void write_notices(FILE *out, const struct record_incident *is) {
  if (is->first[0] == '\0' && is->worst[0] == '\0' && is->last[0] == '\0')
    return;
  fputs("<p>What was notified:</p>\n<ul>", out);
  write_notice(out, "first", is->first);
  write_notice(out, "worse", is->worst);
  write_notice(out, "over", is->last);
  fputs("</ul>\n", out);
}

static void write_head(FILE *out, const struct record_incident *is, size_t id) {
  const char *severity = words_severity(is->severity);

  fprintf(out,
          "<article class=\"%s\" id=\"i%zu\">\n<h3><span class=\"badge\">%s"
          "</span> ",
          severity, id, severity);
  markup_escape(out, is->name);
  fputs(" on ", out);
  markup_escape(out, record_subject(is));
  if (is->listener[0] != '\0') {
    fputs(", listener ", out);
    markup_escape(out, is->listener);
  }
  if (strstr(is->flags, "silenced"))
    fputs(" (silenced for a time: nothing was notified then)", out);
  fputs("</h3>\n", out);
}

static void write_course(FILE *out, const struct incidents_list *list,
                         const struct record_incident *is) {
  char text[INCIDENTS_FACT_MAX], when[MOMENT_MAX];

  fprintf(out, "<p>Began %s", moment_write(is->begin_s, when));
  if (is->worsened_s > 0)
    fprintf(out, ", was a FAILURE from %s on",
            incidents_facts_clock(is->worsened_s, is->begin_s, when));
  fputs("; ", out);
  markup_escape(out, incidents_facts_end(list, is, text));
  fputs(".</p>\n", out);
}

static void write_incident(FILE *out, const struct incidents_list *list,
                           const struct record_incident *is, size_t id) {
  char text[INCIDENTS_FACT_MAX];

  write_head(out, is, id);
  paragraph(out, "", incidents_facts_meaning(is));
  write_course(out, list, is);
  paragraph(out, "At its worst: ", incidents_facts_peak(is, text));
  paragraph(out, "Most came from ", is->top_source);
  write_evidence(out, is->evidence);
  write_notices(out, is);
  fputs("</article>\n", out);
}

/* --- hosts ---------------------------------------------------------------- */

/* The part of the list that is shown, and its hosts, by their first incident.
 */
struct page {
  const struct incidents_list *list;
  const struct incidents_pictures *pictures;
  FILE *out;
  size_t from; /* incidents before that are only counted */
  size_t hosts_len;
  const char *hosts[HOSTS_MAX];
  bool more_hosts; /* than are shown */
  double start_s, end_s;
};

/* host: NULL: any. */
static bool is_of(const struct page *page, size_t i, const char *host) {
  return !host || strcmp(page->list->incidents[i].host, host) == 0;
}

/* From the host's first incident until after its last. */
static void find_range(const struct page *page, const char *host,
                       double *start_s, double *end_s) {
  *start_s = INFINITY;
  *end_s = -INFINITY;
  for (size_t i = page->from; i < page->list->len; i++)
    if (is_of(page, i, host)) {
      const struct record_incident *is = &page->list->incidents[i];
      *start_s = fmin(*start_s, is->begin_s);
      *end_s = fmax(*end_s, incidents_facts_until_s(page->list, is));
    }
}

static void find_hosts(struct page *page) {
  const struct incidents_list *list = page->list;

  for (size_t i = page->from; i < list->len; i++) {
    size_t k = 0;
    while (k < page->hosts_len && !is_of(page, i, page->hosts[k]))
      k++;
    if (k == HOSTS_MAX)
      page->more_hosts = true;
    else if (k == page->hosts_len)
      page->hosts[page->hosts_len++] = list->incidents[i].host;
  }
}

static void write_lane(const struct page *page, const char *host) {
  double range_s = fmax(1, page->end_s - page->start_s);

  fputs("<div>", page->out);
  markup_escape(page->out, host);
  fputs("</div><div class=\"lane\">", page->out);
  for (size_t i = page->from; i < page->list->len; i++) {
    const struct record_incident *is = &page->list->incidents[i];
    if (!is_of(page, i, host))
      continue;
    fprintf(page->out,
            "<a class=\"%s\" href=\"#i%zu\" style=\"left:%.2f%%;width:%.2f%%\" "
            "title=\"",
            words_severity(is->severity), i + 1,
            100 * (is->begin_s - page->start_s) / range_s,
            100 * incidents_facts_lasted_s(page->list, is) / range_s);
    markup_escape(page->out, is->name);
    fputs("\"></a>", page->out);
  }
  fputs("</div>\n", page->out);
}

static void write_times(const struct page *page) {
  char from[MOMENT_MAX], to[MOMENT_MAX];

  fputs("<h2>When</h2>\n<div class=\"times\">\n", page->out);
  for (size_t i = 0; i < page->hosts_len; i++)
    write_lane(page, page->hosts[i]);
  fprintf(page->out,
          "<div></div><div class=\"ends soft\"><span>%s</span><span>%s</span>"
          "</div></div>\n",
          moment_write(page->start_s, from), moment_write(page->end_s, to));
}

static int write_picture(const struct page *page, const char *host) {
  char problem[HISTORY_PROBLEM_MAX], *svg = NULL;
  size_t length = 0;
  double start_s, end_s;

  find_range(page, host, &start_s, &end_s);
  double margin_s = fmax(margin_min_s, margin_share * (end_s - start_s));
  int rc = incidents_pictures_draw(page->pictures, host, start_s - margin_s,
                                   end_s + margin_s, &svg, &length, problem);
  if (rc == -ENOMEM)
    return rc;
  if (rc != 0) {
    paragraph(page->out, "There is no picture: ", problem);
    return 0;
  }
  fputs("<img alt=\"Curves of ", page->out);
  markup_escape(page->out, host);
  fputs(" with its incidents\" src=\"data:image/svg+xml;base64,", page->out);
  write_base64(page->out, svg, length);
  fputs("\">\n", page->out);
  free(svg);
  return 0;
}

static int write_host(const struct page *page, size_t number) {
  const char *host = page->hosts[number];
  int rc = 0;

  fputs("<h2>", page->out);
  markup_escape(page->out, host);
  fputs("</h2>\n", page->out);
  if (!incidents_pictures_why_not(page->pictures) && number < PICTURES_MAX)
    rc = write_picture(page, host);
  for (size_t i = page->from; rc == 0 && i < page->list->len; i++)
    if (is_of(page, i, host))
      write_incident(page->out, page->list, &page->list->incidents[i], i + 1);
  return rc;
}

/* --- the page ------------------------------------------------------------- */

static void write_top(const struct page *page) {
  char text[INCIDENTS_FACT_MAX], now[MOMENT_MAX], first[MOMENT_MAX];

  fprintf(page->out,
          "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
          "<meta name=\"viewport\" content=\"width=device-width\">\n"
          "<title>TCP incidents</title><style>%s</style></head><body>\n"
          "<h1>TCP incidents</h1>\n<p class=\"lead\">",
          style);
  incidents_facts_summary(page->list, text);
  text[0] = (char)(text[0] == 'n' ? 'N' : text[0]);
  markup_escape(page->out, text);
  fprintf(page->out, ".</p>\n<p class=\"soft\">%s as of %s",
          page->list->from_history ? "Judged from a history,"
                                   : "From the daemon's record,",
          moment_write(page->list->from_history ? page->list->now_s
                                                : page->list->saved_s,
                       now));
  if (isfinite(page->list->first_s))
    fprintf(page->out, "; nothing is known from before %s",
            moment_write(page->list->first_s, first));
  fputs(". Times are local to where this page was written.</p>\n", page->out);
}

static void write_limits(const struct page *page) {
  const char *why_not = incidents_pictures_why_not(page->pictures);

  if (page->from > 0)
    fprintf(page->out, "<p>%zu older incidents are not shown.</p>\n",
            page->from);
  if (page->more_hosts)
    fprintf(page->out, "<p>At most %d hosts are shown.</p>\n", (int)HOSTS_MAX);
  if (why_not)
    paragraph(page->out, "", why_not);
  else if (page->hosts_len > PICTURES_MAX)
    fprintf(page->out, "<p>The first %d hosts have a picture.</p>\n",
            (int)PICTURES_MAX);
}

int incidents_html(const struct incidents_list *list,
                   const struct incidents_pictures *pictures, FILE *out) {
  struct page page = {.list = list, .pictures = pictures, .out = out};
  int rc = 0;

  page.from = list->len > SHOWN_MAX ? list->len - SHOWN_MAX : 0;
  find_hosts(&page);
  find_range(&page, NULL, &page.start_s, &page.end_s);
  write_top(&page);
  if (list->len > 0) {
    write_limits(&page);
    write_times(&page);
  }
  for (size_t i = 0; rc == 0 && i < page.hosts_len; i++)
    rc = write_host(&page, i);
  fputs("</body></html>\n", out);
  return rc;
}
