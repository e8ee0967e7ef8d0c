/* read(2) into one buffer, lines out of it. A file that begins as gzip files do
 * is unpacked on the way. Source: RFC 1952; zlib.h. */
#include "lines.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#ifdef HAVE_ZLIB
#include <zlib.h>
#endif

static bool is_packed(const char *bytes, size_t length) {
  return length >= 2 && memcmp(bytes, "\x1f\x8b", 2) == 0;
}

static void packed_destroy(struct history_packed *packed);

int history_lines_init(struct history_lines *lines, const char *path, bool hold,
                       size_t piece) {
  *lines = (struct history_lines){.fd = -1, .hold = hold, .piece = piece};
  lines->path = strdup(path);
  lines->buffer = malloc(2 * piece);
  if (!lines->path || !lines->buffer) {
    history_lines_release(lines);
    return -ENOMEM;
  }
  lines->capacity = 2 * piece;
  return 0;
}

static void close_file(struct history_lines *lines) {
  if (lines->fd > STDIN_FILENO)
    close(lines->fd);
  lines->fd = -1;
}

void history_lines_release(struct history_lines *lines) {
  close_file(lines);
  packed_destroy(lines->packed);
  lines->packed = NULL;
  free(lines->path);
  free(lines->buffer);
  lines->path = lines->buffer = NULL;
}

int history_lines_change(struct history_lines *lines, const char *path) {
  char *copy = strdup(path);

  if (!copy)
    return -ENOMEM;
  close_file(lines);
  packed_destroy(lines->packed);
  lines->packed = NULL;
  free(lines->path);
  lines->path = copy;
  lines->at_end = false;
  lines->offset = 0;
  lines->from = lines->to = 0;
  lines->line = 0;
  return 0;
}

static int open_file(struct history_lines *lines) {
  if (lines->fd >= 0)
    return 0;
  if (strcmp(lines->path, "-") == 0) {
    lines->fd = STDIN_FILENO;
    return 0;
  }
  lines->fd = open(lines->path, O_RDONLY | O_CLOEXEC);
  if (lines->fd < 0)
    return -errno;
  if (lines->offset > 0 && lseek(lines->fd, lines->offset, SEEK_SET) < 0)
    return -errno;
  return 0;
}

/* Room for another piece after what is left in the buffer. */
static int make_room(struct history_lines *lines) {
  if (lines->from > 0) {
    memmove(lines->buffer, lines->buffer + lines->from,
            lines->to - lines->from);
    lines->to -= lines->from;
    lines->from = 0;
  }
  if (lines->capacity - lines->to >= lines->piece)
    return 0;
  if (lines->to > HISTORY_LINE_MAX)
    return -EFBIG;
  char *larger = realloc(lines->buffer, 2 * lines->capacity);
  if (!larger)
    return -ENOMEM;
  lines->buffer = larger;
  lines->capacity *= 2;
  return 0;
}

/* Read at most a piece, as stored. Returns its length, 0 at the end of the
 * file, or -errno. */
static ssize_t read_stored(struct history_lines *lines, void *to) {
  ssize_t got = 0;
  int rc = open_file(lines);

  if (rc != 0)
    return rc;
  do
    got = read(lines->fd, to, lines->piece);
  while (got < 0 && errno == EINTR);
  if (got < 0)
    return -errno;
  lines->offset += got;
  if (!lines->hold || got == 0)
    close_file(lines);
  return got;
}

#ifdef HAVE_ZLIB

/* The state between two pieces of a gzipped file, which may be closed then. */
struct history_packed {
  z_stream stream;
  bool between; /* a member has ended; there may be another */
  unsigned char input[];
};

static void packed_destroy(struct history_packed *packed) {
  if (packed)
    inflateEnd(&packed->stream);
  free(packed);
}

static void packed_give(struct history_packed *packed, size_t length) {
  packed->stream.next_in = packed->input;
  packed->stream.avail_in = (uInt)length;
}

/* first: the first bytes of the file, at most `piece`. */
static int packed_create(const char *first, size_t length, size_t piece,
                         struct history_packed **out) {
  static const int gzip_only = 16 + MAX_WBITS;
  struct history_packed *packed = calloc(1, sizeof(*packed) + piece);

  if (!packed)
    return -ENOMEM;
  memcpy(packed->input, first, length);
  packed_give(packed, length);
  if (inflateInit2(&packed->stream, gzip_only) != Z_OK) {
    free(packed);
    return -ENOMEM;
  }
  *out = packed;
  return 0;
}

