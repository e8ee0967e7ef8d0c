/* An incident's change -> severity, one line of text, and the figures that
 * travel with it. */
#ifndef VERDICT_NOTICE_H
#define VERDICT_NOTICE_H

#include "verdict/judge.h"
#include "verdict/series.h"

enum {
  NOTICE_TEXT_MAX = 256,   /* collectd's NOTIF_MAX_MSG_LEN */
  NOTICE_STRING_MAX = 128, /* of one item of meta data */
  NOTICE_ITEMS_MAX = 16,
};

/* One item of meta data: text when it is one, else a number. */
struct notice_item {
  const char *name; /* static: "CurrentValue", "Expected", ... */
  bool is_text;
  double number;
  char text[NOTICE_STRING_MAX];
};

struct notice {
  enum severity severity;
  double time_s;
  char host[JUDGE_HOST_MAX];
  char instance[RULES_NAME_MAX];       /* "syn_flood", or the <Watch>'s name */
  char type[SERIES_PART_MAX];          /* of a watched series, else "" */
  char type_instance[SERIES_PART_MAX]; /* or "443-local": of this listener */
  char text[NOTICE_TEXT_MAX];
  size_t items_len;
  struct notice_item items[NOTICE_ITEMS_MAX];
};

/* Put the change of one incident into words. Returns false when nothing
 * changed: there is no notice then. */
bool notice_compose(const struct judgement *judgement,
                    enum incident_kind incident, struct notice *out);

/* The same for a watched series. */
bool notice_compose_series(const struct series_judgement *judgement,
                           struct notice *out);

/* How rare a value of a watched series is by the series' own past: chance alone
 * brings one as rare once in so many seconds. NAN where FalseAlarms is no
 * limit, and while nothing can be rare yet. */
double notice_once_in_s(const struct series_rules *rules,
                        const struct habit_now *now);

/* "about once in 3 weeks". Returns text, of NOTICE_PERIOD_MAX bytes. */
enum { NOTICE_PERIOD_MAX = 48 };
const char *notice_period(double once_in_s, char *text);

/* The names of bits of evidence, "excess,cookies", in size bytes. */
void notice_list_evidence(uint32_t evidence, char *text, size_t size);

/* "host_silent": the instance of what is said of a whole host. */
extern const char notice_host_silent[];

/* Where the host fell silent, or came back, and rules want to know: returns
 * true and *out. */
bool notice_compose_silence(const struct judgement *judgement,
                            const struct rules *rules, struct notice *out);

#endif
