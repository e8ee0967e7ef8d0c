/* The look at established sockets: by netlink, or by a BPF program, which costs
 * less. The program takes memory, and loading it as long as several looks: it
 * is loaded when the looks of one suspicion have cost as much, and unloaded a
 * while after the suspicion. Looks by both are compared now and then; the
 * program is given up for good where it is refused or wrong, and for a while
 * where memory or files are short. Private to the room io. */
#ifndef IO_HOLDERS_LOOK_H
#define IO_HOLDERS_LOOK_H

#include "diag_source.h"
#include "holder_probe.h"
#include "table/probe_trust.h"

enum { HOLDERS_LOOK_FIGURES = 1 + HOLDER_KINDS }; /* sockets, and each kind */

/* All zeros: by netlink. */
struct holders_look {
  bool may_use_bpf; /* set by whoever owns this; not inside other namespaces */
  bool at_once;     /* load it now, and keep it: to measure what it costs */
  bool was_by_bpf;  /* the last look */
  struct holder_probe *probe; /* owned; NULL: not loaded */
  struct probe_trust trust[HOLDERS_LOOK_FIGURES];
  unsigned looks_left[2]; /* until they are compared: without, with tcp_info */
  unsigned pause;         /* looks left until it may be loaded again */
  double spent_s;         /* CPU time of looks by netlink in this suspicion */
  double suspected_s;     /* by a steady clock: when there last was one */
  int error;              /* why BPF is not used; 0: it is, or will be */
  const char *failed;     /* the call; static */
};

void holders_look_end(struct holders_look *look);

/* Once a reading, before its look. now_s: of a steady clock. */
void holders_look_note(struct holders_look *look, double now_s, bool suspected);

/* Look at the sockets and at the listening sockets, and finish. holders:
 * initialized. Returns 0, or -errno and nothing in it may be used. */
int holders_look_take(struct holders_look *look, struct diag_source *diag,
                      struct holders *holders, bool asked);

/* Whether looks by both ways differ too often: BPF is used no more. */
bool holders_look_is_doubted(const struct holders_look *look);

#endif
