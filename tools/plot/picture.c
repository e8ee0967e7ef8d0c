/* See picture.h. Measures, lays out, draws from back to front, and writes the
 * file. An SVG also says what it shows: title and description, its axes, and
 * notifications that appear when the mouse is over an incident. */
#include "picture.h"

#include "lib/json.h"
#include "lib/moment.h"
#include "lib/replace_file.h"
#include "lib/words.h"
#include "paint.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

bool plot_picture_can(const char *subcommand) {
  (void)subcommand;
  return true;
}

/* --- layout --------------------------------------------------------------- */

static const struct plot_style number_style = {10.5, false, PLOT_INK_LIGHT};

static double widest_number(struct plot_paint *paint) {
  char text[PLOT_SCALE_TEXT_MAX];
  double widest = 0;

  for (size_t i = 0; i < paint->panels_len; i++)
    for (size_t k = 0; k < paint->scale[i].len; k++) {
      plot_axes_number(paint->gather->panel[i], &paint->scale[i], k, text);
      widest =
          fmax(widest, plot_canvas_width(&paint->canvas, &number_style, text));
    }
  return widest;
}

static void fit_scales(struct plot_paint *paint, double height,
                       enum plot_axis axis) {
  for (size_t i = 0; i < paint->panels_len; i++)
    paint->scale[i] = plot_axes_scale(paint->gather->panel[i], height, axis);
}

/* Two passes: the height of the panels depends on what is below them, and the
 * numbers beside them depend on their height. */
static double lay_out_panels(struct plot_paint *paint,
                             const struct plot_look *look) {
  double width = look->width > 0 ? look->width : PLOT_LAYOUT_WIDTH;
  size_t lanes = plot_incidents_lanes(paint);
  double wanted = 0;

  paint->layout = (struct plot_layout){.width = width, .margin = 16};
  double notes = plot_incidents_notes(paint, INFINITY, false);
  for (int i = 0; i < 2 && wanted <= 0; i++) {
    double label = i > 0 ? widest_number(paint) : 0;
    wanted = plot_layout_fit(&paint->layout, width, look->height,
                             paint->panels_len, lanes, label, notes);
    if (wanted <= 0)
      fit_scales(paint, paint->layout.panel_height, look->axis);
  }
  return wanted;
}

/* Keep as many of the first panels as have room. Returns 0, or the height that
 * one panel needs. */
static double lay_out(struct plot_paint *paint, const struct plot_look *look) {
  double wanted = 0;

  paint->panels_len = paint->gather->panels_len;
  while ((wanted = lay_out_panels(paint, look)) > 0 && paint->panels_len > 1)
    paint->panels_len--;
  return wanted;
}

/* --- what an SVG says of itself ------------------------------------------- */

static void write_panels(const struct plot_paint *paint,
                         struct json_writer *json) {
  for (size_t i = 0; i < paint->panels_len; i++) {
    const struct plot_panel *panel = paint->gather->panel[i];
    double top = plot_layout_panel(&paint->layout, i);
    json_open(json, NULL, '{');
    json_add_number(json, "top", top);
    json_add_number(json, "bottom", top + paint->layout.panel_height);
    json_add_number(json, "low", paint->scale[i].low);
    json_add_number(json, "high", paint->scale[i].high);
    json_add_string(json, "scale",
                    paint->scale[i].linear_to > 0 ? "log" : "linear");
    json_add_number(json, "linear_to", paint->scale[i].linear_to);
    json_add_string(json, "metric", panel->identifier);
    json_add_string(json, "unit", panel->unit);
    json_close(json, '}');
  }
}

static void write_incidents(const struct plot_paint *paint,
                            struct json_writer *json) {
  const struct plot_spans *spans = &paint->gather->spans;

  for (size_t i = 0; i < spans->len; i++) {
    const struct plot_span *span = &spans->spans[i];
    json_open(json, NULL, '{');
    json_add_number(json, "start", span->start_s);
    json_add_number(json, "end", span->end_s); /* null: open */
    json_add_string(json, "severity",
                    words_severity(plot_spans_severity(span)));
    json_add_string(json, "incident", span->name);
    json_add_string(json, "subject", span->subject);
    json_close(json, '}');
  }
}

