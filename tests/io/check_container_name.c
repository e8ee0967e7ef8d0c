/* Names of containers in files as their runtimes write them, below a folder of
 * the test's own. */
#define _GNU_SOURCE
#include "io/namespaces/container_name.h"

#include "scenes/suite.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define OTHER "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210"

static char top[64], name[NAMESPACE_NAME_MAX];

static void set_up(void) {
  strcpy(top, "/tmp/check_container_name.XXXXXX");
  ck_assert_ptr_nonnull(mkdtemp(top));
}

static int remove_one(const char *path, const struct stat *status, int type,
                      struct FTW *place) {
  (void)status, (void)type, (void)place;
  return remove(path);
}

static void tear_down(void) { nftw(top, remove_one, 8, FTW_DEPTH | FTW_PHYS); }

static void make_path(const char *path, char out[512]) {
  snprintf(out, 512, "%s%s", top, path);
  for (char *slash = out + strlen(top) + 1; (slash = strchr(slash, '/'));
       slash++) {
    *slash = '\0';
    mkdir(out, 0700);
    *slash = '/';
  }
}

static void write_file(const char *path, const char *text) {
  char whole[512];
  make_path(path, whole);
  FILE *file = fopen(whole, "w");
  ck_assert_ptr_nonnull(file);
  fputs(text, file);
  fclose(file);
}

static bool find(enum cgroup_owner owner) {
  struct cgroup_member member = {.owner = owner, .id = ID};
  memset(name, 0, sizeof(name));
  return container_name_find(&member, top, name);
}

#define DOCKER "/var/lib/docker/containers/" ID "/config.v2.json"
#define CONTAINERD "/run/containerd/io.containerd.runtime.v2.task/"
#define CRIO                                                                   \
  "/run/containers/storage/overlay-containers/" ID "/userdata/config.json"
#define PODMAN "/var/lib/containers/storage/overlay-containers/containers.json"
#define VOLATILE                                                               \
  "/run/containers/storage/overlay-containers/volatile-containers.json"

static const struct {
  enum cgroup_owner owner;
  const char *path, *text, *name;
} cases[] = {
    {CGROUP_DOCKER, DOCKER,
     "{\"Config\":{\"Name\":\"no\"},\"ID\":\"" ID "\",\"Name\":\"/web.1\"}",
     "web_1"},
    {CGROUP_CONTAINERD, CONTAINERD "k8s.io/" ID "/config.json",
     "{\"annotations\":{\"io.kubernetes.cri.sandbox-name\":\"web-7d9c\","
     "\"io.kubernetes.cri.sandbox-namespace\":\"shop\"}}",
     "shop_web-7d9c"},
    {CGROUP_CONTAINERD, CONTAINERD "default/" ID "/config.json",
     "{\"annotations\":{\"nerdctl/name\":\"web\"}}", "web"},
    {CGROUP_CRIO, CRIO,
     "{\"annotations\":{\"io.kubernetes.cri-o.KubeName\":\"web\","
     "\"io.kubernetes.pod.namespace\":\"shop\"}}",
     "shop_web"},
    {CGROUP_PODMAN, PODMAN,
     "[{\"id\":\"" OTHER "\",\"names\":[\"db\"]},"
     "{\"id\":\"" ID "\",\"names\":[\"web\",\"alias\"]}]",
     "web"},
    {CGROUP_PODMAN,
     "/var/lib/containers/storage/vfs-containers/containers.json",
     "[{\"id\":\"" ID "\",\"names\":[\"web\"]}]", "web"},
    {CGROUP_PODMAN, VOLATILE, "[{\"id\":\"" ID "\",\"names\":[\"web\"]}]",
     "web"},
    /* The runtime is not known: any of them. */
    {CGROUP_CONTAINER, CRIO,
     "{\"annotations\":{\"io.kubernetes.pod.name\":\"web\"}}", "web"},
    {CGROUP_CONTAINER, DOCKER, "{\"Name\":\"/web\"}", "web"},
};

START_TEST(a_runtimes_file_names_its_container) {
  write_file(cases[_i].path, cases[_i].text);
  ck_assert(find(cases[_i].owner));
  ck_assert_str_eq(name, cases[_i].name);
}
END_TEST

START_TEST(without_a_file_or_a_name_in_it_there_is_none) {
  ck_assert(!find(CGROUP_DOCKER));
  write_file(DOCKER, "");
  ck_assert(!find(CGROUP_DOCKER));
  write_file(DOCKER, "{\"Name\":7,\"Other\":\"x\"}");
  ck_assert(!find(CGROUP_DOCKER));
  write_file(DOCKER, "no JSON");
  ck_assert(!find(CGROUP_DOCKER));
  write_file(PODMAN, "[{\"id\":\"" OTHER "\",\"names\":[\"db\"]}]");
  ck_assert(!find(CGROUP_PODMAN));
  write_file(DOCKER, "{\"Name\":\"/web\"}");
  ck_assert(!find(CGROUP_PODMAN)); /* another runtime's */
  ck_assert(find(CGROUP_DOCKER));
}
END_TEST

/* A pipe would never end, a folder has no text. */
START_TEST(what_is_no_regular_file_is_left_alone) {
  char path[512];
  make_path(DOCKER, path);
  ck_assert_int_eq(mkfifo(path, 0600), 0);
  ck_assert(!find(CGROUP_DOCKER));
  unlink(path);
  ck_assert_int_eq(mkdir(path, 0700), 0);
  ck_assert(!find(CGROUP_DOCKER));
}
END_TEST

SUITE(container_name) {
  Suite *suite = suite_create("container_name");
  TCase *tcase = tcase_create("container_name");
  tcase_add_checked_fixture(tcase, set_up, tear_down);
  tcase_add_loop_test(tcase, a_runtimes_file_names_its_container, 0,
                      sizeof(cases) / sizeof(cases[0]));
  tcase_add_test(tcase, without_a_file_or_a_name_in_it_there_is_none);
  tcase_add_test(tcase, what_is_no_regular_file_is_left_alone);
  suite_add_tcase(suite, tcase);
  return suite;
}
