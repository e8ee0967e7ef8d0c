/* An incident's change -> a notice: severity, one line of text, figures. Whole
 * facts are left out from the end when the text would not fit: a notification
 * is never cut within a word. Pure. */
#include "verdict/notice.h"

#include "verdict/incidents/catalogue.h"
#include "verdict/plain_text.h"
#include "verdict/silences.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Add a fact if it fits as a whole. Returns whether it did. */
__attribute__((format(printf, 2, 3))) static bool say(char *text,
                                                      const char *format, ...) {
  size_t used = strlen(text);
  va_list arguments;

  va_start(arguments, format);
  int wanted =
      vsnprintf(text + used, NOTICE_TEXT_MAX - used, format, arguments);
  va_end(arguments);
  bool fits = wanted >= 0 && (size_t)wanted < NOTICE_TEXT_MAX - used;
  if (!fits)
    text[used] = '\0';
  return fits;
}

static void say_duration(char *text, const char *before, double seconds) {
  long long s = (long long)fmin(1e15, fmax(0, round(seconds)));

  if (s < 120)
    say(text, "%s%lld s", before, s);
  else if (s < 7200)
    say(text, "%s%lld min", before, s / 60);
  else
    say(text, "%s%lld h %lld min", before, s / 3600, s / 60 % 60);
}

static void say_change(char *text, const struct finding *finding) {
  if (finding->ended_before)
    say(text, " over: it ended while it was silenced");
  else if (finding->change == INCIDENT_CLEARED)
    say(text, " over");
  else if (finding->change == INCIDENT_SILENT)
    say(text, " closed");
  else if (finding->change == INCIDENT_ADOPTED)
    say(text, " closed: it has lasted and is the new normal");
  else if (finding->change == INCIDENT_REMINDED)
    say(text, " continues");
}

/* port: "443-local", or "". */
static void say_where(char *text, const struct snapshot_queue *queue,
                      const char *port) {
  if (queue->listener[0] == '\0' && port[0] != '\0')
    say(text, " on port %.*s", (int)strcspn(port, "-"), port);
  if (queue->listener[0] != '\0' && say(text, " on %s", queue->listener) &&
      queue->others > 0)
    say(text, " and %lld more", (long long)queue->others);
}

static void say_queue(char *text, const struct judgement *judgement) {
  double fill = judgement->syn_flood.syn_queue;

  if (isnan(fill) || fill < 50)
    return;
  bool said = fill >= 100 ? say(text, ", SYN queue full")
                          : say(text, ", SYN queue %.0f %% full", fill);
  if (said && judgement->seen.syn_queue.backlog > 0)
    say(text, " (backlog %lld)", (long long)judgement->seen.syn_queue.backlog);
}

static void say_cookies(char *text, const struct syn_flood_figures *seen) {
  if (seen->cookies_sent > 0 && !isnan(seen->cookies_returned))
    say(text, ", %.0f cookies/s sent, %.0f/s returned", seen->cookies_sent,
        seen->cookies_returned);
}

/* What was expected of a count; as it becomes normal, only what was. */
static void say_band(char *text, const struct finding *finding,
                     const char *unit) {
  if (finding->change == INCIDENT_ADOPTED)
    say(text, " (expected %.0f%s until now)", finding->expected, unit);
  else
    say(text, " (expected %.0f%s, limit %.0f%s)", finding->expected, unit,
        finding->upper, unit);
}

static void say_completion(char *text, const struct syn_flood_figures *seen) {
  if (!isnan(seen->completion) &&
      say(text, "; completion %.0f %%", seen->completion))
    say(text, " (usual %.0f %%)", seen->usual_completion);
}

static void say_entropy(char *text, const struct syn_flood_figures *seen,
                        const struct finding *finding) {
  if (finding->evidence & SYN_FLOOD_ENTROPY)
    say(text, "; state entropy %.2f (usual %.2f)", seen->entropy,
        seen->usual_entropy.expected);
}

/* The half-open connections that an incident leaves take a minute to expire:
 * until then they are many and unanswered, and few handshakes seem to complete.
 * It is over all the same, for no more come. */
