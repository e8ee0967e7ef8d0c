/* See canvas.h. Surfaces of cairo, text by Pango. Text elements of an SVG carry
 * their computed width, so that another font keeps it. */
#include "canvas.h"

#include "lib/markup.h"

#include <cairo-svg.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Colours that also differ in brightness, for print and for colour-blind eyes;
 * each stands out from its paper by 4.5 to 1 where it is text.
 * Source: M. Okabe and K. Ito, Color Universal Design (2008); the red is
 * darker on white and lighter on black, as is the green. */
static const uint32_t themes[][PLOT_INKS] = {
    [PLOT_LIGHT] =
        {
            [PLOT_PAPER] = 0xFFFFFF,
            [PLOT_INK] = 0x1A1A1A,
            [PLOT_INK_LIGHT] = 0x595959,
            [PLOT_GRID] = 0xD9D9D9,
            [PLOT_FRAME] = 0x8C8C8C,
            [PLOT_CURVE] = 0x0072B2,
            [PLOT_SECOND] = 0x1A1A1A,
            [PLOT_EXPECTED] = 0x00785A,
            [PLOT_WARNING] = 0xE69F00,
            [PLOT_FAILURE] = 0xB3142B,
            [PLOT_WARNING_TEXT] = 0x8A5A00,
            [PLOT_ON_WARNING] = 0x1A1A1A,
            [PLOT_ON_FAILURE] = 0xFFFFFF,
        },
    [PLOT_DARK] =
        {
            [PLOT_PAPER] = 0x16181D,
            [PLOT_INK] = 0xE6E6E6,
            [PLOT_INK_LIGHT] = 0xA8AEB8,
            [PLOT_GRID] = 0x33373F,
            [PLOT_FRAME] = 0x777D88,
            [PLOT_CURVE] = 0x56B4E9,
            [PLOT_SECOND] = 0xE6E6E6,
            [PLOT_EXPECTED] = 0x2CC79C,
            [PLOT_WARNING] = 0xE69F00,
            [PLOT_FAILURE] = 0xF25C68,
            [PLOT_WARNING_TEXT] = 0xF0B43C,
            [PLOT_ON_WARNING] = 0x1A1A1A,
            [PLOT_ON_FAILURE] = 0x1A1A1A,
        },
};

static cairo_status_t take(void *to, const unsigned char *bytes,
                           unsigned int length) {
  return fwrite(bytes, 1, length, to) == length ? CAIRO_STATUS_SUCCESS
                                                : CAIRO_STATUS_WRITE_ERROR;
}

static int init_svg(struct plot_canvas *canvas, int width, int height) {
  canvas->drawn = open_memstream(&canvas->drawn_bytes, &canvas->drawn_length);
  canvas->head = open_memstream(&canvas->head_bytes, &canvas->head_length);
  canvas->text = open_memstream(&canvas->text_bytes, &canvas->text_length);
  if (!canvas->drawn || !canvas->head || !canvas->text)
    return -ENOMEM;
  canvas->surface =
      cairo_svg_surface_create_for_stream(take, canvas->drawn, width, height);
  cairo_svg_surface_set_document_unit(canvas->surface, CAIRO_SVG_UNIT_PX);
  return 0;
}

static int status_of(cairo_status_t status) {
  if (status == CAIRO_STATUS_SUCCESS)
    return 0;
  return status == CAIRO_STATUS_NO_MEMORY ? -ENOMEM : -EIO;
}

/* No hinting: text has the same width on every surface. */
static void init_text(struct plot_canvas *canvas) {
  cairo_font_options_t *options = cairo_font_options_create();

  cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
  cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
  canvas->layout = pango_cairo_create_layout(canvas->cr);
  pango_cairo_context_set_font_options(pango_layout_get_context(canvas->layout),
                                       options);
  cairo_font_options_destroy(options);
}

