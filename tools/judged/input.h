/* What the subcommands that read history have in common: settings and paths of
 * the command line. */
#ifndef TOOLS_JUDGED_INPUT_H
#define TOOLS_JUDGED_INPUT_H

#include "judged.h"

/* The defaults, then the <Plugin baseline> blocks of the files of -C. Says on
 * stderr where there is none. Returns 0, or -errno and why in problem
 * (HISTORY_PROBLEM_MAX bytes). */
int judged_input_settings(char *const *files, size_t len, struct rules *rules,
                          char *problem);

/* Open every path; "-" may be among them once. Returns 0, or -errno and why in
 * problem; the history is to be closed in either case. */
int judged_input_open(struct history *history, char *const *paths, size_t len,
                      char *problem);

/* A history_tally's `said`: shows the first few on stderr. */
void judged_input_say(const char *problem);

/* What was not judged, a line a kind; nothing where all was. */
void judged_input_losses(const struct judged *judge,
                         const struct history_tally *tally, FILE *out);

#endif
