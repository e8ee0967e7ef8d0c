/* conf_tree: what a text means is what conf_rules reads, too, but the reading
 * goes on behind each mistake; and the files that it includes. */
#define _GNU_SOURCE
#include "conf/conf_look.h"
#include "conf/conf_tree.h"
#include "scenes/suite.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct conf_tree tree;
static char told[4096], error[CONF_ERROR_MAX];
static char folder[64];

static void take(void *context, enum conf_tree_mistake mistake,
                 const char *file, unsigned line, bool in_folder,
                 const char *words) {
  static const char letters[] = "SMFU";
  const char *slash = strrchr(file, '/');
  size_t used = strlen(told);

  (void)context;
  snprintf(told + used, sizeof(told) - used, "%c%s %s:%u: %s\n",
           letters[mistake], in_folder ? "f" : "", slash ? slash + 1 : file,
           line, words);
}

static const struct conf_tree_listener listener = {take, NULL};

static void set_up(void) {
  strcpy(folder, "/tmp/check_conf_tree.XXXXXX");
  ck_assert_ptr_nonnull(mkdtemp(folder));
  ck_assert_int_eq(chdir(folder), 0);
}

static void tear_down(void) {
  char command[128];

  conf_tree_release(&tree);
  snprintf(command, sizeof(command), "rm -rf %s", folder);
  ck_assert_int_eq(system(command), 0);
}

static void read_text(const char *text) {
  ck_assert_int_eq(
      conf_tree_read_text(&tree, "x", text, strlen(text), &listener, error), 0);
}

static void write_file(const char *name, const char *text) {
  FILE *file = fopen(name, "w");

  ck_assert_ptr_nonnull(file);
  ck_assert_int_ge(fputs(text, file), 0);
  ck_assert_int_eq(fclose(file), 0);
}

/* All keys outside of blocks with their first texts, in their order. */
static const char *top(void) {
  static char all[1024];
  size_t used = 0;

  all[0] = '\0';
  for (size_t i = 0; i < tree.root.children_len; i++) {
    const struct conf_node *node = &tree.root.children[i];
    const char *text = node->values_len > 0 ? node->values[0].text : NULL;
    used += (size_t)snprintf(all + used, sizeof(all) - used, "%s%s %s",
                             i > 0 ? ", " : "", node->key, text ? text : "-");
  }
  return all;
}

START_TEST(tree_has_keys_values_and_lines) {
  read_text("A 1 \"b c\" yes\n<B \"x\">\n  C \\\n 5\n  <D>\n    E f\n  </D>\n"
            "</B>\n<F>\n</F>\n<G 1>\n</G>\n");
  ck_assert_str_eq(told, "");
  ck_assert_uint_eq(tree.root.children_len, 3);
  const struct conf_node *a = &tree.root.children[0];
  ck_assert_uint_eq(a->values_len, 3);
  ck_assert_double_eq(a->values[0].number, 1);
  ck_assert_str_eq(a->values[1].text, "b c");
  ck_assert_int_eq(a->values[2].kind, CONF_TRUE);
  const struct conf_node *b = &tree.root.children[1];
  ck_assert_uint_eq(b->line, 2);
  ck_assert_uint_eq(b->children_len, 2);
  ck_assert_uint_eq(b->children[0].line, 3);
  ck_assert_str_eq(b->children[1].children[0].values[0].text, "f");
  ck_assert_uint_eq(b->children[1].children[0].line, 6);
  ck_assert(conf_node_is(&tree.root.children[2], "g"));
  ck_assert_uint_eq(tree.root.children[2].children_len, 0);
}
END_TEST

/* What is understood, and what is told of the rest. */
static const struct {
  const char *text, *top, *told;
} broken[] = {
    {"A a\nB <\nC c\n", "A a, C c",
     "S x:2: found < where a value is expected\n"},
    {"A\n5\nB b\n", "B b",
     "S x:1: the line ends where a value is expected\n"
     "S x:2: found 5 where the name of an option or block is expected\n"},
    {"<A a>\nB b\n", "A a", "S x:1: the block <A> is not closed\n"},
    {"<A a>\n<B b>\nC c\n</A>\nD d\n", "A a, D d",
     "S x:4: found </A>, but the open block is <B> of line 2\n"},
    {"<A a>\nB b\n</C>\nD d\n</A>\nE e\n", "A a, E e",
     "S x:3: found </C>, but the open block is <A> of line 1\n"},
    {"</A>\nB b\n", "B b", "S x:1: </A> closes a block that is not open\n"},
    {"<A a> B b\nC c\n</A> D\nE e\n", "A a, E e",
     "S x:1: found B where the end of the line is expected\n"
     "S x:3: found D where the end of the line is expected\n"},
    {"A a\nB \"b\nC c\n", "A a", "S x:2: a quoted string is not closed\n"},
    {"A a\nB b", "A a",
     "S x:2: the text ends where a value or the end of the line is expected\n"},
};

START_TEST(reading_goes_on_behind_a_mistake) {
  read_text(broken[_i].text);
  ck_assert_str_eq(top(), broken[_i].top);
  ck_assert_str_eq(told, broken[_i].told);
}
END_TEST

