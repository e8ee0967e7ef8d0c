/* One row of a host's metrics. Pure but for the stream it writes to. Source:
 * see reading.h. An empty cell is no value, "nan" one that was not looked at.
 */
#include "reading.h"

#include <math.h>
#include <string.h>

enum { ROW_MAX = 1536, ACTIVE_STATES = 8 };

static const char *const counter_names[TALLY_END] = {
    [TALLY_PASSIVE_OPENS] = "PassiveOpens",
    [TALLY_ACTIVE_OPENS] = "ActiveOpens",
    [TALLY_ATTEMPT_FAILS] = "AttemptFails",
    [TALLY_ESTAB_RESETS] = "EstabResets",
    [TALLY_SYNCOOKIES_SENT] = "SyncookiesSent",
    [TALLY_SYNCOOKIES_RECV] = "SyncookiesRecv",
    [TALLY_SYNCOOKIES_FAILED] = "SyncookiesFailed",
    [TALLY_LISTEN_OVERFLOWS] = "ListenOverflows",
    [TALLY_LISTEN_DROPS] = "ListenDrops",
    [TALLY_REQ_Q_FULL_DO_COOKIES] = "TCPReqQFullDoCookies",
    [TALLY_REQ_Q_FULL_DROP] = "TCPReqQFullDrop",
    [TALLY_SYN_RETRANS] = "TCPSynRetrans",
    [TALLY_EMBRYONIC_RSTS] = "EmbryonicRsts",
};

static const char *const gauge_names[] = {
    "tcp_connections-ESTABLISHED",
    "tcp_connections-SYN_SENT",
    "tcp_connections-SYN_RECV",
    "tcp_connections-FIN_WAIT1",
    "tcp_connections-FIN_WAIT2",
    "tcp_connections-TIME_WAIT",
    "tcp_connections-CLOSED",
    "tcp_connections-CLOSE_WAIT",
    "tcp_connections-LAST_ACK",
    "tcp_connections-LISTEN",
    "tcp_connections-CLOSING",
    "current_connections-active",
    "current_connections-syn_recv_aged",
    "percent-completion",
    "percent-syn_recv",
    "percent-syn_recv_aged",
    "percent-handshake",
    "percent-inbound",
    "percent-syn_queue",
    "percent-syn_queue_aged",
    "percent-accept_queue",
    "percent-time_wait",
    "gauge-state_entropy",
};

static void write_name(FILE *out, const char *host, const char *type,
                       const char *name) {
  fprintf(out, ",%s%stcpstates-all/%s%s", host != NULL ? host : "",
          host != NULL ? "/" : "", type, name);
}

static const char *const held_names[] = {
    "current_connections-held",        "gauge-bare_acks",
    "current_connections-zero_window", "percent-zero_window",
    "current_connections-held_drip",   "current_connections-held_starved",
    "current_connections-held_mute",   "protocol_counter-OutSegs",
    "protocol_counter-OutRsts",        "protocol_counter-TCPOrigDataSent",
    "protocol_counter-TCPWinProbe",    "protocol_counter-TCPAbortOnData",
};

void reading_write_head(FILE *out, const char *host,
                        const struct reader *reader) {
  fputs("time", out);
  for (size_t i = 0; i < sizeof(gauge_names) / sizeof(gauge_names[0]); i++)
    write_name(out, host, "", gauge_names[i]);
  for (int i = 0; i < TALLY_END; i++)
    write_name(out, host, "protocol_counter-", counter_names[i]);
  if (reader->top_source)
    write_name(out, host, "percent-", "syn_recv_top_source");
  if (reader->peaks) {
    write_name(out, host, "current_connections-", "syn_recv_peak");
    write_name(out, host, "current_connections-", "syn_recv_aged_peak");
  }
  if (reader->held)
    for (size_t i = 0; i < sizeof(held_names) / sizeof(held_names[0]); i++)
      write_name(out, host, "", held_names[i]);
  fputc('\n', out);
}

struct row {
  bool counted; /* the sockets were */
  size_t length;
  char text[ROW_MAX];
};

static void add_digits(struct row *row, int64_t value, int least_digits) {
  char digits[24];
  int count = 0;
  while (value > 0 || count < least_digits) {
    digits[count++] = (char)('0' + value % 10);
    value /= 10;
  }
  while (count > 0)
    row->text[row->length++] = digits[--count];
}

