/* Text of /proc/net/{snmp,netstat,sockstat} and sysctls -> counters. Touches
 * memory only. Source: snmp_seq_show(), netstat_seq_show() and
 * sockstat_seq_show() in net/ipv4/proc.c. */
#include "table/kernel_counters.h"

#include <errno.h>
#include <string.h>

/* Where a counter stands: the section of a file, and its name there. */
struct place {
  const char *section;
  const char *name;
};

static const char snmp[] = "Tcp:";
static const char netstat[] = "TcpExt:";
static const char sockstat[] = "TCP:";
static const char sysctl[] = "";

static const struct place places[COUNTER_END] = {
    [COUNTER_PASSIVE_OPENS] = {snmp, "PassiveOpens"},
    [COUNTER_ACTIVE_OPENS] = {snmp, "ActiveOpens"},
    [COUNTER_ATTEMPT_FAILS] = {snmp, "AttemptFails"},
    [COUNTER_ESTAB_RESETS] = {snmp, "EstabResets"},
    [COUNTER_OUT_SEGS] = {snmp, "OutSegs"},
    [COUNTER_OUT_RSTS] = {snmp, "OutRsts"},
    [COUNTER_SYNCOOKIES_SENT] = {netstat, "SyncookiesSent"},
    [COUNTER_SYNCOOKIES_RECV] = {netstat, "SyncookiesRecv"},
    [COUNTER_SYNCOOKIES_FAILED] = {netstat, "SyncookiesFailed"},
    [COUNTER_LISTEN_OVERFLOWS] = {netstat, "ListenOverflows"},
    [COUNTER_LISTEN_DROPS] = {netstat, "ListenDrops"},
    [COUNTER_REQ_Q_FULL_DO_COOKIES] = {netstat, "TCPReqQFullDoCookies"},
    [COUNTER_REQ_Q_FULL_DROP] = {netstat, "TCPReqQFullDrop"},
    [COUNTER_SYN_RETRANS] = {netstat, "TCPSynRetrans"},
    [COUNTER_EMBRYONIC_RSTS] = {netstat, "EmbryonicRsts"},
    [COUNTER_ORIG_DATA_SENT] = {netstat, "TCPOrigDataSent"},
    [COUNTER_WIN_PROBE] = {netstat, "TCPWinProbe"},
    [COUNTER_ABORT_ON_DATA] = {netstat, "TCPAbortOnData"},
    [COUNTER_CURR_ESTAB] = {snmp, "CurrEstab"},
    [COUNTER_TIMEWAIT] = {sockstat, "tw"},
    [COUNTER_MAX_TW_BUCKETS] = {sysctl, "tcp_max_tw_buckets"},
    [COUNTER_MAX_SYN_BACKLOG] = {sysctl, "tcp_max_syn_backlog"},
    [COUNTER_SYNCOOKIES_MODE] = {sysctl, "tcp_syncookies"},
    [COUNTER_SYNACK_RETRIES] = {sysctl, "tcp_synack_retries"},
};

/* A piece of the text: the rest of a file, a line, a word. */
struct piece {
  const char *at;
  size_t len;
};

const char *kernel_counter_name(enum kernel_counter counter) {
  return places[counter].name;
}

static bool piece_is(struct piece piece, const char *text) {
  return piece.len == strlen(text) && memcmp(piece.at, text, piece.len) == 0;
}

/* Split the next line off, without its newline. Returns false where there is
 * no whole one. */
static bool take_line(struct piece *text, struct piece *line) {
  const char *newline =
      text->len == 0 ? NULL : memchr(text->at, '\n', text->len);
  if (newline == NULL)
    return false;
  *line = (struct piece){text->at, (size_t)(newline - text->at)};
  text->at = newline + 1;
  text->len -= line->len + 1;
  return true;
}

/* Split the next word off. Returns false at the end of the line. */
static bool take_word(struct piece *line, struct piece *word) {
  while (line->len > 0 && *line->at == ' ') {
    line->at++;
    line->len--;
  }
  *word = (struct piece){line->at, 0};
  while (line->len > 0 && *line->at != ' ') {
    line->at++;
    line->len--;
    word->len++;
  }
  return word->len > 0;
}

/* A whole word of decimal digits, perhaps behind a minus, as 64 bits. */
static bool parse_number(struct piece word, int64_t *out) {
  bool negative = word.len > 1 && *word.at == '-';
  uint64_t value = 0;
  for (size_t i = negative ? 1 : 0; i < word.len; i++) {
    if (word.at[i] < '0' || word.at[i] > '9')
      return false;
    uint64_t digit = (uint64_t)(word.at[i] - '0');
    if (value > (UINT64_MAX - digit) / 10)
      return false;
    value = 10 * value + digit;
  }
  if (word.len == 0 || (negative && value > INT64_MAX))
    return false;
  value = negative ? 0 - value : value;
  memcpy(out, &value, sizeof(value));
  return true;
}

