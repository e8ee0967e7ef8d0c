/* hold_sockets COUNT [EACH]: that many connected sockets in the network
 * namespace it stands in, which must not be the machine's own; one connection
 * in EACH (10) is half closed. Says "ready", and holds them until its input
 * ends. */
#define _GNU_SOURCE
#include "sockets/crowd.h"
#include "sockets/must.h"
#include "sockets/namespace.h"

#include <unistd.h>

int main(int argc, char **argv) {
  long count = argc >= 2 ? strtol(argv[1], NULL, 10) : 0;
  long each = argc == 3 ? strtol(argv[2], NULL, 10) : 10;
  char byte;

  errno = ERANGE;
  must(count > 0 && count <= CROWD_MAX && count % 2 == 0 && each >= 0 &&
           each <= CROWD_MAX && argc <= 3,
       "number of sockets");
  errno = EPERM;
  must(namespace_is_own(), "in a network namespace that is not one's own");
  crowd_create_of((size_t)count, (unsigned)each);
  puts("ready");
  fflush(stdout);
  while (read(STDIN_FILENO, &byte, 1) > 0)
    ;
  return EXIT_SUCCESS;
}
