/* The netlink socket: request out, datagrams in; what they mean is not known
 * here. May use system calls and the room table. Source: netlink(7),
 * sock_diag(7), net/netlink/af_netlink.c. */
#define _POSIX_C_SOURCE 200809L
#include "diag_source.h"

#include <errno.h>
#include <linux/netlink.h>
#include <stdalign.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum {
  ANSWER_TIMEOUT_S = 5,
  WALK_TIMEOUT_S = 30,
};

struct diag_source {
  int fd;        /* -1: not open */
  bool is_given; /* by diag_source_create_on, as is answer */
  uint32_t sequence;
  const char *failed;
  unsigned char *answer; /* DIAG_ANSWER_MAX; owned unless given */
};

static struct diag_source *create(int fd, unsigned char *answer) {
  struct diag_source *source = calloc(1, sizeof(*source));
  if (source == NULL)
    return NULL;
  *source = (struct diag_source){.fd = fd, .answer = answer, .failed = ""};
  return source;
}

struct diag_source *diag_source_create(void) {
  unsigned char *answer = malloc(DIAG_ANSWER_MAX);
  struct diag_source *source = answer != NULL ? create(-1, answer) : NULL;
  if (source == NULL)
    free(answer);
  return source;
}

struct diag_source *diag_source_create_on(int fd, unsigned char *answer) {
  struct diag_source *source = create(fd, answer);
  if (source != NULL)
    source->is_given = true;
  return source;
}

static void hang_up(struct diag_source *source) {
  if (source->fd >= 0)
    close(source->fd);
  source->fd = -1;
}

void diag_source_destroy(struct diag_source *source) {
  if (source == NULL)
    return;
  hang_up(source);
  if (!source->is_given)
    free(source->answer);
  free(source);
}

bool diag_source_is_open(const struct diag_source *source) {
  return source->fd >= 0;
}

const char *diag_source_failed(const struct diag_source *source) {
  return source->failed;
}

/* SO_RCVBUF stays as it is: the kernel writes one datagram of a dump at a time,
 * the next when this one was taken. */
int diag_source_open(int *out) {
  int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
  if (fd < 0)
    return -errno;
  const struct timeval timeout = {.tv_sec = ANSWER_TIMEOUT_S};
  if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout)) != 0) {
    int rc = -errno;
    close(fd);
    return rc;
  }
  *out = fd;
  return 0;
}

static int connect_once(struct diag_source *source) {
  if (source->fd >= 0)
    return 0;
  source->failed = "socket";
  return source->is_given ? -ENOTCONN : diag_source_open(&source->fd);
}

static int send_request(struct diag_source *source,
                        const struct diag_request *request) {
  alignas(struct nlmsghdr) unsigned char message[DIAG_REQUEST_MAX];
  struct diag_request numbered = *request;
  numbered.sequence = ++source->sequence;
  size_t length = diag_message_request(&numbered, message);
  source->failed = "send";
  if (length == 0)
    return -EINVAL;
  ssize_t sent;
  do
    sent = send(source->fd, message, length, 0);
  while (sent < 0 && errno == EINTR);
  return sent < 0 ? -errno : 0;
}

static double monotonic_s(void) {
  struct timespec now = {0};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Returns the length of the kernel's next datagram, or -errno. Whatever another
 * process sends to this socket is skipped, until the time is up. */
static ssize_t receive(struct diag_source *source, double until_s) {
  while (monotonic_s() < until_s) {
    struct sockaddr_nl sender = {0};
    struct iovec buffer = {source->answer, DIAG_ANSWER_MAX};
    struct msghdr message = {.msg_name = &sender,
                             .msg_namelen = sizeof(sender),
                             .msg_iov = &buffer,
                             .msg_iovlen = 1};
    ssize_t length = recvmsg(source->fd, &message, 0);
    if (length < 0 && errno == EINTR)
      continue;
    if (length < 0)
      return errno == EAGAIN || errno == EWOULDBLOCK ? -ETIMEDOUT : -errno;
    if (length == 0)
      return -EBADMSG; /* has no sender if the socket was shut down */
    if (message.msg_namelen != sizeof(sender) || sender.nl_pid != 0)
      continue;
    return (message.msg_flags & MSG_TRUNC) != 0 ? -EBADMSG : length;
  }
  return -ETIMEDOUT;
}

/* Where the rows go. */
struct sink {
  struct reading *reading; /* NULL: to holders */
  bool ports_only;
  struct holders *holders;
};

static int take_datagram(const struct diag_source *source, size_t length,
                         const struct sink *sink,
                         enum diag_progress *progress) {
  if (sink->reading == NULL)
    return diag_message_parse_holders(source->answer, length, source->sequence,
                                      sink->holders, progress);
  return diag_message_parse(source->answer, length, source->sequence,
                            sink->ports_only, sink->reading, progress);
}

static int take_answer(struct diag_source *source, const struct sink *sink) {
  enum diag_progress progress = DIAG_MORE;
  const double until_s = monotonic_s() + (double)WALK_TIMEOUT_S;
  while (progress == DIAG_MORE) {
    source->failed = "receive";
    ssize_t length = receive(source, until_s);
    if (length < 0)
      return (int)length;
    source->failed = "dump";
    int rc = take_datagram(source, (size_t)length, sink, &progress);
    if (rc != 0)
      return rc;
  }
  return 0;
}

static int ask(struct diag_source *source, const struct diag_request *request,
               const struct sink *sink) {
  int rc = connect_once(source);
  if (rc == 0)
    rc = send_request(source, request);
  if (rc == 0)
    rc = take_answer(source, sink);
  if (rc != 0)
    hang_up(
        source); /* the rest of this answer must not mix with the next one */
  return rc;
}

int diag_source_walk(struct diag_source *source,
                     const struct diag_request *request, bool ports_only,
                     struct reading *reading) {
  const struct sink sink = {.reading = reading, .ports_only = ports_only};

  return ask(source, request, &sink);
}

int diag_source_look(struct diag_source *source,
                     const struct diag_request *request,
                     struct holders *holders) {
  const struct sink sink = {.holders = holders};

  return ask(source, request, &sink);
}
