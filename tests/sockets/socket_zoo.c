/* socket_zoo [SECONDS]: a network namespace with sockets in every TCP state,
 * for a look at it (nsenter -t PID -n ss -tan). Says what it made, then holds
 * it still until the time is over (60 s) or its input ends. */
#define _GNU_SOURCE
#include "must.h"
#include "namespace.h"
#include "zoo.h"

#include <inttypes.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

enum { SECONDS_USUAL = 60, SECONDS_MAX = 600 };

static long seconds_of(const char *text) {
  char *end;
  errno = 0;
  const long seconds = strtol(text, &end, 10);
  if (errno == 0 && *end == '\0' && end != text && seconds > 0 &&
      seconds <= SECONDS_MAX)
    return seconds;
  fprintf(stderr, "socket_zoo: seconds are 1 to %d, not %s\n", SECONDS_MAX,
          text);
  exit(EXIT_FAILURE);
}

static void print(const struct zoo *zoo) {
  printf("%-12s %8s %8s\n", "state", "tcp", "tcp6");
  for (int state = 1; state < TCP_STATE_END; state++)
    printf("%-12s %8" PRIu64 " %8" PRIu64 "\n", tcp_state_name(state),
           zoo->count[TCP_IPV4][state], zoo->count[TCP_IPV6][state]);
  printf("pid %d\n", (int)getpid());
  fflush(stdout);
}

/* Returns at the end of standard input, too. */
static void hold(long seconds) {
  const time_t end = time(NULL) + seconds;
  for (time_t left = seconds; left > 0; left = end - time(NULL)) {
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    char byte;
    if (poll(&input, 1, (int)left * 1000) == 1 &&
        read(STDIN_FILENO, &byte, 1) <= 0)
      return;
  }
}

int main(int argc, char **argv) {
  const long seconds = argc > 1 ? seconds_of(argv[1]) : SECONDS_USUAL;
  namespace_enter();
  const struct zoo zoo = zoo_create();
  print(&zoo);
  hold(seconds);
  return EXIT_SUCCESS;
}