static void say_flood_over(char *text, const struct syn_flood_figures *seen,
                           const struct finding *finding) {
  static const double usual_within = 10; /* percent */

  if (finding->observed > finding->upper) {
    say(text, ": no more come; the %.0f half-open that are left expire",
        finding->observed);
    say(text, " (expected %.0f)", finding->expected);
    return;
  }
  say(text, ": %.0f half-open", finding->observed);
  say_band(text, finding, "");
  if (seen->completion > seen->usual_completion - usual_within)
    say_completion(text, seen);
}

static void say_flood(char *text, const struct judgement *judgement,
                      const struct finding *finding) {
  const struct syn_flood_figures *seen = &judgement->syn_flood;

  if (finding->change == INCIDENT_CLEARED && !isnan(finding->upper)) {
    say_flood_over(text, seen, finding);
    return;
  }
  if (isnan(finding->observed))
    say(text, ": half-open connections not counted in this interval");
  else
    say(text,
        finding->evidence & SYN_FLOOD_PEAK &&
                finding->observed > seen->half_open
            ? ": %.0f half-open since the last reading"
            : ": %.0f half-open",
        finding->observed);
  if (!isnan(finding->observed) && !isnan(finding->expected))
    say_band(text, finding, "");
  if (!isnan(seen->unanswered) && seen->half_open > finding->upper)
    say(text, ", %.0f %% unanswered", seen->unanswered);
  if (seen->one_source >= 0.8 * (seen->half_open - finding->expected) &&
      seen->half_open > finding->upper)
    say(text, ", from one source");
  say_queue(text, judgement);
  if (judgement->seen.value[SIGNAL_SYNS] > 0)
    say(text, ", %.0f SYN/s", judgement->seen.value[SIGNAL_SYNS]);
  say_cookies(text, seen);
  if (finding->evidence & SYN_FLOOD_RESETS && !isnan(seen->resets))
    say(text, ", %.0f/s reset", seen->resets);
  say_completion(text, seen);
}

/* The option that would accept what lasts: only the operator can know that it
 * is harmless. A little more than twice the figure, for an OKAY needs half of
 * it. */
static void say_option(char *text, const char *option, double figure) {
  if (!(figure > 0 && figure < 1e6))
    return;
  double unit = pow(10, fmax(0, floor(log10(figure)) - 1));
  say(text, "; if harmless: %s %.0f", option, ceil(2.1 * figure / unit) * unit);
}

static void say_how_to_accept(char *text, const struct judgement *judgement,
                              const struct finding *finding) {
  const struct syn_flood_figures *seen = &judgement->syn_flood;

  if (finding->evidence & SYN_FLOOD_COOKIES)
    say_option(text, "CookiesPerSecond", seen->cookies_lost);
  else if (finding->evidence & SYN_FLOOD_RESETS)
    say_option(text, "ResetsPerSecond", seen->resets);
  else
    say_option(text, "MinExcess", finding->observed - finding->expected);
}

static void say_accept_queue(char *text, const struct judgement *judgement,
                             const struct finding *finding) {
  const double *value = judgement->seen.value;

  say(text, ": accept queue %.0f %% full (usual %.0f %%, limit %.0f %%)",
      finding->observed, finding->expected, finding->upper);
  if (judgement->seen.accept_queue.backlog > 0)
    say(text, ", backlog %lld",
        (long long)judgement->seen.accept_queue.backlog);
  if (!isnan(value[SIGNAL_LISTEN_OVERFLOWS]))
    say(text, ", %.1f connections/s refused", value[SIGNAL_LISTEN_OVERFLOWS]);
  if (!isnan(value[SIGNAL_PASSIVE_OPENS]))
    say(text, ", %.1f/s accepted", value[SIGNAL_PASSIVE_OPENS]);
  if (finding->severity != SEVERITY_OKAY)
    say(text, "; the application does not accept them");
}

static void say_outbound(char *text, const struct judgement *judgement) {
  double opened = judgement->seen.value[SIGNAL_ACTIVE_OPENS];

  if (!isnan(opened))
    say(text, ", %.1f/s opened", opened);
}

static void say_leak(char *text, const struct judgement *judgement,
                     const struct finding *finding) {
  double active = judgement->seen.value[SIGNAL_ACTIVE];

  if (active > 0)
    say(text, ", %.0f %% of the active connections",
        fmin(100, 100 * finding->observed / active));
  if (finding->severity != SEVERITY_OKAY)
    say(text, "; an application does not close them");
}

