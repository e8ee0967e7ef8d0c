/* The files of a collectd.conf, found as collectd finds them: wildcards,
 * folders, Filter, in the order of their names. Opens and reads; what a text
 * means is its reader's business. Source: src/daemon/configfile.c of collectd
 * 5.12. */
#ifndef TOOLS_CONF_CONF_FILES_H
#define TOOLS_CONF_CONF_FILES_H

#include <stddef.h>

/* What is odd about a file that an Include finds. */
enum conf_files_oddity {
  CONF_FILES_MISSING,   /* there is none: collectd warns and goes on */
  CONF_FILES_FILTERED,  /* found by a path, refused by Filter: collectd ends */
  CONF_FILES_UNREADABLE /* it cannot be read */
};

struct conf_files {
  /* Receives each text, which it may not keep. Returns 0, or -errno and a
   * message in error (CONF_ERROR_MAX bytes), which ends the reading. */
  int (*read)(void *context, const char *path, const char *text, size_t length,
              char *error);

  /* words: the whole message. Returns 0 to go on without the file; or -errno,
   * and error is left as it is: it holds the words. */
  int (*odd)(void *context, enum conf_files_oddity oddity, int rc,
             const char *words);
  void *context;

  /* The reading's own; zero at first. folders: how many folders the file was
   * found through. If a file below a folder is broken, collectd leaves it out
   * and starts. */
  int depth, folders;
  int outside; /* of them, around the Include that is being followed */
};

/* Read the first file. Returns 0, or -errno and a message in error. */
int conf_files_read(struct conf_files *files, const char *path, char *error);

/* Follow an Include of the text that is being read. filter: a shell pattern, ""
 * for none. Returns as conf_files_read. */
int conf_files_include(struct conf_files *files, const char *pattern,
                       const char *filter, char *error);

#endif
