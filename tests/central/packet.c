/* See packet.h. */
#include "packet.h"

#include "signature.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum part {
  PART_HOST = 0x0000,
  PART_PLUGIN = 0x0002,
  PART_PLUGIN_INSTANCE = 0x0003,
  PART_TYPE = 0x0004,
  PART_TYPE_INSTANCE = 0x0005,
  PART_VALUES = 0x0006,
  PART_TIME = 0x0008,
  PART_INTERVAL = 0x0009,
  PART_SIGNATURE = 0x0200,
};
enum { PART_HEAD = 4, KIND_GAUGE = 1, KIND_DERIVE = 2 };

static void add_bytes(struct packet *packet, const void *bytes, size_t length) {
  if (length > PACKET_MAX - packet->length) {
    fprintf(stderr, "a packet is too small for its values\n");
    abort();
  }
  memcpy(packet->bytes + packet->length, bytes, length);
  packet->length += length;
}

/* Big-endian. */
static void add_number(struct packet *packet, uint64_t number, int bytes) {
  uint8_t digits[8] = {0};
  for (int i = 0; i < bytes; i++)
    digits[i] = (uint8_t)(number >> 8 * (bytes - 1 - i));
  add_bytes(packet, digits, (size_t)bytes);
}

static void add_head(struct packet *packet, enum part part, size_t length) {
  add_number(packet, part, 2);
  add_number(packet, PART_HEAD + length, 2);
}

static void add_text(struct packet *packet, enum part part, const char *text) {
  add_head(packet, part, strlen(text) + 1);
  add_bytes(packet, text, strlen(text) + 1);
}

/* Times count 2^-30 s. */
static void add_time(struct packet *packet, enum part part, double seconds) {
  add_head(packet, part, 8);
  add_number(packet, (uint64_t)ldexp(seconds, 30), 8);
}

void packet_begin(struct packet *packet, const struct packet_head *head) {
  static const uint8_t unsigned_yet[SIGNATURE_SIZE];
  packet->length = 0;
  if (head->user != NULL) {
    add_head(packet, PART_SIGNATURE, SIGNATURE_SIZE + strlen(head->user));
    add_bytes(packet, unsigned_yet, SIGNATURE_SIZE);
    add_bytes(packet, head->user, strlen(head->user));
  }
  add_text(packet, PART_HOST, head->host);
  add_time(packet, PART_TIME, head->time_s);
  add_time(packet, PART_INTERVAL, head->interval_s);
  add_text(packet, PART_PLUGIN, "tcpstates");
  add_text(packet, PART_PLUGIN_INSTANCE, "all");
}

void packet_add(struct packet *packet, enum signal signal, double gauge,
                int64_t counter) {
  bool is_counter = signal >= SIGNAL_FIRST_COUNTER;
  uint64_t bits;
  memcpy(&bits, &gauge, sizeof(bits));
  add_text(packet, PART_TYPE, signals_type(signal));
  add_text(packet, PART_TYPE_INSTANCE, signals_type_instance(signal));
  add_head(packet, PART_VALUES, 2 + 1 + 8);
  add_number(packet, 1, 2);
  add_number(packet, is_counter ? KIND_DERIVE : KIND_GAUGE, 1);
  if (is_counter)
    add_number(packet, (uint64_t)counter, 8);
  else /* gauges are little-endian */
    for (int i = 0; i < 8; i++)
      add_number(packet, bits >> 8 * i & 0xff, 1);
}

void packet_end(struct packet *packet, const struct packet_head *head) {
  size_t from = PART_HEAD + SIGNATURE_SIZE; /* user name and parts */
  if (head->user != NULL)
    signature_make(head->password, packet->bytes + from, packet->length - from,
                   packet->bytes + PART_HEAD);
}