static void say_excess(char *text, const struct judgement *judgement,
                       const struct finding *finding,
                       enum incident_kind incident) {
  say(text, ": %.0f %s", finding->observed, catalogue[incident].noticed);
  say_band(text, finding, "");
  if (incident == INCIDENT_OUTBOUND_STALL)
    say_outbound(text, judgement);
  else if (incident == INCIDENT_CLOSE_WAIT_LEAK)
    say_leak(text, judgement, finding);
}

static void say_time_wait(char *text, const struct finding *finding) {
  say(text, ": %.0f %% of tcp_max_tw_buckets in use", finding->observed);
  say_band(text, finding, " %");
  if (finding->observed >= 100)
    say(text, "; the kernel drops timewait sockets early");
}

static void say_strays(char *text, const struct finding *finding) {
  say(text, ": %.0f/s answered by a reset", finding->observed);
  say_band(text, finding, "/s");
  say(text, ", such as stray ACKs or knocks on closed ports");
}

/* So many clients do what makes the kind, if that is known. */
static double of_kind(const struct held_figures *seen) {
  double count = seen->kind & HELD_IS_SLOW_READ ? seen->zero_window
                 : seen->kind & HELD_IS_DRIP    ? seen->drip
                                                : seen->mute;

  return count > 0 ? count : seen->held;
}

static void say_held(char *text, const struct judgement *judgement,
                     const struct finding *finding) {
  const struct held_figures *seen = &judgement->held;
  double aborts = judgement->seen.value[SIGNAL_ABORTS];

  if (finding->severity == SEVERITY_OKAY) {
    say(text, ": %.0f connections held", finding->observed);
    say_band(text, finding, "");
    return;
  }
  say(text, ": %.0f clients %s", of_kind(seen),
      held_connections_kind_words(seen->kind));
  if (judgement->seen.held_source[0] != '\0')
    say(text, ", from %s", judgement->seen.held_source);
  say(text, "; %.0f held beyond what arrivals explain", seen->held);
  say_band(text, finding, "");
  if (aborts >= 1)
    say(text, ", %.0f/s aborted", aborts);
}

static void say_off_baseline(char *text, const struct finding *finding,
                             enum incident_kind incident) {
  if (incident == INCIDENT_TIME_WAIT_PRESSURE)
    say_time_wait(text, finding);
  else if (incident == INCIDENT_STRAYS)
    say_strays(text, finding);
  else
    say(text, ": %s %.2f (expected %.2f, usual %.2f to %.2f)",
        catalogue[incident].observed, finding->observed, finding->expected,
        finding->lower, finding->upper);
}

static void say_facts(char *text, const struct judgement *judgement,
                      const struct finding *finding,
                      enum incident_kind incident) {
  switch (catalogue[incident].shape) {
  case CATALOGUE_SYN_FLOOD:
    say_flood(text, judgement, finding);
    break;
  case CATALOGUE_ACCEPT_OVERFLOW:
    say_accept_queue(text, judgement, finding);
    break;
  case CATALOGUE_EXCESS:
    say_excess(text, judgement, finding, incident);
    break;
  case CATALOGUE_OFF_BASELINE:
    say_off_baseline(text, finding, incident);
    break;
  case CATALOGUE_HELD:
    say_held(text, judgement, finding);
    break;
  }
}

static void say_silence(char *text, const struct judgement *judgement,
                        const struct finding *finding) {
  if (judgement->silent_s > 0)
    say_duration(text, ": nothing has come from the host for ",
                 judgement->silent_s);
  else if (finding->missing_s > 0)
    say_duration(text, ": its values have not come for ", finding->missing_s);
  else
    say(text, ": it is disabled now");
}

/* The whole line of one incident's change. text: NOTICE_TEXT_MAX bytes, empty.
 */
