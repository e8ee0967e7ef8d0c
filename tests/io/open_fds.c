/* See suites.h. */
#define _GNU_SOURCE
#include "suites.h"

#include <dirent.h>
#include <stdlib.h>

unsigned open_fds(void) {
  DIR *folder = opendir("/proc/self/fd");
  if (folder == NULL)
    abort();
  unsigned count = 0;
  while (readdir(folder) != NULL)
    count++;
  closedir(folder);
  return count;
}
