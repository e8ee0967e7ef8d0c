/* A delay line: frames that arrive on one device leave on the other so many
 * milliseconds later, in both directions, so that handshakes on a veth pair
 * take a round trip where the kernel has no netem.
 * May touch: the two devices named, in its own network namespace. The devices
 * carry no addresses; their far ends are in the namespaces that talk.
 * Source: packet(7); linux/virtio_net.h: with PACKET_VNET_HDR each frame keeps
 * its checksum and segmentation state, so that veth's offloads stay on.
 *
 * usage: delay_line LEFT RIGHT DELAY_MS [LOSS_PERMILLE [SEED]]
 * So many of a thousand frames are lost, by a generator with that seed (0).
 * Says "ready" on stdout once frames pass; ends on SIGTERM or SIGINT and says
 * on stderr what it carried. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <linux/virtio_net.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
  SEED_MAX = 1000000,
  FRAME_MAX = 65536 + 256,    /* one GSO frame with its headers */
  QUEUE_BYTES_MAX = 16 << 20, /* a direction; beyond it frames are dropped */
  DELAY_MAX_MS = 2000,
  RECEIVE_BURST = 64,
};

struct frame {
  struct frame *next;
  int64_t due_ns;
  size_t len;
  uint8_t bytes[];
};

/* Frames on their way from one device to the other; first in, first out. */
struct direction {
  int from_fd, to_fd;
  struct frame *head, **tail;
  size_t queued_bytes;
  uint64_t carried, dropped, lost;
  uint64_t dice;
};

static volatile sig_atomic_t stopped;

static void stop(int signal_number) {
  (void)signal_number;
  stopped = 1;
}

static int64_t now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* Returns a packet socket that sees every frame arriving on the device and
 * none that leaves it, or -1 with errno set. */
static int device_open(const char *name) {
  const int on = 1, buffer_bytes = 4 << 20;
  struct sockaddr_ll address = {.sll_family = AF_PACKET,
                                .sll_protocol = htons(ETH_P_ALL),
                                .sll_ifindex = (int)if_nametoindex(name)};
  if (address.sll_ifindex == 0)
    return -1;
  int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0)
    return -1;
  /* Refused beyond rmem_max without CAP_NET_ADMIN outside: what fits is used.
   */
  if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &buffer_bytes,
                 sizeof buffer_bytes) != 0)
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &buffer_bytes, sizeof buffer_bytes);
  if (setsockopt(fd, SOL_PACKET, PACKET_VNET_HDR, &on, sizeof on) == 0 &&
      setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof on) == 0 &&
      bind(fd, (const struct sockaddr *)&address, sizeof address) == 0)
    return fd;
  int saved_errno = errno;
  close(fd);
  errno = saved_errno;
  return -1;
}

static void direction_push(struct direction *direction, const uint8_t *bytes,
                           size_t len, int64_t due_ns) {
  struct frame *frame = NULL;
  if (direction->queued_bytes + len <= QUEUE_BYTES_MAX)
    frame = malloc(sizeof *frame + len);
  if (frame == NULL) {
    direction->dropped++;
    return;
  }
  frame->next = NULL;
  frame->due_ns = due_ns;
  frame->len = len;
  memcpy(frame->bytes, bytes, len);
  *direction->tail = frame;
  direction->tail = &frame->next;
  direction->queued_bytes += len;
}

/* splitmix64 (Steele, Lea, Flood 2014). */
static bool is_lost(struct direction *direction, long loss_permille) {
  uint64_t bits = (direction->dice += 0x9e3779b97f4a7c15u);
  bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9u;
  bits = (bits ^ (bits >> 27)) * 0x94d049bb133111ebu;
  bits ^= bits >> 31;
  return bits % 1000 < (uint64_t)loss_permille;
}

/* Take in what has arrived, but not without end: the other direction and the
 * frames that are due must have their turn. */
static void direction_receive(struct direction *direction, int64_t delay_ns,
                              long loss_permille) {
  static uint8_t bytes[FRAME_MAX];
  for (int burst = 0; burst < RECEIVE_BURST; burst++) {
    ssize_t len = recv(direction->from_fd, bytes, sizeof bytes, MSG_TRUNC);
    if (len <= 0)
      return;
    if ((size_t)len > sizeof bytes)
      direction->dropped++;
    else if (is_lost(direction, loss_permille))
      direction->lost++;
    else
      direction_push(direction, bytes, (size_t)len, now_ns() + delay_ns);
  }
}

static void direction_pop(struct direction *direction) {
  struct frame *frame = direction->head;
  direction->head = frame->next;
  if (direction->head == NULL)
    direction->tail = &direction->head;
  direction->queued_bytes -= frame->len;
  free(frame);
}