static void write_incident(const struct judgement *judgement,
                           const struct finding *finding,
                           enum incident_kind incident, char *text) {
  const struct snapshot_queue *queue =
      catalogue_queue(&judgement->seen, incident);
  double since_s = judgement->seen.time_s - finding->since_s;

  say(text, "%s", rules_incident_name(incident));
  say_change(text, finding);
  if (finding->ended_before)
    return;
  if (queue)
    say_where(text, queue, judgement->listener);
  if (finding->change == INCIDENT_SILENT)
    say_silence(text, judgement, finding);
  else if (finding->gone)
    say(text, ": no socket listens any more");
  else
    say_facts(text, judgement, finding, incident);
  bool closed = finding->severity == SEVERITY_OKAY;
  say_duration(text, closed ? "; lasted " : "; since ", since_s);
  if (finding->late)
    say(text, finding->beyond ? "; more than its listeners' incidents explain"
                              : "; it was silenced");
  if (incident == INCIDENT_SYN_FLOOD && judgement->mutes)
    say(text, "; accept_overflow muted");
  if (incident == INCIDENT_SYN_FLOOD && finding->change == INCIDENT_REMINDED)
    say_how_to_accept(text, judgement, finding);
  if (incident == INCIDENT_SYN_FLOOD)
    say_entropy(text, &judgement->syn_flood, finding);
}

static void write_silence(const struct judgement *judgement, char *text) {
  if (judgement->fell_silent)
    say_duration(text, "host_silent: nothing has come from the host for ",
                 judgement->away_s);
  else
    say_duration(text, "host_silent over: its values come again; lasted ",
                 judgement->away_s);
}

/* The band is that of one deviation alone. */
static bool is_within(const struct finding *finding) {
  return finding->observed >= finding->lower &&
         finding->observed <= finding->upper;
}

/* In which way a value is rare: words, and what it is measured from. */
static void say_deviation(char *text, const struct habit_now *now) {
  static const struct {
    const char *below, *above, *behind; /* behind: NULL: no figure */
  } ways[DEVIATION_COUNT] = {
      [DEVIATION_LEVEL] = {"far below the", "far above the",
                           " of the last half hour"},
      [DEVIATION_STEP] = {"a sudden fall from", "a sudden rise from", ""},
      [DEVIATION_SLOW] = {"for hours below the usual",
                          "for hours above the usual", ""},
      [DEVIATION_ROUGHNESS] = {"it fluctuates more or less than usual",
                               "it fluctuates more or less than usual", NULL},
      [DEVIATION_DAY] = {"too low for this time of day",
                         "too high for this time of day", NULL},
      [DEVIATION_SPIKE] = {"a sudden dip from", "a sudden spike from", ""},
      [DEVIATION_SHIFT] = {"for half an hour below the usual",
                           "for half an hour above the usual", ""},
      [DEVIATION_RECORD] = {"the lowest ever seen", "the highest ever seen",
                            NULL},
  };
  const char *behind = ways[now->leading].behind;

  if (say(text, "%s",
          now->towards > 0 ? ways[now->leading].above
                           : ways[now->leading].below) &&
      behind)
    say(text, " %.6g%s", now->usual, behind);
}

double notice_once_in_s(const struct series_rules *rules,
                        const struct habit_now *now) {
  static const double month_s = 30 * 86400;

  if (rules->false_alarms <= 0 || !(now->limit > 0))
    return NAN;
  return month_s / rules->false_alarms *
         exp((double)now->rarity - (double)now->limit);
}

const char *notice_period(double once_in_s, char *text) {
  static const struct {
    double until, unit; /* in units, in seconds */
    const char *name;
  } units[] = {
      {120, 60, "minutes"},       {48, 3600, "hours"},
      {14, 86400, "days"},        {9, 7 * 86400, "weeks"},
      {24, 30 * 86400, "months"}, {11, 365.25 * 86400, "years"},
  };
  enum { UNITS = sizeof(units) / sizeof(units[0]) };

  for (int i = 0; i < UNITS; i++) {
    double count = fmax(round(once_in_s / units[i].unit), 2);
    if (count < units[i].until) {
      snprintf(text, NOTICE_PERIOD_MAX, "about once in %.0f %s", count,
               units[i].name);
      return text;
    }
  }
  snprintf(text, NOTICE_PERIOD_MAX, "less than once in 10 years");
  return text;
}

