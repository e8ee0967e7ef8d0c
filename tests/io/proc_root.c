/* See proc_root.h. The lines are a 6.18 kernel's. */
#define _GNU_SOURCE
#include "proc_root.h"

#include <dirent.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEADER4                                                                \
  "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when "        \
  "retrnsmt   uid  timeout inode                                         "     \
  "            \n"
#define HEADER6                                                                \
  "  sl  local_address                         remote_address               "  \
  "         st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
#define TAIL4 " 00000000     0        0 12542 1 00000000730d5d4f 100 0 0 10 0\n"

const char proc_root_header[] = HEADER4;

const char proc_root_tcp[] = HEADER4
    "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000" TAIL4
    "   1: 0100007F:1F90 0100007F:C736 01 00000000:00000000 00:00000000" TAIL4
    "   2: 0100007F:1F90 0100007F:C737 01 00000000:00000000 00:00000000" TAIL4
    "   3: 0100007F:0016 0100007F:C738 08 00000000:00000000 00:00000000" TAIL4
    "   4: 0100007F:1F90 0100007F:C739 06 00000000:00000000 03:00001680" TAIL4;

const char proc_root_tcp6[] = HEADER6
    "   0: 00000000000000000000000001000000:0051 "
    "00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 "
    "00000000     0        0 12545 1 0000000021a8b2c9 100 0 0 10 0\n"
    "   1: 00000000000000000000000001000000:0051 "
    "00000000000000000000000001000000:D431 03 00000000:00000000 01:00000050 "
    "00000002     0        0 0 1 0000000021a8b2c9\n";

static const char snmp[] =
    "Ip: Forwarding DefaultTTL InReceives\n"
    "Ip: 2 64 3\n"
    "Tcp: RtoAlgorithm RtoMin RtoMax MaxConn ActiveOpens PassiveOpens "
    "AttemptFails EstabResets CurrEstab InSegs OutSegs RetransSegs InErrs "
    "OutRsts InCsumErrors\n"
    "Tcp: 1 200 120000 -1 11 12 13 14 3 15 16 17 18 19 20\n";

static const char netstat[] =
    "TcpExt: SyncookiesSent SyncookiesRecv SyncookiesFailed EmbryonicRsts "
    "ListenOverflows ListenDrops TCPReqQFullDoCookies TCPReqQFullDrop "
    "TCPSynRetrans TCPOrigDataSent TCPWinProbe TCPAbortOnData\n"
    "TcpExt: 21 22 23 24 25 26 27 28 29 30 31 32\n";

static const char sockstat[] = "sockets: used 4\n"
                               "TCP: inuse 3 orphan 0 tw 1 alloc 5 mem 342\n"
                               "UDP: inuse 0 mem 0\n";

void proc_root_create(char *path) {
  strcpy(path, "/tmp/check_io.XXXXXX");
  if (mkdtemp(path) == NULL || chmod(path, 0755) != 0)
    abort();
  static const char *const folders[] = {"net", "sys", "sys/net",
                                        "sys/net/ipv4"};
  for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
    char folder[PROC_ROOT_PATH + 16];
    snprintf(folder, sizeof(folder), "%s/%s", path, folders[i]);
    if (mkdir(folder, 0755) != 0)
      abort();
  }
  proc_root_write(path, "net/tcp", proc_root_tcp);
  proc_root_write(path, "net/tcp6", proc_root_tcp6);
  proc_root_write(path, "net/snmp", snmp);
  proc_root_write(path, "net/netstat", netstat);
  proc_root_write(path, "net/sockstat", sockstat);
  proc_root_write(path, "sys/net/ipv4/tcp_max_tw_buckets", "131072\n");
  proc_root_write(path, "sys/net/ipv4/tcp_max_syn_backlog", "512\n");
  proc_root_write(path, "sys/net/ipv4/tcp_syncookies", "1\n");
  proc_root_write(path, "sys/net/ipv4/tcp_synack_retries", "5\n");
}

static int remove_one(const char *path, const struct stat *status, int type,
                      struct FTW *walk) {
  (void)status, (void)type, (void)walk;
  return remove(path);
}

void proc_root_destroy(const char *path) {
  nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

void proc_root_write(const char *path, const char *name, const char *text) {
  char file[PROC_ROOT_PATH + 64];
  snprintf(file, sizeof(file), "%s/%s", path, name);
  if (text == NULL) {
    if (remove(file) != 0)
      abort();
    return;
  }
  FILE *out = fopen(file, "w");
  if (out == NULL || fputs(text, out) < 0 || fclose(out) != 0)
    abort();
}

unsigned open_fds(void) {
  DIR *folder = opendir("/proc/self/fd");
  if (folder == NULL)
    abort();
  unsigned count = 0;
  while (readdir(folder) != NULL)
    count++;
  closedir(folder);
  return count;
}