static void write_json(const struct plot_paint *paint, FILE *out) {
  struct json_writer json = json_begin(out);

  json_open(&json, NULL, '{');
  json_add_number(&json, "start", paint->gather->start_s);
  json_add_number(&json, "end", paint->gather->end_s);
  json_add_number(&json, "left", paint->layout.left);
  json_add_number(&json, "right", paint->layout.right);
  json_open(&json, "panels", '[');
  write_panels(paint, &json);
  json_close(&json, ']');
  json_open(&json, "incidents", '[');
  write_incidents(paint, &json);
  json_close(&json, ']');
  json_close(&json, '}');
}

/* The axes as JSON, for programs that look for a moment in the picture. */
static void write_axes(struct plot_paint *paint) {
  char *text = NULL;
  size_t length = 0;
  FILE *out = open_memstream(&text, &length);

  if (!out)
    return;
  write_json(paint, out);
  if (fclose(out) == 0) {
    fputs("<metadata id=\"collectd-baseline\">", paint->canvas.head);
    plot_canvas_escape(paint->canvas.head, text);
    fputs("</metadata>\n", paint->canvas.head);
  }
  free(text);
}

static void write_title(struct plot_paint *paint) {
  FILE *out = paint->canvas.head;
  char from[MOMENT_MAX], to[MOMENT_MAX];

  moment_write(paint->gather->start_s, from);
  moment_write(paint->gather->end_s, to);
  fputs("<title>", out);
  plot_canvas_escape(out, paint->gather->panel[0]->series.host);
  fprintf(out, ", %s to %s</title>\n<desc>", from, to);
  for (size_t i = 0; i < paint->panels_len; i++) {
    plot_canvas_escape(out, paint->gather->panel[i]->title);
    fputs(i + 1 < paint->panels_len ? ", " : "; ", out);
  }
  fprintf(out, "incidents: %zu</desc>\n",
          paint->gather->spans.len + paint->gather->spans.more);
}

/* Invisible, but shows the notifications when the mouse is over an incident. */
static void write_hint(struct plot_paint *paint, const struct plot_span *span) {
  const struct plot_layout *layout = &paint->layout;
  FILE *out = paint->canvas.text;
  double end_s = fmin(span->end_s, paint->gather->last_s);
  double from = plot_paint_x(paint, span->start_s);
  double width = fmax(plot_paint_x(paint, end_s) - from, 4);
  char time[MOMENT_MAX];

  fprintf(out,
          "<rect class=\"incident\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" "
          "height=\"%.1f\" fill=\"none\" pointer-events=\"all\"><title>",
          from, layout->lanes_top, width, layout->axis_top - layout->lanes_top);
  for (size_t i = 0; i < span->notices_len; i++) {
    moment_write(span->notices[i].time_s, time);
    fprintf(out, "%s%s %s ", i > 0 ? "\n" : "", time,
            words_severity(span->notices[i].severity));
    plot_canvas_escape(out, span->notices[i].text);
  }
  fputs("</title></rect>\n", out);
}

static void write_about(struct plot_paint *paint) {
  const struct plot_spans *spans = &paint->gather->spans;

  write_title(paint);
  write_axes(paint);
  for (size_t i = 0; i < spans->len; i++)
    write_hint(paint, &spans->spans[i]);
}

/* --- drawing -------------------------------------------------------------- */

static void draw(struct plot_paint *paint) {
  plot_axes_title(paint);
  for (size_t i = 0; i < paint->layout.panels_len; i++) {
    plot_incidents_shade(paint, i);
    plot_axes_panel(paint, i);
    plot_curve_panel(paint, i);
  }
  plot_axes_time(paint);
  plot_incidents_draw(paint);
  plot_incidents_notes(paint, paint->layout.notes_height, true);
  if (paint->canvas.format == PLOT_SVG)
    write_about(paint);
}