static void say_rarity(char *text, const struct series_judgement *judgement) {
  double once_in_s = notice_once_in_s(judgement->rules, &judgement->now);
  char period[NOTICE_PERIOD_MAX];

  if (judgement->rules->false_alarms <= 0)
    say(text, ", %.1f standard deviations", (double)judgement->now.sigmas);
  else if (!isnan(once_in_s))
    say(text, ", %s", notice_period(once_in_s, period));
}

static void say_value(char *text, const struct finding *finding) {
  say(text, " is %.6g (expected %.6g", finding->observed, finding->expected);
  if (!isnan(finding->lower) && !isnan(finding->upper))
    say(text, ", usual %.6g to %.6g", finding->lower, finding->upper);
  say(text, ")");
}

static void write_series(const struct series_judgement *judgement,
                         const struct finding *finding, char *text) {
  const char *series = strchr(judgement->identifier, '/');
  bool closed = finding->severity == SEVERITY_OKAY;

  say(text, "%s", judgement->rules->name);
  say_change(text, finding);
  say(text, ": %.120s", series ? series + 1 : judgement->identifier);
  if (finding->ended_before)
    return;
  if (judgement->silent_s > 0) {
    say_duration(text, ": nothing has come for ", judgement->silent_s);
  } else {
    say_value(text, finding);
    if (!closed) {
      say(text,
          is_within(finding) ? "; all deviations together, most: " : "; ");
      say_deviation(text, &judgement->now);
      say_rarity(text, judgement);
    }
  }
  say_duration(text, closed ? "; lasted " : "; since ",
               judgement->time_s - finding->since_s);
  if (finding->late)
    say(text, "; it was silenced");
}

static const struct {
  uint32_t bit;
  const char *name;
} evidence_names[] = {
    {SYN_FLOOD_EXCESS, "excess"},
    {SYN_FLOOD_COOKIES, "cookies"},
    {SYN_FLOOD_FULL_QUEUE, "full_queue"},
    {SYN_FLOOD_COLLAPSE, "collapse"},
    {SYN_FLOOD_RESETS, "resets"},
    {SYN_FLOOD_ENTROPY, "entropy"},
    {SYN_FLOOD_PEAK, "peak"},
};

/* NULL when there is no room, which the tests of the items would see. */
static struct notice_item *new_item(struct notice *notice, const char *name) {
  if (notice->items_len == NOTICE_ITEMS_MAX)
    return NULL;
  struct notice_item *item = &notice->items[notice->items_len++];
  item->name = name;
  return item;
}

static void add_number(struct notice *notice, const char *name, double number) {
  struct notice_item *item = isnan(number) ? NULL : new_item(notice, name);

  if (!item)
    return;
  item->is_text = false;
  item->number = number;
}

static void add_text(struct notice *notice, const char *name,
                     const char *text) {
  struct notice_item *item = text[0] == '\0' ? NULL : new_item(notice, name);

  if (!item)
    return;
  item->is_text = true;
  snprintf(item->text, sizeof(item->text), "%s", text);
  plain_text_make(item->text);
}

static const char *held_evidence(uint32_t evidence) {
  if (evidence & HELD_IS_SLOW_READ)
    return "slow_read";
  if (evidence & HELD_IS_DRIP)
    return "drip";
  return evidence ? "silent" : "";
}

void notice_list_evidence(uint32_t evidence, char *text, size_t size) {
  size_t used = 0;

  text[0] = '\0';
  for (size_t i = 0; i < sizeof(evidence_names) / sizeof(evidence_names[0]);
       i++)
    if (evidence & evidence_names[i].bit && used < size)
      used += (size_t)snprintf(text + used, size - used, "%s%s",
                               used ? "," : "", evidence_names[i].name);
}

/* From which value on it is a FAILURE; not when it is one already by other
 * evidence, for then the value says nothing. */
static double failure_max(const struct finding *finding) {
  bool by_other = finding->severity == SEVERITY_FAILURE &&
                  finding->observed < finding->failure_max;

  return by_other ? NAN : finding->failure_max;
}

static void add_finding(const struct finding *finding, const char *data_source,
                        struct notice *notice) {
  char text[NOTICE_STRING_MAX];

  add_text(notice, "DataSource", data_source);
  add_number(notice, "CurrentValue", finding->observed);
  add_number(notice, "WarningMax", finding->upper);
  add_number(notice, "FailureMax", failure_max(finding));
  add_number(notice, "Expected", finding->expected);
  add_number(notice, "Score", finding->score);
  /* Not rounded up, nor ahead of a clock that was set back: nothing begins
   * after it is told. */
  snprintf(text, sizeof(text), "%.0f",
           floor(fmin(finding->since_s, notice->time_s)));
  add_text(notice, "Since", text);
  add_number(notice, "Samples", finding->samples);
}

