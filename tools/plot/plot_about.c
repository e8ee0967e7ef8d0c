/* What an SVG says of itself: title and description, where its axes are, and
 * an incident's notifications where the mouse is on it. */
#include "lib/json.h"
#include "lib/moment.h"
#include "paint.h"

#include <math.h>
#include <stdlib.h>

static const char *const severity_names[] = {"OKAY", "WARNING", "FAILURE"};

static void member(FILE *out, const char *name, double number) {
  fprintf(out, "\"%s\":", name);
  json_number(out, number);
  fputc(',', out);
}

static void write_panels(const struct plot_paint *paint, FILE *out) {
  for (size_t i = 0; i < paint->panels_len; i++) {
    const struct plot_panel *panel = paint->gather->panel[i];
    double top = plot_layout_panel(&paint->layout, i);
    fputs(i > 0 ? ",{" : "{", out);
    member(out, "top", top);
    member(out, "bottom", top + paint->layout.panel_height);
    member(out, "low", paint->scale[i].low);
    member(out, "high", paint->scale[i].high);
    fputs("\"metric\":", out);
    json_string(out, panel->identifier);
    fputs(",\"unit\":", out);
    json_string(out, panel->unit);
    fputc('}', out);
  }
}

static void write_incidents(const struct plot_paint *paint, FILE *out) {
  const struct plot_spans *spans = &paint->gather->spans;

  for (size_t i = 0; i < spans->len; i++) {
    const struct plot_span *span = &spans->spans[i];
    fputs(i > 0 ? ",{" : "{", out);
    member(out, "start", span->start_s);
    member(out, "end", span->end_s); /* null: open */
    fputs("\"severity\":", out);
    json_string(out, severity_names[plot_spans_severity(span)]);
    fputs(",\"incident\":", out);
    json_string(out, span->name);
    fputs(",\"subject\":", out);
    json_string(out, span->subject);
    fputc('}', out);
  }
}

/* The axes as JSON, for whoever wants to find a moment in the picture. */
static void write_axes(struct plot_paint *paint) {
  char *text = NULL;
  size_t length = 0;
  FILE *out = open_memstream(&text, &length);

  if (!out)
    return;
  fputc('{', out);
  member(out, "start", paint->gather->start_s);
  member(out, "end", paint->gather->end_s);
  member(out, "left", paint->layout.left);
  member(out, "right", paint->layout.right);
  fputs("\"panels\":[", out);
  write_panels(paint, out);
  fputs("],\"incidents\":[", out);
  write_incidents(paint, out);
  fputs("]}", out);
  if (fclose(out) == 0) {
    fputs("<metadata id=\"collectd-baseline\">", paint->canvas.head);
    plot_canvas_escape(paint->canvas.head, text);
    fputs("</metadata>\n", paint->canvas.head);
  }
  free(text);
}

static void write_title(struct plot_paint *paint) {
  FILE *out = paint->canvas.head;
  char from[PLOT_MOMENT_TEXT_MAX], to[PLOT_MOMENT_TEXT_MAX];

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

/* What is seen nowhere, but feels the mouse. */
static void write_hint(struct plot_paint *paint, const struct plot_span *span) {
  const struct plot_layout *layout = &paint->layout;
  FILE *out = paint->canvas.text;
  double end_s = fmin(span->end_s, paint->gather->last_s);
  double from = plot_paint_x(paint, span->start_s);
  double width = fmax(plot_paint_x(paint, end_s) - from, 4);
  char time[PLOT_MOMENT_TEXT_MAX];

  fprintf(out,
          "<rect class=\"incident\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" "
          "height=\"%.1f\" fill=\"none\" pointer-events=\"all\"><title>",
          from, layout->lanes_top, width, layout->axis_top - layout->lanes_top);
  for (size_t i = 0; i < span->notices_len; i++) {
    moment_write(span->notices[i].time_s, time);
    fprintf(out, "%s%s %s ", i > 0 ? "\n" : "", time,
            severity_names[span->notices[i].severity]);
    plot_canvas_escape(out, span->notices[i].text);
  }
  fputs("</title></rect>\n", out);
}

void plot_about(struct plot_paint *paint) {
  const struct plot_spans *spans = &paint->gather->spans;

  write_title(paint);
  write_axes(paint);
  for (size_t i = 0; i < spans->len; i++)
    write_hint(paint, &spans->spans[i]);
}