static void store(struct kernel_counters *counters, const char *section,
                  struct piece name, int64_t value) {
  for (int i = 0; i < COUNTER_END; i++) {
    if (places[i].section != section || !piece_is(name, places[i].name))
      continue;
    counters->value[i] = value;
    counters->known[i] = true;
    return;
  }
}

/* A word that is no number leaves its counter unknown. Returns 0 or -EBADMSG.
 */
static int store_word(struct kernel_counters *counters, const char *section,
                      struct piece name, struct piece number) {
  int64_t value;
  if (!parse_number(number, &value))
    return -EBADMSG;
  store(counters, section, name, value);
  return 0;
}

static size_t count_words(struct piece line) {
  struct piece word;
  size_t words = 0;
  while (take_word(&line, &word))
    words++;
  return words;
}

/* names and numbers: a pair of lines behind their "Tcp:". Where one has more
 * words than the other, no number is surely that of its name. */
static int parse_pair(struct piece names, struct piece numbers,
                      const char *section, struct kernel_counters *counters) {
  struct piece name, number;
  int rc = 0;
  if (count_words(names) != count_words(numbers))
    return -EBADMSG;
  while (take_word(&names, &name) && take_word(&numbers, &number))
    if (store_word(counters, section, name, number) != 0)
      rc = -EBADMSG;
  return rc;
}

/* The next whole line of the section, without its prefix. Returns false for a
 * line of another one. */
static bool is_of_section(struct piece *line, const char *section) {
  struct piece prefix;
  return take_word(line, &prefix) && piece_is(prefix, section);
}

/* A file of pairs of lines. Whatever the other sections look like, that of
 * section is read. */
static int parse_pairs(struct piece text, const char *section,
                       struct kernel_counters *counters) {
  struct piece line = {NULL, 0}, names = {NULL, 0};
  bool begun = false, found = false;
  int rc = 0;
  while (take_line(&text, &line)) {
    bool own = is_of_section(&line, section);
    /* Names without numbers are as bad as numbers that do not fit. */
    if (begun && (!own || parse_pair(names, line, section, counters) != 0))
      rc = -EBADMSG;
    found = found || own;
    begun = own && !begun;
    names = line;
  }
  bool cut = text.len > 0 && (!found || is_of_section(&text, section));
  return begun || cut ? -EBADMSG : rc;
}

int kernel_counters_parse_snmp(const char *text, size_t text_len,
                               struct kernel_counters *counters) {
  return parse_pairs((struct piece){text, text_len}, snmp, counters);
}

/* FNV-1a. */
uint64_t kernel_counters_activity(const char *text, size_t text_len) {
  struct piece left = {text, text_len}, line;
  uint64_t sum = UINT64_C(14695981039346656037);
  while (take_line(&left, &line))
    if (is_of_section(&line, snmp))
      for (size_t i = 0; i < line.len; i++)
        sum = (sum ^ (unsigned char)line.at[i]) * UINT64_C(1099511628211);
  return sum;
}

int kernel_counters_parse_netstat(const char *text, size_t text_len,
                                  struct kernel_counters *counters) {
  return parse_pairs((struct piece){text, text_len}, netstat, counters);
}

/* "TCP: inuse 3 orphan 0 tw 12": names and numbers in turn. */
static int parse_alternating(struct piece line, const char *section,
                             struct kernel_counters *counters) {
  struct piece name, number;
  int rc = 0;
  if (count_words(line) % 2 != 0)
    return -EBADMSG;
  while (take_word(&line, &name) && take_word(&line, &number))
    if (store_word(counters, section, name, number) != 0)
      rc = -EBADMSG;
  return rc;
}

int kernel_counters_parse_sockstat(const char *text, size_t text_len,
                                   struct kernel_counters *counters) {
  struct piece left = {text, text_len}, line;
  bool found = false;
  int rc = 0;
  while (take_line(&left, &line)) {
    if (!is_of_section(&line, sockstat))
      continue;
    found = true;
    if (parse_alternating(line, sockstat, counters) != 0)
      rc = -EBADMSG;
  }
  bool cut = left.len > 0 && (!found || is_of_section(&left, sockstat));
  return cut ? -EBADMSG : rc;
}

int kernel_counters_parse_sysctl(const char *text, size_t text_len,
                                 enum kernel_counter counter,
                                 struct kernel_counters *counters) {
  struct piece left = {text, text_len}, line;
  int64_t value;
  if (!take_line(&left, &line) || left.len > 0 || !parse_number(line, &value))
    return -EBADMSG;
  counters->value[counter] = value;
  counters->known[counter] = true;
  return 0;
}
