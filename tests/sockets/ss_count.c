/* See ss_count.h. Source: the table sstate_name in misc/ss.c of iproute2. */
#define _GNU_SOURCE
#include "ss_count.h"

#include "must.h"

static const char *const names[TCP_STATE_END] = {
    [TCP_STATE_ESTABLISHED] = "ESTAB",    [TCP_STATE_SYN_SENT] = "SYN-SENT",
    [TCP_STATE_SYN_RECV] = "SYN-RECV",    [TCP_STATE_FIN_WAIT1] = "FIN-WAIT-1",
    [TCP_STATE_FIN_WAIT2] = "FIN-WAIT-2", [TCP_STATE_TIME_WAIT] = "TIME-WAIT",
    [TCP_STATE_CLOSED] = "UNCONN",        [TCP_STATE_CLOSE_WAIT] = "CLOSE-WAIT",
    [TCP_STATE_LAST_ACK] = "LAST-ACK",    [TCP_STATE_LISTEN] = "LISTEN",
    [TCP_STATE_CLOSING] = "CLOSING",
};

static int state_of(const char *name) {
  for (int state = 1; state < TCP_STATE_END; state++)
    if (strcmp(names[state], name) == 0)
      return state;
  errno = EPROTO;
  must(false, name);
  return 0;
}

void ss_count(uint64_t count[TCP_FAMILY_COUNT][TCP_STATE_END]) {
  memset(count, 0, sizeof(uint64_t[TCP_FAMILY_COUNT][TCP_STATE_END]));
  FILE *ss = popen("ss -Htan", "r");
  must(ss != NULL, "ss");
  char line[512], name[32], local[128];
  while (fgets(line, sizeof(line), ss) != NULL) {
    errno = EPROTO;
    must(sscanf(line, "%31s %*s %*s %127s", name, local) == 2, line);
    /* Of iproute2 6.15 on kernels from 6.8 on: sockets that are bound and no
     * more, which no table of connections has. */
    if (strcmp(name, names[TCP_STATE_CLOSED]) == 0)
      continue;
    /* "[::1]:80" and, of a dual-stack wildcard, "*:80" */
    const enum tcp_family family =
        local[0] == '[' || local[0] == '*' ? TCP_IPV6 : TCP_IPV4;
    count[family][state_of(name)]++;
  }
  errno = ENOENT;
  must(pclose(ss) == 0, "ss -Htan (package iproute2)");
}
