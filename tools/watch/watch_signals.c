/* See watch_signals.h. Signal handlers need variables of the file. */
#include "watch_signals.h"

#include <stddef.h>

static const int ending[] = {SIGINT, SIGTERM, SIGHUP};
enum { ENDING = sizeof(ending) / sizeof(ending[0]) };

static volatile sig_atomic_t end_asked, resized;

static void note_end(int signal_number) { end_asked = signal_number; }

static void note_size(int signal_number) {
  (void)signal_number;
  resized = 1;
}

static void handle(int signal_number, void (*handler)(int)) {
  struct sigaction action = {.sa_handler = handler};
  sigemptyset(&action.sa_mask);
  sigaction(signal_number, &action, NULL);
}

void watch_signals_begin(sigset_t *waiting) {
  sigset_t held;
  sigemptyset(&held);
  end_asked = 0;
  resized = 0;
  for (size_t i = 0; i < ENDING; i++) {
    handle(ending[i], note_end);
    sigaddset(&held, ending[i]);
  }
  handle(SIGWINCH, note_size);
  sigaddset(&held, SIGWINCH);
  sigprocmask(SIG_BLOCK, &held, waiting);
  for (size_t i = 0; i < ENDING; i++)
    sigdelset(waiting, ending[i]);
  sigdelset(waiting, SIGWINCH);
}

int watch_signals_end_asked(void) { return end_asked; }

bool watch_signals_resized(void) {
  bool was = resized != 0;
  resized = 0;
  return was;
}

void watch_signals_end(void) {
  sigset_t held;
  sigemptyset(&held);
  for (size_t i = 0; i < ENDING; i++) {
    handle(ending[i], SIG_DFL);
    sigaddset(&held, ending[i]);
  }
  handle(SIGWINCH, SIG_DFL);
  sigaddset(&held, SIGWINCH);
  sigprocmask(SIG_UNBLOCK, &held, NULL);
}