static void add_count(struct row *row, int64_t value) {
  row->text[row->length++] = ',';
  add_digits(row, value, 1);
}

/* At least 0, four decimals; NAN becomes an empty cell. */
static void add_value(struct row *row, double value) {
  row->text[row->length++] = ',';
  if (isnan(value))
    return;
  int64_t scaled = (int64_t)(value * 10000 + 0.5);
  add_digits(row, scaled / 10000, 1);
  if (scaled % 10000 == 0)
    return;
  row->text[row->length++] = '.';
  add_digits(row, scaled % 10000, 4);
}

static void add_unknown(struct row *row) {
  static const char unknown[] = ",nan";
  memcpy(row->text + row->length, unknown, sizeof(unknown) - 1);
  row->length += sizeof(unknown) - 1;
}

/* Instead of what comes of counting sockets, where that was left out. Returns
 * whether it was. */
static bool leave_out(struct row *row) {
  if (!row->counted)
    add_unknown(row);
  return !row->counted;
}

static void add_sockets(struct row *row, int64_t sockets) {
  if (!leave_out(row))
    add_count(row, sockets);
}

static void add_share(struct row *row, double share) {
  if (!leave_out(row))
    add_value(row, share);
}

/* Where SYN-ACKs are never sent again, nothing tells an old entry. */
static void add_aged(struct row *row, const struct host *host, double value) {
  if (host->settings.retries == 0)
    add_unknown(row);
  else
    add_share(row, value);
}

static double percent(int64_t part, int64_t whole) {
  if (whole <= 0)
    return NAN;
  double value = 100 * (double)part / (double)whole;
  return value < 100 ? value : 100;
}

/* One source's part of the entries: that of the one which probes, or of a
 * client that opens some connections at once. Spoofed sources have one entry
 * each. */
static double top_source(const struct host *host) {
  const struct syn_queue *queue = &host->queue;
  int64_t probes = syn_queue_probes(queue);
  double others = (double)(queue->total - probes);
  double visit = fmin(others, ceil(host->settings.load.clump));
  return percent((int64_t)fmax((double)probes, visit), queue->total);
}

static double entropy(const int64_t states[ACTIVE_STATES], int64_t active) {
  if (active == 0)
    return NAN;
  double bits = 0;
  for (int i = 0; i < ACTIVE_STATES; i++) {
    double share = (double)states[i] / (double)active;
    if (share > 0)
      bits -= share * log2(share);
  }
  return bits > 0 ? bits / log2(ACTIVE_STATES) : 0;
}

static int64_t above_zero(int64_t value) { return value > 0 ? value : 0; }

static int64_t since(const struct tally *before, const struct host *host,
                     enum tally_counter counter) {
  return above_zero(host->tally.count[counter] - before->count[counter]);
}

static double handshakes_completed(const struct reader *reader,
                                   const struct host *host) {
  const struct tally *before = &reader->counted_before;
  if (!reader->differences)
    return NAN;
  int64_t completed = since(before, host, TALLY_PASSIVE_OPENS);
  int64_t unreturned = above_zero(since(before, host, TALLY_SYNCOOKIES_SENT) -
                                  since(before, host, TALLY_SYNCOOKIES_RECV));
  int64_t unanswered =
      above_zero(syn_queue_aged(&host->queue) - reader->aged_before);
  int64_t failed = since(before, host, TALLY_EMBRYONIC_RSTS) + unreturned +
                   since(before, host, TALLY_REQ_Q_FULL_DROP) + unanswered;
  return percent(completed, completed + failed);
}

static double inbound(const struct reader *reader, const struct host *host) {
  if (!reader->differences)
    return NAN;
  int64_t passive = since(&reader->before, host, TALLY_PASSIVE_OPENS);
  return percent(passive,
                 passive + since(&reader->before, host, TALLY_ACTIVE_OPENS));
}

/* With those that are held. */
static int64_t established(const struct host *host) {
  return host->table.established +
         (int64_t)llround(host->traffic.now.established);
}

static int64_t fin_wait1(const struct host *host) {
  return host->table.fin_wait1 + (int64_t)llround(host->traffic.now.fin_wait1);
}

