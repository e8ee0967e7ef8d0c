/* Streams merged by time: a heap, with the stream of the earliest row first. */
#include "history.h"

#include "verdict/plain_text.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int history_fail(char *problem, int rc, const char *format, ...) {
  va_list arguments;

  va_start(arguments, format);
  vsnprintf(problem, HISTORY_PROBLEM_MAX, format, arguments);
  va_end(arguments);
  plain_text_make(problem); /* it contains names of files and heads */
  return rc;
}

int history_bad(struct history *history, int rc, const char *problem) {
  if (!history->options.skip_bad || rc == -ENOMEM)
    return rc;
  history->tally.skipped++;
  if (history->tally.said)
    history->tally.said(problem);
  return 0;
}

int history_add(struct history *history, struct history_stream *stream) {
  if (history->len == history->capacity) {
    size_t capacity = history->capacity > 0 ? 2 * history->capacity : 16;
    struct history_stream **larger =
        realloc(history->streams, capacity * sizeof(*larger));
    if (!larger) {
      stream->destroy(stream);
      return -ENOMEM;
    }
    history->streams = larger;
    history->capacity = capacity;
  }
  history->streams[history->len++] = stream;
  return 0;
}

void history_expect(struct history *history, const char *path) {
  struct stat about;
  int rc =
      strcmp(path, "-") == 0 ? fstat(STDIN_FILENO, &about) : stat(path, &about);

  if (rc == 0 && S_ISREG(about.st_mode))
    history->tally.bytes_total += (uint64_t)about.st_size;
}

/* Move the stream at i down until no earlier one is below it. */
static void sink(struct history *history, size_t i) {
  struct history_stream **heap = history->streams;

  for (;;) {
    size_t first = i, left = 2 * i + 1, right = left + 1;
    if (left < history->len && heap[left]->time_s < heap[first]->time_s)
      first = left;
    if (right < history->len && heap[right]->time_s < heap[first]->time_s)
      first = right;
    if (first == i)
      return;
    struct history_stream *lower = heap[i];
    heap[i] = heap[first];
    heap[first] = lower;
    i = first;
  }
}

int history_run(struct history *history, char *problem) {
  for (size_t i = history->len / 2; i-- > 0;)
    sink(history, i);
  while (history->len > 0 && history->streams[0]->time_s < INFINITY) {
    struct history_stream *due = history->streams[0];
    problem[0] = '\0';
    int rc = due->emit(due, &history->taker, problem);
    if (rc != 0 && problem[0] == '\0')
      return history_fail(problem, rc, "%s", strerror(-rc));
    if (rc != 0)
      return rc;
    sink(history, 0);
  }
  return 0;
}

void history_close(struct history *history) {
  for (size_t i = 0; i < history->len; i++)
    history->streams[i]->destroy(history->streams[i]);
  free(history->streams);
  history->streams = NULL;
  history->len = history->capacity = 0;
}