static int draw_all(struct plot_paint *paint, enum plot_theme theme, bool svg,
                    FILE *out) {
  plot_canvas_release(&paint->canvas);
  int rc =
      plot_canvas_init(&paint->canvas, svg ? PLOT_SVG : PLOT_PNG, theme,
                       (int)paint->layout.width, (int)paint->layout.height);
  if (rc != 0)
    return rc;
  paint->columns_len = (size_t)(paint->layout.right - paint->layout.left);
  paint->columns = calloc(paint->columns_len, sizeof(*paint->columns));
  paint->others = calloc(paint->columns_len, sizeof(*paint->others));
  if (!paint->columns || !paint->others)
    return -ENOMEM;
  draw(paint);
  return plot_canvas_write(&paint->canvas, out);
}

static int draw_picture(const struct plot_gather *gather,
                        const struct plot_look *look, bool svg, FILE *out,
                        char *problem) {
  struct plot_paint *paint = calloc(1, sizeof(*paint));
  double wanted = 0;
  int rc = paint ? 0 : -ENOMEM;

  if (rc == 0) {
    paint->gather = gather;
    rc = plot_canvas_init(&paint->canvas, PLOT_PNG, look->theme, 1,
                          1); /* to measure on */
  }
  if (rc == 0)
    wanted = lay_out(paint, look);
  if (rc == 0 && wanted > 0)
    rc = history_fail(problem, -EINVAL,
                      "--size %dx%d has no room for a panel: the height must "
                      "be at least %.0f",
                      (int)paint->layout.width, look->height, wanted);
  else if (rc == 0)
    rc = draw_all(paint, look->theme, svg, out);
  if (rc != 0 && wanted <= 0)
    history_fail(problem, rc, "cannot draw: %s", strerror(-rc));
  if (paint) {
    plot_canvas_release(&paint->canvas);
    free(paint->columns);
    free(paint->others);
  }
  free(paint);
  return rc;
}

/* --- the file ------------------------------------------------------------- */

static bool ends(const char *path, const char *ending) {
  size_t length = strlen(path), end = strlen(ending);

  return length > end && path[length - end - 1] != '/' &&
         strcasecmp(path + length - end, ending) == 0;
}

static int refuse(const char *path, int rc, char *problem) {
  return history_fail(problem, rc, "cannot write %.400s: %s", path,
                      strerror(-rc));
}

int plot_picture_check(const char *path, char *problem) {
  if (!ends(path, ".svg") && !ends(path, ".png"))
    return history_fail(problem, -EINVAL,
                        "cannot draw %.400s: its name must end in .svg or .png",
                        path);
  int rc = replace_file_check(path);
  if (rc == -EEXIST)
    return history_fail(problem, -EINVAL,
                        "cannot write %.400s: it is not a regular file", path);
  return rc == 0 ? 0 : refuse(path, rc, problem);
}

/* The finished picture: *bytes, to be freed in any case. */
static int draw_bytes(struct plot_gather *gather, const struct plot_look *look,
                      bool svg, char **bytes, size_t *length, char *problem) {
  int rc = plot_gather_finish(gather, problem);

  if (rc != 0)
    return rc;
  FILE *picture = open_memstream(bytes, length);
  if (!picture)
    return history_fail(problem, -ENOMEM, "out of memory");
  rc = draw_picture(gather, look, svg, picture, problem);
  if (fclose(picture) != 0 && rc == 0)
    rc = history_fail(problem, -ENOMEM, "out of memory");
  return rc;
}

int plot_picture_save(struct plot_gather *gather, const struct plot_look *look,
                      const char *path, char *problem) {
  char *bytes = NULL;
  size_t length = 0;
  int rc =
      draw_bytes(gather, look, ends(path, ".svg"), &bytes, &length, problem);

  if (rc == 0 && (rc = replace_file(path, bytes, length)) != 0)
    rc = refuse(path, rc, problem);
  free(bytes);
  return rc;
}

int plot_picture_svg(struct plot_gather *gather, char **svg, size_t *length,
                     char *problem) {
  static const struct plot_look look = {0};
  char *bytes = NULL;
  int rc = draw_bytes(gather, &look, true, &bytes, length, problem);

  if (rc == 0)
    *svg = bytes;
  else
    free(bytes);
  return rc;
}
