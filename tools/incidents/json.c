/* See json.h. */
#include "json.h"

#include "facts.h"
#include "lib/json.h"
#include "lib/words.h"

#include <math.h>
#include <string.h>

static double time_or_null(double time_s) { return time_s > 0 ? time_s : NAN; }

static const char *text_or_null(const char *text) {
  return text[0] != '\0' ? text : NULL;
}

static void add_words(struct json_writer *json, const char *key,
                      const char *words) {
  char word[RECORD_WORDS_MAX];

  json_open(json, key, '[');
  while (*words != '\0') {
    size_t length = strcspn(words, ",");
    memcpy(word, words, length);
    word[length] = '\0';
    json_add_string(json, NULL, word);
    words += length + (words[length] == ',');
  }
  json_close(json, ']');
}

static void add_peak(struct json_writer *json, const struct record_peak *peak) {
  json_open(json, "peak", '{');
  json_add_number(json, "time", time_or_null(peak->time_s));
  json_add_number(json, "observed", peak->observed);
  json_add_number(json, "expected", peak->expected);
  json_add_number(json, "lower", peak->lower);
  json_add_number(json, "upper", peak->upper);
  json_add_number(json, "score", peak->score);
  json_close(json, '}');
}

static void add_ends(struct json_writer *json,
                     const struct incidents_list *list,
                     const struct record_incident *is) {
  enum incidents_state state = incidents_facts_state(list, is);
  bool over = state == INCIDENTS_OVER;

  json_add_string(json, "state", incidents_facts_state_key(state));
  json_add_string(json, "ended", over ? record_end_name(is->end) : NULL);
  json_add_number(json, "begin", is->begin_s);
  json_add_number(json, "worsened", time_or_null(is->worsened_s));
  json_add_number(json, "seen", time_or_null(is->seen_s));
  json_add_number(json, "end", over ? is->end_s : NAN);
  json_add_number(json, "lasted", incidents_facts_lasted_s(list, is));
}

static void add_incident(struct json_writer *json,
                         const struct incidents_list *list,
                         const struct record_incident *is) {
  json_open(json, NULL, '{');
  json_add_string(json, "host", is->host);
  json_add_string(json, "incident", is->name);
  if (is->port[0] != '\0')
    json_add_string(json, "port", is->port);
  json_add_string(json, "series", is->of_series ? record_subject(is) : NULL);
  json_add_string(json, "severity", words_severity(is->severity));
  add_ends(json, list, is);
  json_add_string(json, "listener", text_or_null(is->listener));
  json_add_string(json, "top_source", text_or_null(is->top_source));
  add_peak(json, &is->peak);
  add_words(json, "evidence", is->evidence);
  add_words(json, "flags", is->flags);
  json_add_string(json, "first", text_or_null(is->first));
  json_add_string(json, "worst", text_or_null(is->worst));
  json_add_string(json, "last", text_or_null(is->last));
  json_close(json, '}');
}

void incidents_json(const struct incidents_list *list, const char *path,
                    FILE *out) {
  struct json_writer json = json_begin(out);
  bool runs = list->daemon == INCIDENTS_RUNS;

  json_open(&json, NULL, '{');
  json_add_string(&json, "source", list->from_history ? "history" : "record");
  json_add_string(&json, "record", path);
  json_add_number(&json, "known_from", list->first_s);
  json_add_number(&json, "known_until", list->saved_s);
  if (list->from_history)
    json_add_string(&json, "daemon_runs", NULL);
  else
    json_add_truth(&json, "daemon_runs", runs);
  json_add_number(&json, "damaged", (double)list->damaged);
  json_add_number(&json, "dropped", (double)list->dropped);
  json_open(&json, "incidents", '[');
  for (size_t i = 0; i < list->len; i++)
    add_incident(&json, list, &list->incidents[i]);
  json_close(&json, ']');
  json_close(&json, '}');
  fputc('\n', out);
}
