/* See status_repeat.h. Touches the terminal and the signals. */
#define _GNU_SOURCE
#include "status_repeat.h"

#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define CURSOR_HIDE "\033[?25l"
#define CURSOR_SHOW "\033[?25h"
#define HOME "\033[H"
#define CLEAR_SCREEN "\033[2J"
#define CLEAR_LINE "\033[K"
#define CLEAR_BELOW "\033[J"

static volatile sig_atomic_t stopped;

static void stop(int signal_number) {
  (void)signal_number;
  stopped = 1;
}

/* Over what stands there already: the screen does not flicker, as it would if
 * it were cleared first. */
static void overwrite_screen(const char *text) {
  fputs(HOME, stdout);
  for (; *text != '\0'; text++) {
    if (*text == '\n')
      fputs(CLEAR_LINE, stdout);
    fputc(*text, stdout);
  }
  fputs(CLEAR_BELOW, stdout);
}

static int show(bool in_place, void (*draw)(FILE *out, void *context),
                void *context) {
  char *text = NULL;
  size_t text_len = 0;
  FILE *buffer = open_memstream(&text, &text_len);

  if (buffer == NULL)
    return -1;
  draw(buffer, context);
  fclose(buffer);
  if (in_place)
    overwrite_screen(text);
  else
    printf("%s\n", text);
  free(text);
  return fflush(stdout) == 0 ? 0 : -1;
}

/* Returns early where a signal has asked to stop. Between the look at `stopped`
 * and the pause no signal may slip through unseen. */
static void wait_for_next(double seconds) {
  struct timespec pause = {.tv_sec = (time_t)seconds};
  sigset_t stopping, usual;

  sigemptyset(&stopping);
  sigaddset(&stopping, SIGINT);
  sigaddset(&stopping, SIGTERM);
  sigaddset(&stopping, SIGHUP);
  sigprocmask(SIG_BLOCK, &stopping, &usual);
  if (!stopped)
    ppoll(NULL, 0, &pause, &usual);
  sigprocmask(SIG_SETMASK, &usual, NULL);
}

int status_repeat(double seconds, void (*draw)(FILE *out, void *context),
                  void *context) {
  struct sigaction action = {.sa_handler = stop};
  bool in_place = isatty(STDOUT_FILENO);
  int rc = 0;

  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
  sigaction(SIGHUP, &action, NULL);
  if (in_place)
    fputs(CURSOR_HIDE CLEAR_SCREEN, stdout);
  while (!stopped && rc == 0) {
    rc = show(in_place, draw, context);
    if (rc == 0)
      wait_for_next(seconds);
  }
  if (in_place)
    fputs(CURSOR_SHOW, stdout);
  return rc;
}
