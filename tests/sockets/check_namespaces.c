/* Network namespaces of the test's own, read as the daemon reads them: below a
 * folder of its own, which stands for the root of the machine, in a mount
 * namespace of its own. Needs root; without, it says so and is skipped: exit
 * status 77. */
#define _GNU_SOURCE
#include "io/namespaces.h"
#include "must.h"

#include <arpa/inet.h>
#include <check.h>
#include <dirent.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <math.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { SKIPPED = 77, READ_MAX = 64, PORT = 8000 };

static char root[64];
static struct namespaces *namespaces;
static struct namespaces_outcome outcome;
static struct namespaces_options options;

/* Of the last round. */
static struct {
  char host[NAMESPACE_HOST_MAX];
  double listening, half_open, established, close_wait;
  int64_t passive_opens;
} seen[READ_MAX];
static size_t seen_len;

/* A namespace is made by a thread that ends: the test's own never changes. */
struct work {
  const char *path;
  int space;       /* -1: a new one, mounted at path */
  int listeners;   /* to open in it, from PORT on */
  int connections; /* half-open ones to each */
  int *sockets;    /* at least so many; the caller closes them */
  size_t sockets_len;
};

static void raise_loopback(void) {
  struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP};
  int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  must(ioctl(fd, SIOCSIFFLAGS, &request) == 0, "loopback");
  close(fd);
}

/* A client that sends nothing to a listener that waits for data stays
 * half-open. */
