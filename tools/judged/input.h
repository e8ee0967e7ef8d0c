/* What the subcommands that read history share: the settings and paths of the
 * command line. */
#ifndef TOOLS_JUDGED_INPUT_H
#define TOOLS_JUDGED_INPUT_H

#include "judged.h"

/* The defaults, then the <Plugin baseline> blocks of the files of -C; a warning
 * on stderr if these have none. Returns 0, or -errno and why in problem
 * (HISTORY_PROBLEM_MAX bytes). */
int judged_input_settings(char *const *files, size_t len, struct rules *rules,
                          char *problem);

/* Open every path; "-" may be one of them, once. Returns 0, or -errno and why
 * in problem; close the history in either case. */
int judged_input_open(struct history *history, char *const *paths, size_t len,
                      char *problem);

/* For `said` of a history_tally: shows the first few messages on stderr. */
void judged_input_say(const char *problem);

/* Print what was not judged, a line for each kind; nothing if all was. */
void judged_input_losses(const struct judged *judge,
                         const struct history_tally *tally, FILE *out);

#endif