/* Unpack into at most `room` bytes; *got 0: it needs more input. */
static int packed_take(struct history_packed *packed, char *bytes, size_t room,
                       size_t *got) {
  z_stream *stream = &packed->stream;

  stream->next_out = (Bytef *)bytes;
  stream->avail_out = (uInt)room;
  while (stream->avail_in > 0 && stream->avail_out > 0) {
    if (packed->between && inflateReset(stream) != Z_OK)
      return -EBADMSG;
    int rc = inflate(stream, Z_NO_FLUSH);
    if (rc == Z_MEM_ERROR)
      return -ENOMEM;
    if (rc != Z_OK && rc != Z_STREAM_END)
      return -EBADMSG;
    packed->between = rc == Z_STREAM_END;
  }
  *got = room - stream->avail_out;
  return 0;
}

/* Read at most a piece of a gzipped file. Returns as read_stored. */
static ssize_t read_packed(struct history_lines *lines, char *to) {
  size_t got = 0;

  for (;;) {
    int rc = packed_take(lines->packed, to, lines->piece, &got);
    if (rc != 0 || got > 0)
      return rc != 0 ? rc : (ssize_t)got;
    ssize_t more = read_stored(lines, lines->packed->input);
    if (more < 0)
      return more;
    if (more == 0)
      return lines->packed->between ? 0 : -EBADMSG;
    packed_give(lines->packed, (size_t)more);
  }
}

#else

static void packed_destroy(struct history_packed *packed) { (void)packed; }

static int packed_create(const char *first, size_t length, size_t piece,
                         struct history_packed **out) {
  (void)first, (void)length, (void)piece, (void)out;
  return -ENOTSUP;
}

static ssize_t read_packed(struct history_lines *lines, char *to) {
  (void)lines, (void)to;
  return -ENOTSUP;
}

#endif

static int read_piece(struct history_lines *lines) {
  bool at_begin = lines->offset == 0;
  int rc = make_room(lines);

  if (rc != 0)
    return rc;
  char *to = lines->buffer + lines->to;
  ssize_t got = lines->packed ? read_packed(lines, to) : read_stored(lines, to);
  if (got > 0 && at_begin && is_packed(to, (size_t)got)) {
    rc = packed_create(to, (size_t)got, lines->piece, &lines->packed);
    got = rc == 0 ? read_packed(lines, to) : rc;
  }
  if (got < 0)
    return (int)got;
  lines->to += (size_t)got;
  lines->at_end = got == 0;
  return 0;
}

/* The line that begins at buffer[from + skipped]. Returns as
 * history_lines_next. */
static int find_line(struct history_lines *lines, size_t skipped,
                     size_t *length) {
  size_t searched = 0;

  for (;;) {
    size_t begin = lines->from + skipped;
    const char *text = lines->buffer + begin;
    const char *end =
        memchr(text + searched, '\n', lines->to - begin - searched);
    if (end) {
      *length = (size_t)(end - text);
      return 0;
    }
    searched = lines->to - begin;
    if (lines->at_end) {
      *length = searched;
      return searched > 0 ? 0 : 1;
    }
    int rc = read_piece(lines);
    if (rc != 0)
      return rc;
  }
}

int history_lines_next(struct history_lines *lines, char **text,
                       size_t *length) {
  int rc = find_line(lines, 0, length);

  if (rc != 0)
    return rc;
  if (*length > HISTORY_LINE_MAX)
    return -EFBIG;
  *text = lines->buffer + lines->from;
  lines->from += *length;
  if (lines->from < lines->to)
    lines->from++; /* the end of the line */
  lines->line++;
  return 0;
}

int history_lines_peek(struct history_lines *lines, size_t i, const char **text,
                       size_t *length) {
  size_t skipped = 0;

  for (;; i--) {
    if (skipped >= lines->piece)
      return 1;
    int rc = find_line(lines, skipped, length);
    if (rc != 0 || i == 0) {
      *text = lines->buffer + lines->from + skipped;
      return rc;
    }
    skipped += *length;
    skipped += lines->from + skipped < lines->to;
  }
}