static void open_listener(struct work *work, uint16_t port) {
  struct sockaddr_in address = {.sin_family = AF_INET,
                                .sin_port = htons(port),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int wait_s = 30, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  must(setsockopt(fd, IPPROTO_TCP, TCP_DEFER_ACCEPT, &wait_s, sizeof(wait_s)) ==
               0 &&
           bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0 &&
           listen(fd, 64) == 0,
       "a listener");
  work->sockets[work->sockets_len++] = fd;
  for (int i = 0; i < work->connections; i++) {
    int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    must(connect(client, (struct sockaddr *)&address, sizeof(address)) == 0,
         "a client");
    work->sockets[work->sockets_len++] = client;
  }
}

static void *do_work(void *argument) {
  struct work *work = argument;
  if (work->space < 0) {
    must(unshare(CLONE_NEWNET) == 0, "a namespace");
    raise_loopback();
    close(open(work->path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    must(mount("/proc/thread-self/ns/net", work->path, NULL, MS_BIND, NULL) ==
             0,
         "mount");
  } else {
    must(setns(work->space, CLONE_NEWNET) == 0, "setns");
  }
  for (int i = 0; i < work->listeners; i++)
    open_listener(work, (uint16_t)(PORT + work->space + 1 + i));
  return NULL;
}

static void run(struct work *work) {
  pthread_t thread;
  must(pthread_create(&thread, NULL, do_work, work) == 0, "a thread");
  pthread_join(thread, NULL);
}

static void path_of(const char *name, char path[128]) {
  snprintf(path, 128, "%s/run/netns/%s", root, name);
}

static int sockets[4096];
static size_t sockets_len;

static void make(const char *name, int listeners, int connections) {
  char path[128];
  path_of(name, path);
  struct work work = {.path = path,
                      .space = -1,
                      .listeners = listeners,
                      .connections = connections,
                      .sockets = sockets + sockets_len};
  run(&work);
  sockets_len += work.sockets_len;
}

static void add_listener(const char *name) {
  char path[128];
  path_of(name, path);
  struct work work = {.space = open(path, O_RDONLY | O_CLOEXEC),
                      .listeners = 1,
                      .sockets = sockets + sockets_len};
  run(&work);
  close(work.space);
  sockets_len += work.sockets_len;
}

static void close_sockets(void) {
  while (sockets_len > 0)
    close(sockets[--sockets_len]);
}

static void unmake(const char *name) {
  char path[128];
  path_of(name, path);
  must(umount2(path, MNT_DETACH) == 0, "umount");
  unlink(path);
}

static void set_up(void) {
  char path[128];
  strcpy(root, "/tmp/check_namespaces.XXXXXX");
  must(mkdtemp(root) != NULL, "a folder");
  must(unshare(CLONE_NEWNS) == 0 &&
           mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
           mount("none", root, "tmpfs", 0, NULL) == 0,
       "a mount namespace");
  snprintf(path, sizeof(path), "%s/run", root);
  mkdir(path, 0700);
  path_of("", path);
  mkdir(path, 0700);
  options = (struct namespaces_options){
      .max = 200,
      .host = "box",
      /* A budget that pays for every walk, however slow the machine is. */
      .source = {.source = "netlink", .interval_s = 100, .read_budget = 100},
      .metrics = {.counters = true, .variance_window = 30},
      .root = root,
  };
}

static void tear_down(void) {
  namespaces_destroy(namespaces);
  namespaces = NULL;
  close_sockets();
  umount2(root, MNT_DETACH);
  rmdir(root);
}

static void begin(void) {
  must(namespaces_create(&options, &namespaces) == 0, "namespaces");
}

static void note(const char *host, const struct metrics_list *list) {
  ck_assert_uint_lt(seen_len, READ_MAX);
  snprintf(seen[seen_len].host, NAMESPACE_HOST_MAX, "%s", host);
  seen[seen_len].passive_opens = -1;
  for (size_t i = 0; i < list->len; i++) {
    const struct metric *metric = &list->items[i];
    if (strcmp(metric->instance, "all") != 0)
      continue;
    if (strcmp(metric->type_instance, "LISTEN") == 0)
      seen[seen_len].listening = metric->gauge;
    if (strcmp(metric->type_instance, "SYN_RECV") == 0)
      seen[seen_len].half_open = metric->gauge;
    if (strcmp(metric->type_instance, "ESTABLISHED") == 0)
      seen[seen_len].established = metric->gauge;
    if (strcmp(metric->type_instance, "CLOSE_WAIT") == 0)
      seen[seen_len].close_wait = metric->gauge;
    if (strcmp(metric->type_instance, "PassiveOpens") == 0)
      seen[seen_len].passive_opens = metric->derive;
  }
  seen_len++;
}

static void round_of_readings(void) {
  const struct metrics_list *list;
  const char *host;
  seen_len = 0;
  namespaces_begin(namespaces, 0);
  while (namespaces_next(namespaces, &host, &list, &outcome))
    note(host, list);
}

/* The place of a host in the last round; fails if it is not there. */
static size_t at(const char *host) {
  for (size_t i = 0; i < seen_len; i++)
    if (strcmp(seen[i].host, host) == 0)
      return i;
  ck_abort_msg("%s was not read", host);
  return 0;
}

static unsigned open_descriptors(void) {
  unsigned count = 0;
  DIR *folder = opendir("/proc/self/fd");
  while (readdir(folder) != NULL)
    count++;
  closedir(folder);
  return count;
}

static ino_t own_namespace(void) {
  struct stat status;
  must(stat("/proc/thread-self/ns/net", &status) == 0, "own namespace");
  return status.st_ino;
}

START_TEST(each_is_a_host_with_sockets_of_its_own) {
  ino_t own = own_namespace();
  make("web", 2, 3);
  make("db", 1, 0);
  make("none", 0, 0);
  begin();
  round_of_readings();
  ck_assert_uint_eq(seen_len, 3);
  ck_assert_double_eq(seen[at("web@box")].listening, 2);
  ck_assert_double_eq(seen[at("web@box")].half_open, 6);
  ck_assert_double_eq(seen[at("web@box")].established, 6); /* the clients */
  ck_assert_double_eq(seen[at("db@box")].listening, 1);
  ck_assert_double_eq(seen[at("db@box")].half_open, 0);
  ck_assert_double_eq(seen[at("none@box")].listening, 0);
  ck_assert_int_ge(seen[at("none@box")].passive_opens, 0);
  ck_assert_uint_eq(own_namespace(), own);
  ck_assert_int_eq(outcome.find_error, 0);
  ck_assert_int_eq(outcome.enter_error, 0);
  ck_assert_int_eq(outcome.read_error, 0);
}
END_TEST

/* Without walks: what BPF shows, of sockets before and after it was entered. */
START_TEST(bpf_counts_between_walks) {
  options.source.half_open_by_bpf = true;
  options.source.walk_every_s = 3600;
  make("web", 2, 3);
  make("db", 0, 0);
  begin();
  round_of_readings();
  if (outcome.bpf_error != 0) {
    printf("skipped: BPF does not run here: %s: %s\n", outcome.bpf_failed,
           strerror(-outcome.bpf_error));
    return;
  }
  add_listener("db");
  round_of_readings();
  ck_assert(isnan(seen[at("web@box")].close_wait)); /* no walk */
  ck_assert_double_eq(seen[at("web@box")].listening, 2);
  ck_assert_double_eq(seen[at("web@box")].half_open, 6);
  ck_assert_double_eq(seen[at("db@box")].listening, 1);
  ck_assert_double_eq(seen[at("db@box")].half_open, 0);
  close_sockets();
  round_of_readings();
  ck_assert_double_eq(seen[at("web@box")].listening, 0);
  ck_assert_double_eq(seen[at("web@box")].half_open, 0);
  ck_assert_double_eq(seen[at("db@box")].listening, 0);
  ck_assert(!outcome.bpf_doubted);
}
END_TEST

static void allow_files(rlim_t files) {
  const struct rlimit limit = {files, files};
  must(setrlimit(RLIMIT_NOFILE, &limit) == 0, "files");
}

/* The probe begins with room for 2048 of them. */
START_TEST(bpf_counts_however_many_listen) {
  enum { MANY = 2100 };
  options.source.half_open_by_bpf = true;
  options.source.walk_every_s = 3600;
  allow_files(2 * MANY);
  make("crowd", MANY, 0);
  make("web", 1, 3);
  begin();
  for (int i = 0; i < 4; i++) {
    round_of_readings();
    if (i == 0 && outcome.bpf_error != 0 && outcome.bpf_error != -E2BIG) {
      printf("skipped: BPF does not run here: %s: %s\n", outcome.bpf_failed,
             strerror(-outcome.bpf_error));
      return;
    }
    ck_assert_int_eq(outcome.bpf_error, 0);
    ck_assert_int_eq(isnan(seen[at("web@box")].close_wait), i > 1);
    ck_assert_double_eq(seen[at("crowd@box")].listening, MANY);
    ck_assert_double_eq(seen[at("web@box")].half_open, 3);
  }
  ck_assert(!outcome.bpf_doubted);
}
END_TEST

START_TEST(what_ends_is_let_go_and_found_again) {
  begin();
  round_of_readings();
  unsigned before = open_descriptors();
  make("web", 1, 0);
  make("db", 1, 0);
  round_of_readings();
  ck_assert_uint_eq(seen_len, 2);
  unmake("web");
  round_of_readings();
  ck_assert_uint_eq(seen_len, 1);
  ck_assert_str_eq(seen[0].host, "db@box");
  close_sockets();
  make("web", 2, 0);
  round_of_readings();
  ck_assert_double_eq(seen[at("web@box")].listening, 2);
  unmake("web");
  unmake("db");
  close_sockets();
  round_of_readings();
  ck_assert_uint_eq(seen_len, 0);
  ck_assert_uint_eq(open_descriptors(), before);
}
END_TEST

/* In the same round one ends and another one has its name: nothing of the old
 * one is left. */
START_TEST(another_one_under_the_same_name_begins_anew) {
  make("web", 1, 0);
  begin();
  round_of_readings();
  for (int i = 0; i < 20; i++) {
    unmake("web");
    make("web", i % 3, 0);
    round_of_readings();
    ck_assert_uint_eq(seen_len, 1);
    ck_assert_double_eq(seen[at("web@box")].listening, i % 3);
  }
}
END_TEST

START_TEST(no_more_than_the_most_are_read) {
  options.max = 2;
  make("a", 0, 0);
  make("b", 0, 0);
  begin();
  round_of_readings();
  ck_assert(!outcome.over_max);
  make("c", 0, 0);
  round_of_readings();
  ck_assert_uint_eq(seen_len, 2);
  ck_assert(outcome.over_max);
  at("a@box");
  at("b@box");
  unmake("a");
  round_of_readings();
  ck_assert(!outcome.over_max);
  at("c@box");
}
END_TEST

START_TEST(patterns_choose) {
  options.match = (struct namespace_patterns){2, {"!web-2", "web*"}};
  make("web-1", 0, 0);
  make("web-2", 0, 0);
  make("db", 0, 0);
  begin();
  round_of_readings();
  ck_assert_uint_eq(seen_len, 1);
  at("web-1@box");
}
END_TEST

/* A file that is no namespace, and the daemon's own under a name. */
START_TEST(what_is_none_or_our_own_is_not_read) {
  char path[128];
  path_of("own", path);
  close(open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  must(mount("/proc/self/ns/net", path, NULL, MS_BIND, NULL) == 0, "mount");
  path_of("stale", path);
  close(open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  begin();
  round_of_readings();
  ck_assert_uint_eq(seen_len, 0);
  ck_assert_uint_eq(outcome.found, 0);
}
END_TEST

/* With no budget each tenth is walked in each round: in ten rounds, all. */
START_TEST(without_budget_walks_go_round) {
  unsigned walked[20] = {0};
  options.source.interval_s = 1e-6;
  options.source.read_budget = 1;
  for (int i = 0; i < 20; i++) {
    char name[8];
    snprintf(name, sizeof(name), "n%d", i);
    make(name, 0, 0);
  }
  begin();
  for (int i = 0; i < 10; i++) {
    unsigned now = 0;
    round_of_readings();
    ck_assert_uint_eq(seen_len, 20);
    for (size_t j = 0; j < 20; j++) {
      bool walk = !isnan(seen[j].close_wait);
      walked[atoi(seen[j].host + 1)] += walk;
      now += walk;
    }
    ck_assert_uint_ge(now, 2);
    ck_assert_uint_le(now, 3);
  }
  for (int i = 0; i < 20; i++)
    ck_assert_uint_ge(walked[i], 1);
}
END_TEST

static void drop(unsigned capability) {
  struct __user_cap_header_struct header = {.version =
                                                _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
  must(syscall(SYS_capget, &header, data) == 0, "capget");
  data[capability / 32].effective &= ~(1u << capability % 32);
  must(syscall(SYS_capset, &header, data) == 0, "capset");
}

START_TEST(without_the_capability_it_says_so_and_goes_on) {
  make("web", 0, 0);
  begin();
  drop(CAP_SYS_ADMIN);
  round_of_readings();
  ck_assert_uint_eq(seen_len, 0);
  ck_assert_int_eq(outcome.enter_error, -EPERM);
  ck_assert(outcome.denied);
  ck_assert_str_eq(outcome.enter_failed, "enter");
}
END_TEST

int main(void) {
  if (geteuid() != 0 || unshare(CLONE_NEWNS) != 0) {
    printf("skipped: needs root\n");
    return SKIPPED;
  }
  Suite *suite = suite_create("namespaces");
  TCase *tcase = tcase_create("namespaces");
  tcase_set_timeout(tcase, 60);
  tcase_add_checked_fixture(tcase, set_up, tear_down);
  tcase_add_test(tcase, each_is_a_host_with_sockets_of_its_own);
  tcase_add_test(tcase, bpf_counts_between_walks);
  tcase_add_test(tcase, bpf_counts_however_many_listen);
  tcase_add_test(tcase, what_ends_is_let_go_and_found_again);
  tcase_add_test(tcase, another_one_under_the_same_name_begins_anew);
  tcase_add_test(tcase, no_more_than_the_most_are_read);
  tcase_add_test(tcase, patterns_choose);
  tcase_add_test(tcase, what_is_none_or_our_own_is_not_read);
  tcase_add_test(tcase, without_budget_walks_go_round);
  tcase_add_test(tcase, without_the_capability_it_says_so_and_goes_on);
  suite_add_tcase(suite, tcase);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
