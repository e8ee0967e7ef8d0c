/* What was gathered -> a picture: measure, lay out, draw from back to front. */
#include "picture.h"

#include "paint.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct plot_style number_style = {10.5, false, PLOT_INK_LIGHT};

bool plot_picture_can(const char *subcommand) {
  (void)subcommand;
  return true;
}

double plot_paint_x(const struct plot_paint *paint, double time_s) {
  const struct plot_gather *gather = paint->gather;
  const struct plot_layout *layout = &paint->layout;
  double part = (time_s - gather->start_s) / (gather->end_s - gather->start_s);

  return layout->left + fmin(fmax(part, 0), 1) * (layout->right - layout->left);
}

uint32_t plot_paint_severity(enum severity severity) {
  return severity == SEVERITY_FAILURE   ? PLOT_FAILURE
         : severity == SEVERITY_WARNING ? PLOT_WARNING
                                        : PLOT_EXPECTED;
}

const char *plot_paint_host(const struct plot_paint *paint) {
  const struct plot_gather *gather = paint->gather;
  const char *host = gather->panel[0]->series.host;

  for (size_t i = 1; i < paint->panels_len; i++)
    if (strcmp(gather->panel[i]->series.host, host) != 0)
      return NULL;
  return host;
}

void plot_paint_name(const struct plot_paint *paint,
                     const struct plot_span *span, char *out) {
  bool of_series = strcmp(span->subject, span->host) != 0;
  const char *host = plot_paint_host(paint);

  if (of_series)
    snprintf(out, PLOT_NAME_MAX, "%s of %s", span->name,
             span->subject + (host ? strlen(host) + 1 : 0));
  else
    snprintf(out, PLOT_NAME_MAX, "%s%s%s", span->name, host ? "" : " on ",
             host ? "" : span->host);
}

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

static void fit_scales(struct plot_paint *paint, double height) {
  for (size_t i = 0; i < paint->panels_len; i++)
    paint->scale[i] = plot_axes_scale(paint->gather->panel[i], height);
}

/* The panels' height depends on what stands below them, the numbers beside
 * them on their height. */
static double lay_out_panels(struct plot_paint *paint,
                             const struct plot_size *size) {
  double width = size->width > 0 ? size->width : PLOT_LAYOUT_WIDTH;
  size_t lanes = plot_incidents_lanes(paint);
  double wanted = 0;

  paint->layout = (struct plot_layout){.width = width, .margin = 16};
  double notes = plot_notes(paint, INFINITY, false);
  for (int i = 0; i < 2 && wanted <= 0; i++) {
    double label = i > 0 ? widest_number(paint) : 0;
    wanted = plot_layout_fit(&paint->layout, width, size->height,
                             paint->panels_len, lanes, label, notes);
    if (wanted <= 0)
      fit_scales(paint, paint->layout.panel_height);
  }
  return wanted;
}

/* As many panels as have room, the first ones: what matters most. Returns 0, or
 * the height that one panel would take. */
static double lay_out(struct plot_paint *paint, const struct plot_size *size) {
  double wanted = 0;

  paint->panels_len = paint->gather->panels_len;
  while ((wanted = lay_out_panels(paint, size)) > 0 && paint->panels_len > 1)
    paint->panels_len--;
  return wanted;
}

static void draw(struct plot_paint *paint) {
  plot_axes_title(paint);
  for (size_t i = 0; i < paint->layout.panels_len; i++) {
    plot_incidents_shade(paint, i);
    plot_axes_panel(paint, i);
    plot_curve_panel(paint, i);
  }
  plot_axes_time(paint);
  plot_incidents_draw(paint);
  plot_notes(paint, paint->layout.notes_height, true);
  if (paint->canvas.format == PLOT_SVG)
    plot_about(paint);
}

static int draw_all(struct plot_paint *paint, bool svg, FILE *out) {
  plot_canvas_release(&paint->canvas);
  int rc =
      plot_canvas_init(&paint->canvas, svg ? PLOT_SVG : PLOT_PNG,
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

int plot_picture_draw(const struct plot_gather *gather,
                      const struct plot_size *size, bool svg, FILE *out,
                      char *problem) {
  struct plot_paint *paint = calloc(1, sizeof(*paint));
  double wanted = 0;
  int rc = paint ? 0 : -ENOMEM;

  if (rc == 0) {
    paint->gather = gather;
    rc = plot_canvas_init(&paint->canvas, PLOT_PNG, 1, 1); /* to measure on */
  }
  if (rc == 0)
    wanted = lay_out(paint, size);
  if (rc == 0 && wanted > 0)
    rc = history_fail(problem, -EINVAL,
                      "--size %dx%d has no room for a panel: it takes a "
                      "height of %.0f",
                      (int)paint->layout.width, size->height, wanted);
  else if (rc == 0)
    rc = draw_all(paint, svg, out);
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