int plot_canvas_init(struct plot_canvas *canvas, enum plot_format format,
                     enum plot_theme theme, int width, int height) {
  int rc = 0;

  memset(canvas, 0, sizeof(*canvas));
  canvas->colours = themes[theme];
  canvas->format = format;
  if (format == PLOT_SVG)
    rc = init_svg(canvas, width, height);
  else
    canvas->surface =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
  if (rc != 0)
    return rc;
  canvas->cr = cairo_create(canvas->surface);
  init_text(canvas);
  plot_canvas_colour(canvas, PLOT_PAPER, 1);
  cairo_paint(canvas->cr);
  return status_of(cairo_status(canvas->cr));
}

void plot_canvas_release(struct plot_canvas *canvas) {
  if (canvas->layout)
    g_object_unref(canvas->layout);
  if (canvas->cr)
    cairo_destroy(canvas->cr);
  if (canvas->surface) {
    cairo_surface_finish(canvas->surface); /* this still writes to drawn */
    cairo_surface_destroy(canvas->surface);
  }
  if (canvas->drawn)
    fclose(canvas->drawn);
  if (canvas->head)
    fclose(canvas->head);
  if (canvas->text)
    fclose(canvas->text);
  free(canvas->drawn_bytes);
  free(canvas->head_bytes);
  free(canvas->text_bytes);
  memset(canvas, 0, sizeof(*canvas));
}

static const char *find_last(const char *text, const char *word) {
  const char *found = NULL;

  for (const char *at = strstr(text, word); at; at = strstr(at + 1, word))
    found = at;
  return found;
}

/* Cairo's elements, with ours after its first tag and before its last. */
static int write_svg(struct plot_canvas *canvas, FILE *out) {
  cairo_surface_finish(canvas->surface);
  int rc = status_of(cairo_surface_status(canvas->surface));
  if (rc == 0 && (fflush(canvas->drawn) != 0 || fflush(canvas->head) != 0 ||
                  fflush(canvas->text) != 0))
    rc = -ENOMEM;
  if (rc != 0)
    return rc;
  const char *tag = strstr(canvas->drawn_bytes, "<svg");
  const char *first = tag ? strchr(tag, '>') : NULL;
  const char *last = first ? find_last(first, "</svg>") : NULL;
  if (!last)
    return -EIO;
  fwrite(canvas->drawn_bytes, 1, (size_t)(first + 1 - canvas->drawn_bytes),
         out);
  fputc('\n', out);
  fwrite(canvas->head_bytes, 1, canvas->head_length, out);
  fwrite(first + 1, 1, (size_t)(last - first - 1), out);
  fputs("<g font-family=\"DejaVu Sans, Verdana, sans-serif\">\n", out);
  fwrite(canvas->text_bytes, 1, canvas->text_length, out);
  fputs("</g>\n", out);
  fputs(last, out);
  return ferror(out) ? -EIO : 0;
}

int plot_canvas_write(struct plot_canvas *canvas, FILE *out) {
  if (canvas->format == PLOT_SVG)
    return write_svg(canvas, out);
  return status_of(
      cairo_surface_write_to_png_stream(canvas->surface, take, out));
}

void plot_canvas_colour(struct plot_canvas *canvas, enum plot_ink ink,
                        double alpha) {
  uint32_t colour = canvas->colours[ink];

  cairo_set_source_rgba(canvas->cr, (colour >> 16 & 0xFF) / 255.0,
                        (colour >> 8 & 0xFF) / 255.0, (colour & 0xFF) / 255.0,
                        alpha);
}

void plot_canvas_escape(FILE *out, const char *text) {
  char *valid = g_utf8_make_valid(text, -1);

  markup_escape(out, valid);
  g_free(valid);
}