static void compose_items(const struct judgement *judgement,
                          const struct finding *finding,
                          enum incident_kind incident, struct notice *notice) {
  const struct snapshot_queue *queue =
      catalogue_queue(&judgement->seen, incident);
  char text[NOTICE_STRING_MAX];

  add_finding(finding, "value", notice);
  if (incident == INCIDENT_SYN_FLOOD) {
    notice_list_evidence(finding->evidence, text, sizeof(text));
    add_text(notice, "Evidence", text);
  }
  if (incident == INCIDENT_HELD_CONNECTIONS)
    add_text(notice, "Evidence", held_evidence(finding->evidence));
  add_text(notice, "TopSource", catalogue_source(&judgement->seen, incident));
  if (queue)
    add_text(notice, "Listener", queue->listener);
}

/* Returns whether there is something to notify: *told, the finding as it is
 * notified, which a silence may have put off. */
static bool choose_change(const struct finding *finding, struct finding *told) {
  *told = *finding;
  told->change = silences_change(finding);
  return finding->judged && told->change != INCIDENT_UNCHANGED;
}

bool notice_compose(const struct judgement *judgement,
                    enum incident_kind incident, struct notice *out) {
  struct finding told;

  if (!choose_change(&judgement->finding[incident], &told))
    return false;
  memset(out, 0, sizeof(*out));
  out->severity = told.severity;
  out->time_s = judgement->seen.time_s;
  memcpy(out->host, judgement->host, sizeof(out->host));
  snprintf(out->instance, sizeof(out->instance), "%s",
           rules_incident_name(incident));
  snprintf(out->type_instance, sizeof(out->type_instance), "%s",
           judgement->listener);
  locale_t before = plain_text_begin();
  write_incident(judgement, &told, incident, out->text);
  plain_text_end(before);
  plain_text_make(out->text);
  compose_items(judgement, &told, incident, out);
  return true;
}

bool notice_compose_series(const struct series_judgement *judgement,
                           struct notice *out) {
  char parts[SERIES_IDENTIFIER_MAX];
  struct series_name name;
  struct finding told;

  if (!choose_change(&judgement->finding, &told) ||
      identifier_split(judgement->identifier, parts, &name) != 0)
    return false;
  memset(out, 0, sizeof(*out));
  out->severity = told.severity;
  out->time_s = judgement->time_s;
  snprintf(out->host, sizeof(out->host), "%s", name.host);
  snprintf(out->instance, sizeof(out->instance), "%s", judgement->rules->name);
  snprintf(out->type, sizeof(out->type), "%s", name.type);
  snprintf(out->type_instance, sizeof(out->type_instance), "%s",
           name.type_instance);
  locale_t before = plain_text_begin();
  write_series(judgement, &told, out->text);
  plain_text_end(before);
  add_finding(&told, *name.data_source ? name.data_source : "value", out);
  add_number(out, "WarningMin", told.lower);
  if (told.severity != SEVERITY_OKAY) {
    add_text(out, "Deviation", levels_deviation_name(judgement->now.leading));
    add_number(out, "Rarity",
               notice_once_in_s(judgement->rules, &judgement->now));
  }
  return true;
}

const char notice_host_silent[] = "host_silent";

bool notice_compose_silence(const struct judgement *judgement,
                            const struct rules *rules, struct notice *out) {
  if (!rules->notify_silent || judgement->keeps_quiet ||
      !(judgement->fell_silent || judgement->came_back))
    return false;
  memset(out, 0, sizeof(*out));
  out->severity = judgement->fell_silent ? SEVERITY_WARNING : SEVERITY_OKAY;
  out->time_s = judgement->seen.time_s;
  memcpy(out->host, judgement->host, sizeof(out->host));
  snprintf(out->instance, sizeof(out->instance), "%s", notice_host_silent);
  write_silence(judgement, out->text);
  return true;
}
