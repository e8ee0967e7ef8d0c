/* See pictures.h. */
#include "pictures.h"

#include "judged/input.h"
#include "plot/picture.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

const char *
incidents_pictures_why_not(const struct incidents_pictures *pictures) {
  if (pictures->paths_len == 0)
    return "There are no pictures, because no history was given.";
  for (size_t i = 0; i < pictures->paths_len; i++)
    if (strcmp(pictures->paths[i], "-") == 0)
      return "There are no pictures, because standard input can be read only "
             "once.";
#ifndef HAVE_CAIRO
  return "There are no pictures, because this build has no cairo.";
#else
  return NULL;
#endif
}

/* Judges the history of one host once more; gather looks on. */
static int judge(const struct incidents_pictures *pictures, const char *host,
                 struct plot_gather *gather, char *problem) {
  struct judged_onlooker onlooker = plot_gather_onlooker(gather);
  struct judged_report report = {.out = NULL};
  struct history history = {.options = pictures->options};
  struct judged all;
  int rc = judged_init(&all, pictures->rules, &report);

  if (rc != 0)
    return history_fail(problem, rc, "out of memory");
  all.onlooker = &onlooker;
  all.host = host;
  history.taker = judged_taker(&all);
  rc = judged_silence(&all, problem);
  if (rc == 0)
    rc = judged_input_open(&history, pictures->paths, pictures->paths_len,
                           problem);
  if (rc == 0)
    rc = plot_gather_begin(gather, problem);
  if (rc == 0)
    rc = history_run(&history, problem);
  if (rc == 0)
    judged_finish(&all);
  history_close(&history);
  judged_release(&all);
  return rc;
}

int incidents_pictures_draw(const struct incidents_pictures *pictures,
                            const char *host, double start_s, double end_s,
                            char **svg, size_t *length, char *problem) {
  struct plot_asked asked = {.host = host,
                             .start_s = start_s,
                             .end_s = end_s,
                             .start_is_relative = true,
                             .columns = PLOT_LAYOUT_WIDTH};
  struct plot_gather *gather = NULL;
  int rc = plot_gather_create(pictures->rules, &asked, &gather, problem);

  if (rc != 0)
    return rc;
  rc = judge(pictures, host, gather, problem);
  if (rc == 0)
    rc = plot_picture_svg(gather, svg, length, problem);
  plot_gather_destroy(gather);
  return rc;
}
