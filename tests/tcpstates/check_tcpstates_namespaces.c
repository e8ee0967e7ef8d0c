/* What is said about rounds through other namespaces, and how seldom. */
#include "collectd.h"

#include "scenes/collectd_log.h"
#include "scenes/suite.h"
#include "tcpstates/tcpstates_namespaces.h"

#include <errno.h>

static struct tcpstates_namespaces said;
static struct namespaces_outcome outcome;

static void set_up_outcome(void) {
  outcome = (struct namespaces_outcome){.enter_failed = "", .bpf_failed = ""};
}

static void set_up(void) {
  said = (struct tcpstates_namespaces){0};
  set_up_outcome();
  collectd_log_clear();
}

static void report(unsigned times) {
  while (times-- > 0)
    tcpstates_namespaces_report(&said, &outcome, 200);
}

START_TEST(rounds_without_fault_say_nothing) {
  report(1000);
  ck_assert_str_eq(collectd_log_text(), "");
}
END_TEST

static void find_none(void) { outcome.find_error = -ENOMEM; }

static void be_denied(void) {
  outcome.enter_error = -EPERM;
  outcome.enter_failed = "enter";
  outcome.denied = true;
}

static void be_forbidden(void) {
  outcome.enter_error = -EPERM;
  outcome.enter_failed = "enter";
}

static void be_hidden(void) { outcome.hidden = true; }

static void be_too_many(void) { outcome.over_max = true; }

static void be_short(void) { outcome.short_of_descriptors = true; }

static void lack_bpf(void) {
  outcome.bpf_error = -EPERM;
  outcome.bpf_failed = "load";
}

static void doubt_bpf(void) { outcome.bpf_doubted = true; }

static void fail_to_read(void) {
  outcome.read_error = -ETIMEDOUT;
  snprintf(outcome.read_failed, sizeof(outcome.read_failed),
           "web: netlink receive");
}

static const struct {
  void (*begin)(void);
  const char *begins, *ends;
} cases[] = {
    {find_none,
     "<4> tcpstates: cannot look for network namespaces: Cannot allocate "
     "memory; those that are known are read\n",
     "<5> tcpstates: network namespaces are looked for again\n"},
    {be_denied,
     "<4> tcpstates: cannot enter network namespaces (Operation not "
     "permitted): CAP_SYS_ADMIN is missing; only the daemon's own is read\n",
     "<5> tcpstates: network namespaces can be entered again\n"},
    {be_forbidden,
     "<4> tcpstates: cannot enter some network namespaces (enter: Operation "
     "not permitted); they are left out\n",
     "<5> tcpstates: network namespaces can be entered again\n"},
    {be_hidden,
     "<4> tcpstates: cannot see the namespaces of other users' processes: "
     "CAP_SYS_PTRACE is missing; those are left out\n",
     "<5> tcpstates: the namespaces of other users' processes are seen "
     "again\n"},
    {be_too_many,
     "<4> tcpstates: there are more network namespaces than MaxNamespaces "
     "(200); those found later are left out\n",
     "<5> tcpstates: there are no more network namespaces than MaxNamespaces "
     "again\n"},
    {be_short,
     "<4> tcpstates: there are too few file descriptors for all network "
     "namespaces (LimitNOFILE); some are left out\n",
     "<5> tcpstates: there are enough file descriptors for network namespaces "
     "again\n"},
    {lack_bpf,
     "<5> tcpstates: BPF cannot count the half-open sockets of other network "
     "namespaces (load: Operation not permitted); walks in turns count them\n",
     "<5> tcpstates: BPF counts the half-open sockets of other network "
     "namespaces again\n"},
    {doubt_bpf,
     "<4> tcpstates: BPF and walks count different half-open sockets in some "
     "network namespaces; walks count them there\n",
     "<5> tcpstates: BPF counts the half-open sockets of all "
     "namespaces again\n"},
    {fail_to_read,
     "<4> tcpstates: cannot read some network namespaces (web: netlink "
     "receive: Connection timed out); they are entered again\n",
     "<5> tcpstates: all network namespaces can be read again\n"},
};

START_TEST(a_lasting_fault_is_said_once_and_so_is_its_end) {
  cases[_i].begin();
  report(500);
  ck_assert_str_eq(collectd_log_text(), cases[_i].begins);
  collectd_log_clear();
  set_up_outcome();
  report(500);
  ck_assert_str_eq(collectd_log_text(), cases[_i].ends);
}
END_TEST

START_TEST(what_comes_and_goes_is_said_seldom) {
  for (int i = 0; i < 600; i++) {
    outcome.over_max = i % 2 == 0;
    report(1);
  }
  ck_assert_uint_le(collectd_log_lines(), 2 * 600 / 60 + 2);
  ck_assert_uint_ge(collectd_log_lines(), 4);
}
END_TEST

SUITE(tcpstates_namespaces) {
  Suite *suite = suite_create("tcpstates_namespaces");
  TCase *tcase = tcase_create("namespaces");
  tcase_add_checked_fixture(tcase, set_up, NULL);
  tcase_add_test(tcase, rounds_without_fault_say_nothing);
  tcase_add_loop_test(tcase, a_lasting_fault_is_said_once_and_so_is_its_end, 0,
                      sizeof(cases) / sizeof(cases[0]));
  tcase_add_test(tcase, what_comes_and_goes_is_said_seldom);
  suite_add_tcase(suite, tcase);
  return suite;
}
