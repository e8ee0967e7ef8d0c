/* Whose a process is, by lines as the runtimes of today write them. */
#include "table/cgroup_text.h"

#include "scenes/suite.h"

#include <string.h>

#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define ID2 "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210"

static const struct {
  const char *text;
  enum cgroup_owner owner;
  const char *id, *name;
} cases[] = {
    {"0::/system.slice/docker-" ID ".scope\n", CGROUP_DOCKER, ID, ""},
    {"0::/docker/" ID "\n", CGROUP_DOCKER, ID, ""},
    {"12:pids:/docker/" ID "\n11:cpu:/docker/" ID "\n1:name=systemd:/\n0::/\n",
     CGROUP_DOCKER, ID, ""},
    {"0::/machine.slice/libpod-" ID ".scope/container\n", CGROUP_PODMAN, ID,
     ""},
    {"0::/kubepods.slice/kubepods-burstable.slice/"
     "kubepods-burstable-pod0a1b.slice/cri-containerd-" ID ".scope\n",
     CGROUP_CONTAINERD, ID, ""},
    {"0::/system.slice/containerd.service/"
     "kubepods-burstable-pod0a1b.slice:cri-containerd:" ID "\n",
     CGROUP_CONTAINERD, ID, ""},
    {"0::/kubepods.slice/kubepods-pod0a1b.slice/crio-" ID ".scope\n",
     CGROUP_CRIO, ID, ""},
    {"0::/kubepods/burstable/pod0a1b-22/" ID "\n", CGROUP_CONTAINER, ID, ""},
    {"0::/../../kubepods/burstable/pod0a1b-22/" ID "\n", CGROUP_CONTAINER, ID,
     ""},
    {"0::/machine.slice/machine-web\\x2d1.scope/payload/init.scope\n",
     CGROUP_MACHINE, "", "web-1"},
    {"0::/machine.slice/systemd-nspawn@web.service/payload/system.slice/"
     "nginx.service\n",
     CGROUP_MACHINE, "", "web"},
    {"0::/lxc.payload.web/system.slice/nginx.service\n", CGROUP_LXC, "", "web"},
    {"4:cpu:/lxc/web\n", CGROUP_LXC, "", "web"},
    {"0::/system.slice/nginx.service\n", CGROUP_UNIT, "", "nginx"},
    {"0::/system.slice/system-vpn.slice/vpn@office.service\n", CGROUP_UNIT, "",
     "vpn@office"},
    {"0::/user.slice/user-1000.slice/user@1000.service/app.slice/"
     "app-firefox.service\n",
     CGROUP_UNIT, "", "app-firefox"},
    /* The inner one; a container before what runs in it. */
    {"0::/docker/" ID "/docker/" ID2 "\n", CGROUP_DOCKER, ID2, ""},
    {"0::/docker/" ID "/system.slice/nginx.service\n", CGROUP_DOCKER, ID, ""},
    /* Nobody's: a session, the root, a watcher outside its container. */
    {"0::/user.slice/user-0.slice/session-3.scope\n", CGROUP_NOBODY, "", ""},
    {"0::/user.slice/user-0.slice/user@0.service/init.scope\n", CGROUP_NOBODY,
     "", ""},
    {"0::/\n", CGROUP_NOBODY, "", ""},
    {"0::/machine.slice/libpod-conmon-" ID ".scope\n", CGROUP_NOBODY, "", ""},
    /* No ids: too short, capitals, one digit too many. */
    {"0::/docker/0123456789abcdef\n", CGROUP_NOBODY, "", ""},
    {"0::/docker/A" ID "\n", CGROUP_NOBODY, "", ""},
    /* Cut, empty, no lines of a cgroup. */
    {"0::/docker/" ID, CGROUP_DOCKER, ID, ""},
    {"0::/machine.slice/machine-.scope\n", CGROUP_NOBODY, "", ""},
    {"0::/machine.slice/machine-\\x.scope\n", CGROUP_MACHINE, "", "\\x"},
    {"", CGROUP_NOBODY, "", ""},
    {":::::", CGROUP_NOBODY, "", ""},
    {"\n\n/docker/\n", CGROUP_NOBODY, "", ""},
};

START_TEST(the_owner_of_a_process_is_in_its_cgroup) {
  struct cgroup_member member;
  const char *text = cases[_i].text;
  cgroup_text_parse(text, strlen(text), &member);
  ck_assert_int_eq(member.owner, cases[_i].owner);
  ck_assert_str_eq(member.id, cases[_i].id);
  ck_assert_str_eq(member.name, cases[_i].name);
}
END_TEST

START_TEST(a_longer_name_is_cut) {
  char text[1024] = "0::/lxc/";
  struct cgroup_member member;
  memset(text + strlen(text), 'a', 500);
  cgroup_text_parse(text, strlen(text), &member);
  ck_assert_int_eq(member.owner, CGROUP_LXC);
  ck_assert_uint_eq(strlen(member.name), CGROUP_NAME_MAX - 1);
}
END_TEST

SUITE(cgroup_text) {
  Suite *suite = suite_create("cgroup_text");
  TCase *tcase = tcase_create("cgroup_text");
  tcase_add_loop_test(tcase, the_owner_of_a_process_is_in_its_cgroup, 0,
                      sizeof(cases) / sizeof(cases[0]));
  tcase_add_test(tcase, a_longer_name_is_cut);
  suite_add_tcase(suite, tcase);
  return suite;
}