START_TEST(blocks_that_are_too_deep_do_no_harm) {
  char text[4 * 300 + 1] = "";

  for (int i = 0; i < 300; i++)
    strcat(text, "<A>\n");
  read_text(text);
  ck_assert_ptr_nonnull(strstr(told, "S x:65: blocks are nested deeper"));
}
END_TEST

START_TEST(includes_are_read_where_they_stand) {
  ck_assert_int_eq(mkdir("d", 0755), 0);
  ck_assert_int_eq(mkdir("d/e", 0755), 0);
  write_file("main", "A a\nInclude \"[bc].conf\"\n<Include \"d\">\n"
                     "  Filter \"*.conf\"\n</Include>\nZ z\n"
                     "<Plugin x>\n  Include \"none\"\n</Plugin>\n");
  write_file("b.conf", "B b\n");
  write_file("c.conf", "C c\n");
  write_file("d/2.conf", "Two t\n");
  write_file("d/1.conf", "One o\n");
  write_file("d/.3.conf", "Hidden h\n");
  write_file("d/4.text", "Four <\n");
  write_file("d/e/5.conf", "Five f\n");
  ck_assert_int_eq(conf_tree_read_file(&tree, "main", &listener, error), 0);
  ck_assert_str_eq(told, "");
  ck_assert_str_eq(top(), "A a, B b, C c, One o, Two t, Five f, Z z, Plugin x");
  ck_assert_uint_eq(tree.files_len, 6);
  ck_assert_str_eq(tree.root.children[3].file, "d/1.conf");
}
END_TEST

START_TEST(mistakes_in_includes_are_named_with_their_file) {
  ck_assert_int_eq(mkdir("d", 0755), 0);
  write_file("main", "A a\nInclude \"nothing*\"\nInclude 5\nInclude \"d\"\n"
                     "<Include \"*.conf\">\n  Filter \"b*\"\n</Include>\n"
                     "Include \"loop\"\nInclude \"$(true)\"\nZ z\n");
  write_file("d/1", "B <\nC c\n");
  write_file("a.conf", "D d\n");
  write_file("b.conf", "E e\n");
  write_file("loop", "Include \"loop\"\n");
  ck_assert_int_eq(conf_tree_read_file(&tree, "main", &listener, error), 0);
  ck_assert_str_eq(
      told, "M main:2: Include \"nothing*\": No such file or directory\n"
            "S main:3: Include needs exactly one path, in quotes\n"
            "Sf 1:1: found < where a value is expected\n"
            "F main:5: Filter \"b*\" does not match a.conf, and collectd "
            "refuses the whole configuration for that; Filter belongs to a "
            "folder, not to wildcards\n"
            "S loop:1: Include \"loop\": nested deeper than 8\n"
            "S main:9: cannot expand Include \"$(true)\"\n");
  ck_assert_str_eq(top(), "A a, C c, E e, Z z");
}
END_TEST

START_TEST(file_that_is_not_there_is_an_error) {
  ck_assert_int_eq(conf_tree_read_file(&tree, "none", &listener, error),
                   -ENOENT);
  ck_assert_str_eq(error, "cannot open none: No such file or directory");
}
END_TEST

START_TEST(plugins_that_pass_notifications_on_are_known) {
  struct conf_look_told out;

  read_text("LoadPlugin exec\nLoadPlugin notify_email\nLoadPlugin write_http\n"
            "LoadPlugin syslog\n"
            "<Plugin exec>\nExec \"a\" \"b\"\n</Plugin>\n"
            "<Plugin notify_email>\nRecipient \"a\"\n</Plugin>\n"
            "<Plugin write_http>\n<Node \"x\">\nNotifications true\n</Node>\n"
            "</Plugin>\n<Plugin write_riemann>\nNotifications true\n"
            "</Plugin>\n");
  ck_assert(conf_look_told(&tree, 0, &out));
  ck_assert_str_eq(out.plugin, "notify_email");
  ck_assert(conf_look_told(&tree, 1, &out));
  ck_assert_str_eq(out.plugin, "write_http");
  ck_assert(!conf_look_told(&tree, 2, &out));
}
END_TEST

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

SUITE(conf_tree) {
  Suite *suite = suite_create("conf_tree");
  TCase *tcase = tcase_create("conf_tree");

  tcase_add_checked_fixture(tcase, set_up, tear_down);
  tcase_add_test(tcase, tree_has_keys_values_and_lines);
  tcase_add_loop_test(tcase, reading_goes_on_behind_a_mistake, 0,
                      COUNT(broken));
  tcase_add_test(tcase, blocks_that_are_too_deep_do_no_harm);
  tcase_add_test(tcase, includes_are_read_where_they_stand);
  tcase_add_test(tcase, mistakes_in_includes_are_named_with_their_file);
  tcase_add_test(tcase, file_that_is_not_there_is_an_error);
  tcase_add_test(tcase, plugins_that_pass_notifications_on_are_known);
  suite_add_tcase(suite, tcase);
  return suite;
}