static void direction_send_due(struct direction *direction, int64_t now) {
  while (direction->head != NULL && direction->head->due_ns <= now) {
    const struct frame *frame = direction->head;
    if (send(direction->to_fd, frame->bytes, frame->len, 0) < 0)
      direction->dropped++;
    else
      direction->carried++;
    direction_pop(direction);
  }
}

/* Nanoseconds until the next frame of either direction is due; -1: none. */
static int64_t next_due_ns(const struct direction pair[2], int64_t now) {
  int64_t next = -1;
  for (int i = 0; i < 2; i++) {
    if (pair[i].head == NULL)
      continue;
    int64_t wait = pair[i].head->due_ns > now ? pair[i].head->due_ns - now : 0;
    if (next < 0 || wait < next)
      next = wait;
  }
  return next;
}

/* Signals are blocked but in ppoll: none is missed between test and wait. */
static int relay(struct direction pair[2], int64_t delay_ns, long loss_permille,
                 const sigset_t *while_waiting) {
  struct pollfd polls[2] = {{.fd = pair[0].from_fd, .events = POLLIN},
                            {.fd = pair[1].from_fd, .events = POLLIN}};
  while (!stopped) {
    int64_t wait = next_due_ns(pair, now_ns());
    struct timespec timeout = {.tv_sec = wait / 1000000000,
                               .tv_nsec = wait % 1000000000};
    if (ppoll(polls, 2, wait < 0 ? NULL : &timeout, while_waiting) < 0 &&
        errno != EINTR)
      return -1;
    for (int i = 0; i < 2; i++) {
      if ((polls[i].revents & (POLLERR | POLLNVAL)) != 0) {
        errno = ENETDOWN;
        return -1;
      }
      direction_receive(&pair[i], delay_ns, loss_permille);
      direction_send_due(&pair[i], now_ns());
    }
  }
  return 0;
}

static void report(const struct direction pair[2], char *const names[2]) {
  for (int i = 0; i < 2; i++)
    fprintf(
        stderr, "delay_line: %s to %s: %llu frames, %llu dropped, %llu lost\n",
        names[i], names[1 - i], (unsigned long long)pair[i].carried,
        (unsigned long long)pair[i].dropped, (unsigned long long)pair[i].lost);
}

static void block_signals(sigset_t *while_waiting) {
  sigset_t blocked;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGTERM);
  sigaddset(&blocked, SIGINT);
  sigprocmask(SIG_BLOCK, &blocked, while_waiting);
  sigaction(SIGTERM, &(struct sigaction){.sa_handler = stop}, NULL);
  sigaction(SIGINT, &(struct sigaction){.sa_handler = stop}, NULL);
}

/* Returns -1 where the text is no number of 0 to max. */
static long number_of(const char *text, long max) {
  char *end = NULL;
  long number = strtol(text, &end, 10);
  return end == text || *end != '\0' || number < 0 || number > max ? -1
                                                                   : number;
}

int main(int argc, char **argv) {
  long delay_ms = argc >= 4 ? number_of(argv[3], DELAY_MAX_MS) : -1;
  long loss_permille = argc >= 5 ? number_of(argv[4], 1000) : 0;
  long seed = argc == 6 ? number_of(argv[5], SEED_MAX) : 0;
  if (argc > 6 || delay_ms < 0 || loss_permille < 0 || seed < 0) {
    fprintf(stderr,
            "usage: delay_line LEFT RIGHT DELAY_MS (0 to %d) "
            "[LOSS_PERMILLE (0 to 1000) [SEED (0 to %d)]]\n",
            DELAY_MAX_MS, SEED_MAX);
    return 2;
  }
  struct direction pair[2] = {0};
  for (int i = 0; i < 2; i++) {
    int fd = device_open(argv[1 + i]);
    if (fd < 0) {
      fprintf(stderr, "delay_line: %s: %s\n", argv[1 + i], strerror(errno));
      return 1;
    }
    pair[i].from_fd = pair[1 - i].to_fd = fd;
    pair[i].tail = &pair[i].head;
    pair[i].dice = 2 * (uint64_t)seed + (uint64_t)i;
  }
  sigset_t while_waiting;
  block_signals(&while_waiting);
  puts("ready");
  fflush(stdout);
  /* What is under way ends with the process. */
  if (relay(pair, delay_ms * 1000000, loss_permille, &while_waiting) != 0) {
    /* NOLINTNEXTLINE(clang-analyzer-unix.Malloc) */
    fprintf(stderr, "delay_line: %s\n", strerror(errno));
    return 1;
  }
  report(pair, argv + 1);
  return 0;
}