static void set_text(struct plot_canvas *canvas, const struct plot_style *style,
                     const char *text, double width_max) {
  PangoFontDescription *font = pango_font_description_new();
  char *valid = g_utf8_make_valid(text, -1);

  pango_font_description_set_family(font, "Sans");
  pango_font_description_set_absolute_size(font, style->size * PANGO_SCALE);
  if (style->bold)
    pango_font_description_set_weight(font, PANGO_WEIGHT_BOLD);
  pango_layout_set_font_description(canvas->layout, font);
  pango_layout_set_single_paragraph_mode(canvas->layout, TRUE);
  pango_layout_set_text(canvas->layout, valid, -1);
  pango_layout_set_width(canvas->layout, isfinite(width_max)
                                             ? (int)(width_max * PANGO_SCALE)
                                             : -1);
  pango_layout_set_wrap(canvas->layout, PANGO_WRAP_WORD_CHAR);
  g_free(valid);
  pango_font_description_free(font);
}

double plot_canvas_width(struct plot_canvas *canvas,
                         const struct plot_style *style, const char *text) {
  PangoRectangle logical;

  set_text(canvas, style, text, INFINITY);
  pango_layout_get_extents(canvas->layout, NULL, &logical);
  return (double)logical.width / PANGO_SCALE;
}

static void write_words(struct plot_canvas *canvas,
                        const struct plot_style *style, double x, double y,
                        double width, const char *text) {
  if (*text == '\0')
    return;
  fprintf(canvas->text, "<text x=\"%.1f\" y=\"%.1f\" font-size=\"%.1f\"", x, y,
          style->size);
  fprintf(canvas->text, "%s fill=\"#%06x\" textLength=\"%.1f\">",
          style->bold ? " font-weight=\"bold\"" : "",
          (unsigned)canvas->colours[style->ink], width);
  plot_canvas_escape(canvas->text, text);
  fputs("</text>\n", canvas->text);
}

static void paint_line(struct plot_canvas *canvas,
                       const struct plot_style *style, PangoLayoutLine *line,
                       double x, double y) {
  PangoRectangle logical;
  const char *text = pango_layout_get_text(canvas->layout);

  if (canvas->format == PLOT_PNG) {
    plot_canvas_colour(canvas, style->ink, 1);
    cairo_move_to(canvas->cr, x, y);
    pango_cairo_show_layout_line(canvas->cr, line);
    return;
  }
  pango_layout_line_get_extents(line, NULL, &logical);
  char *part = g_strndup(text + line->start_index, (gsize)line->length);
  g_strchomp(part);
  write_words(canvas, style, x, y, (double)logical.width / PANGO_SCALE, part);
  g_free(part);
}

/* Cut the text to what fits; Pango can do that only when it draws itself. */
static char *shorten(struct plot_canvas *canvas, const struct plot_style *style,
                     double width_max, const char *text) {
  char *part = g_utf8_make_valid(text, -1);
  size_t length = strlen(part);

  if (plot_canvas_width(canvas, style, part) <= width_max)
    return part;
  while (length > 0) {
    length = (size_t)(g_utf8_prev_char(part + length) - part);
    part[length] = '\0';
    char *cut = g_strconcat(part, "…", NULL);
    if (length == 0 || plot_canvas_width(canvas, style, cut) <= width_max) {
      g_free(part);
      return cut;
    }
    g_free(cut);
  }
  return part;
}

void plot_canvas_text(struct plot_canvas *canvas,
                      const struct plot_style *style, enum plot_align align,
                      double x, double y, double width_max, const char *text) {
  char *part = shorten(canvas, style, width_max, text);
  double width = plot_canvas_width(canvas, style, part);

  if (align != PLOT_LEFT)
    x -= align == PLOT_RIGHT ? width : width / 2;
  paint_line(canvas, style, pango_layout_get_line_readonly(canvas->layout, 0),
             x, y);
  g_free(part);
}

double plot_canvas_lines(struct plot_canvas *canvas,
                         const struct plot_style *style, double x, double y,
                         double width, const char *text, bool paint) {
  static const double spacing = 1.35;
  double line_height = spacing * style->size;

  set_text(canvas, style, text, width);
  int len = pango_layout_get_line_count(canvas->layout);
  for (int i = 0; i < len && paint; i++)
    paint_line(canvas, style, pango_layout_get_line_readonly(canvas->layout, i),
               x, y + style->size + i * line_height);
  return len * line_height;
}
