/* See daemon_child.h: privileges, a seccomp filter in place of a missing kernel
 * module, a folder mounted over /proc/net. */
#define _GNU_SOURCE
#include "daemon_child.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <linux/seccomp.h>
#include <linux/securebits.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { NOBODY = 65534 };

static _Noreturn void give_up(const char *what) {
  fprintf(stderr, "%s: %s\n", what, strerror(errno));
  _exit(99);
}

static void write_file(const char *path, const char *text) {
  int fd = open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
    give_up(path);
  close(fd);
}

/* Who is not root becomes the root of a user namespace of his own. */
static void enter_user_namespace(void) {
  char map[32];
  unsigned uid = (unsigned)geteuid(), gid = (unsigned)getegid();
  if (unshare(CLONE_NEWUSER) != 0)
    give_up("unshare: this test needs root or user namespaces");
  write_file("/proc/self/setgroups", "deny");
  snprintf(map, sizeof(map), "0 %u 1", uid);
  write_file("/proc/self/uid_map", map);
  snprintf(map, sizeof(map), "0 %u 1", gid);
  write_file("/proc/self/gid_map", map);
}

void daemon_enter_namespace(void) {
  if (geteuid() != 0)
    enter_user_namespace();
  if (unshare(CLONE_NEWNET) != 0)
    give_up("unshare: no network namespace");
  struct ifreq loopback = {.ifr_name = "lo", .ifr_flags = IFF_UP};
  int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &loopback) != 0)
    give_up("loopback");
  close(fd);
}

/* In a user namespace there is nobody else to be: root without a root's
 * capabilities then. */
static void drop_privileges(void) {
  if (setgroups(0, NULL) == 0 && setresgid(NOBODY, NOBODY, NOBODY) == 0 &&
      setresuid(NOBODY, NOBODY, NOBODY) == 0)
    return;
  if (prctl(PR_SET_SECUREBITS, SECBIT_NOROOT | SECBIT_NOROOT_LOCKED) != 0)
    give_up("privileges");
}

/* socket(AF_NETLINK, any, NETLINK_SOCK_DIAG) fails as without the module. */
static void refuse_sock_diag(void) {
  enum { LOW = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? 4 : 0 };
  struct sock_filter code[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_socket, 0, 5),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
               offsetof(struct seccomp_data, args[0]) + LOW),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_NETLINK, 0, 3),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
               offsetof(struct seccomp_data, args[2]) + LOW),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, NETLINK_SOCK_DIAG, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPROTONOSUPPORT),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = {.len = sizeof(code) / sizeof(code[0]),
                               .filter = code};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
      prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
    give_up("seccomp");
}

/* /proc/net is /proc/self/net: the mount holds for this process alone. The
 * whole folder, for the kernel drops a mount on a file in there at the next
 * look. */
static void mount_tables(const char *tables) {
  char path[64];
  snprintf(path, sizeof(path), "/proc/%d/net", (int)getpid());
  if (unshare(CLONE_NEWNS) != 0 ||
      mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
      mount(tables, path, NULL, MS_BIND, NULL) != 0)
    give_up(path);
}

static void redirect_stderr(const char *dir) {
  char path[DAEMON_PATH_MAX + 32];
  snprintf(path, sizeof(path), "%s/stderr", dir);
  int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (fd < 0 || dup2(fd, STDERR_FILENO) < 0 || dup2(fd, STDOUT_FILENO) < 0)
    give_up(path);
  close(fd);
}

void daemon_child_run(const char *dir, const struct daemon_setup *setup) {
  char conf[DAEMON_PATH_MAX + 32], tables[DAEMON_PATH_MAX + 32];
  snprintf(conf, sizeof(conf), "%s/collectd.conf", dir);
  snprintf(tables, sizeof(tables), "%s/net", dir);
  redirect_stderr(dir);
  if (setup->tcp_table != NULL)
    mount_tables(tables);
  if (setup->proc_net != NULL)
    mount_tables(setup->proc_net);
  if (setup->unprivileged)
    drop_privileges();
  if (setup->without_netlink)
    refuse_sock_diag();
  /* After the change of the user, which resets it. */
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
    give_up("prctl");
  execl(COLLECTD, "collectd", "-f", "-C", conf, (char *)NULL);
  give_up(COLLECTD);
}
