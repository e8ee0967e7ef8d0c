/* A file that is complete or not there: written beside its path and renamed. */
#ifndef TOOLS_LIB_REPLACE_FILE_H
#define TOOLS_LIB_REPLACE_FILE_H

#include <stddef.h>

/* Call before any work: whether a file can be written at path. Returns 0;
 * -EEXIST if something that is no regular file stands there; or another -errno.
 */
int replace_file_check(const char *path);

/* Write it, with the mode that the shell would use. Returns 0; or -errno, and a
 * file that is there stays as it is. */
int replace_file(const char *path, const char *bytes, size_t length);

#endif
