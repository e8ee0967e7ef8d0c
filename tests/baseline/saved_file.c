/* See saved_file.h. */
#include "saved_file.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TEXT_MAX = 64 * 1024, AGAIN = 3 };

char saved_bad[sizeof(kept.rules.state_file) + 8];
char saved_beside[sizeof(kept.rules.state_file) + 8];

void saved_setup(void) {
  kept_setup();
  snprintf(saved_bad, sizeof(saved_bad), "%s.bad", kept.rules.state_file);
  snprintf(saved_beside, sizeof(saved_beside), "%s.new", kept.rules.state_file);
}

const char *saved_text(const char *path, size_t *length) {
  static char texts[2][TEXT_MAX];
  static int turn;
  char *text = texts[turn = !turn];
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t got = fd < 0 ? 0 : read(fd, text, TEXT_MAX - 1);
  if (fd >= 0)
    close(fd);
  if (got < 0 || got == TEXT_MAX - 1)
    ck_abort_msg("%s cannot be read whole", path);
  text[got] = '\0';
  if (length != NULL)
    *length = (size_t)got;
  return text;
}

void saved_put(const char *path, const char *text, size_t length) {
  int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
  if (fd < 0 || write(fd, text, length) != (ssize_t)length || close(fd) != 0)
    ck_abort_msg("%s cannot be written", path);
}

void saved_assert(const char *path, const char *text) {
  ck_assert_str_eq(saved_text(path, NULL), text);
}

char *saved_some(size_t *length) {
  kept_feed("a", 0, 20, 0);
  kept_feed("b", 0, 20, 0);
  ck_assert_int_eq(keeper_save(kept.keeper), 0);
  char *text = strdup(saved_text(kept.rules.state_file, length));
  ck_assert_ptr_nonnull(text);
  return text;
}

void saved_assert_fails(int error) {
  unsigned said = fake_log_count("cannot save");
  for (int i = 0; i < AGAIN; i++)
    ck_assert_int_eq(keeper_save(kept.keeper), error);
  ck_assert_uint_eq(fake_log_count("cannot save"), said + 1);
  ck_assert_uint_eq(fake_log_count("the last saved state stays"), said + 1);
  size_t hosts = hosts_count(kept.hosts);
  kept_feed("c", 0, 20, 0);
  ck_assert_uint_eq(hosts_count(kept.hosts), hosts + 1);
}

void saved_assert_again(void) {
  for (int i = 0; i < AGAIN; i++)
    ck_assert_int_eq(keeper_save(kept.keeper), 0);
  ck_assert_uint_eq(fake_log_count("is saved again"), 1);
  size_t hosts = hosts_count(kept.hosts);
  fake_log_forget();
  kept_restart(kept_now_s());
  ck_assert_uint_eq(hosts_count(kept.hosts), hosts);
  ck_assert_uint_eq(fake_log_count("baseline: loaded"), 1);
}