static void add_held(struct row *row, const struct host *host) {
  const struct traffic *traffic = &host->traffic;
  const struct holders *seen = &traffic->holders;
  double zero = (double)seen->kind[HOLDER_ZERO_WINDOW];
  double sockets = (double)seen->sockets;

  add_value(row, traffic->held.beyond);
  add_value(row, traffic->held.bare_acks);
  add_value(row, traffic->looked ? zero : NAN);
  add_value(row, traffic->looked && sockets > 0 ? 100 * zero / sockets : NAN);
  for (int i = HOLDER_DRIP; i < HOLDER_KINDS; i++)
    add_value(row, traffic->asked        ? (double)seen->kind[i]
                   : i == HOLDER_STARVED ? traffic->starving
                                         : NAN);
  add_count(row, (int64_t)traffic->segments);
  add_count(row, (int64_t)traffic->resets);
  add_count(row, (int64_t)traffic->data);
  add_count(row, (int64_t)traffic->probes);
  add_count(row, (int64_t)traffic->aborts);
}

static void add_states(struct row *row, const struct host *host) {
  const struct socket_table *table = &host->table;
  add_sockets(row, established(host));
  add_sockets(row, table->syn_sent);
  add_sockets(row, host->queue.total);
  add_sockets(row, fin_wait1(host));
  add_sockets(row, table->fin_wait2);
  add_sockets(row, table->time_wait);
  add_sockets(row, 0); /* CLOSED is no state of a socket in the table */
  add_sockets(row, table->close_wait);
  add_sockets(row, table->last_ack);
  add_count(row, host->effects.port_closed ? host->settings.table.listeners - 1
                                           : host->settings.table.listeners);
  add_sockets(row, table->closing);
}

static void add_derived(struct row *row, const struct reader *reader,
                        const struct host *host) {
  const struct socket_table *table = &host->table;
  const struct syn_queue *queue = &host->queue;
  int64_t half_open = queue->total;
  int64_t aged = syn_queue_aged(queue);
  const int64_t states[ACTIVE_STATES] = {
      established(host), table->syn_sent,   half_open,       fin_wait1(host),
      table->fin_wait2,  table->close_wait, table->last_ack, table->closing};
  int64_t active = 0;
  for (int i = 0; i < ACTIVE_STATES; i++)
    active += states[i];
  add_sockets(row, active);
  add_aged(row, host, (double)aged);
  add_share(row, percent(states[0], states[0] + half_open));
  add_share(row, percent(half_open, active));
  add_aged(row, host, percent(aged, half_open));
  add_share(row, handshakes_completed(reader, host));
  add_value(row, inbound(reader, host));
  add_share(row, percent(half_open, syn_queue_limit(queue)));
  add_aged(row, host, percent(aged, syn_queue_limit(queue)));
  add_value(row, fmax(percent(queue->accept_depth, queue->backlog),
                      100 * host->effects.accept_queue));
  add_value(row, percent(table->time_wait, host->settings.table.max_time_wait));
  add_share(row, entropy(states, active));
}

void reading_write(FILE *out, double time_s, struct reader *reader,
                   const struct host *host) {
  struct row row = {.counted = reader->number++ % reader->count_every == 0};
  int64_t milliseconds = (int64_t)(time_s * 1000 + 0.5);
  add_digits(&row, milliseconds / 1000, 1);
  row.text[row.length++] = '.';
  add_digits(&row, milliseconds % 1000, 3);
  add_states(&row, host);
  add_derived(&row, reader, host);
  for (int i = 0; i < TALLY_END; i++)
    add_count(&row, host->tally.count[i] + (i == TALLY_PASSIVE_OPENS
                                                ? (int64_t)host->traffic.opened
                                                : 0));
  if (reader->top_source)
    add_share(&row, top_source(host));
  if (reader->peaks) {
    add_sockets(&row, host->half_open_peak);
    add_aged(&row, host, (double)host->aged_peak);
  }
  if (reader->held)
    add_held(&row, host);
  row.text[row.length++] = '\n';
  fwrite(row.text, 1, row.length, out);
  reader->differences = true;
  reader->before = host->tally;
  if (!row.counted)
    return;
  reader->counted_before = host->tally;
  reader->aged_before = syn_queue_aged(&host->queue);
}
