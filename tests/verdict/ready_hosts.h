/* Three members of a host's snapshots, put into hosts as the plugin does it,
 * and what was judged of them. For tests. */
#ifndef TESTS_VERDICT_READY_HOSTS_H
#define TESTS_VERDICT_READY_HOSTS_H

#include "verdict/hosts.h"

enum { READY_MEMBERS = 3, READY_MAX = 32 };
#define READY_INTERVAL_S 10.0
#define READY_START_S 1700000000.0

extern const enum signal ready_member[READY_MEMBERS];

struct ready_hosts {
  struct rules rules;
  struct hosts *hosts;
  struct judgement ready[READY_MAX]; /* judged since the last ready_forget */
  size_t ready_len;
};
extern struct ready_hosts ready;

void ready_setup(void);
void ready_teardown(void);

/* One value, and what is ready then. Returns what hosts_put says, after -EAGAIN
 * the second time. */
int ready_put(const char *host, enum signal signal, double time_s, double now_s,
              double number);

/* Member i of the host's snapshot number n: n * 100 + i. It comes 0.01 s after
 * the one before; or late_s after its snapshot's time. */
int ready_put_member(const char *host, int n, int i);
int ready_put_late(const char *host, int n, int i, double late_s);
void ready_put_all(const char *host, int n);

/* A tick of the receiver's clock, so many seconds after the start. */
void ready_wake(double after_s);

/* Snapshots 0 and 1: from then on it is known what belongs to one. */
void ready_begin(const char *host);

/* Judgement i was of the host's snapshot number n, with its first two members.
 */
void ready_expect(size_t i, const char *host, int n);

#endif
