/* Runs the real collectd with the freshly built plugins in a folder of its own
 * and a network namespace of its own. Everything here fails the test where it
 * does not work. */
#ifndef DAEMON_HARNESS_H
#define DAEMON_HARNESS_H

#include "daemon_told.h"

/* All zero: no <Plugin tcpstates> block, an interval of one second. */
struct daemon_setup {
  const char *options;  /* of <Plugin tcpstates> */
  const char *baseline; /* of <Plugin baseline> */
  const char *stock;    /* further config, of collectd's own plugins */
  const char *more;     /* further config */
  const char *interval; /* seconds */
  bool unprivileged;
  bool without_netlink;  /* inet_diag sockets are refused, as without module */
  const char *tcp_table; /* text that stands in for /proc/net/tcp; later
                            daemon_change_table */
  const char *proc_net;  /* a folder that stands in for /proc/net */
};

/* Once a program: the folder of the daemons' folders. Removed at the end
 * where keep is false. */
void daemon_folder_create(void);
void daemon_folder_remove(bool keep);

/* Before each test: a network namespace with nothing but loopback. */
void daemon_enter_namespace(void);

void daemon_start(struct daemon *daemon, const struct daemon_setup *setup);

/* The same in the folder of one that has ended, with what it left there. */
void daemon_start_again(struct daemon *daemon,
                        const struct daemon_setup *setup);

/* Ask it to end (SIGTERM), and talk to it no more: with glibc from 2.41 on
 * collectd waits at its end for each client of its unixsock that is silent.
 * Returns its wait status; -1 where it did not end within ten seconds and was
 * killed. */
int daemon_stop(struct daemon *daemon);

/* Start a daemon that is expected to refuse. Returns its wait status; output:
 * DAEMON_TEXT_MAX bytes for what it said on stderr. */
int daemon_run_refused(const struct daemon_setup *setup, char *output);

/* The line in which collectd says that it cannot load a plugin, in what it has
 * said; NULL where it does not. A daemon that starts so fails the test. */
const char *daemon_load_failure(const char *said);

/* Another text for /proc/net/tcp, for a daemon that has one. */
void daemon_change_table(const struct daemon *daemon, const char *text);

#endif
