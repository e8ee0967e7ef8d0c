/* Addresses as text, by inet_ntop alone. Touches memory only. */
#include "table/address_text.h"
#include "table/metrics.h"
#include "table/percent.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <sys/socket.h>

static void print_address(uint8_t family, const uint8_t *address,
                          char text[INET6_ADDRSTRLEN]) {
  text[0] = '\0';
  inet_ntop(family == TCP_IPV4 ? AF_INET : AF_INET6, address, text,
            INET6_ADDRSTRLEN);
}

void address_text_listener(const struct listener *listener, char *text) {
  char address[INET6_ADDRSTRLEN];
  print_address(listener->family, listener->address, address);
  snprintf(text, ADDRESS_TEXT_MAX,
           listener->family == TCP_IPV4 ? "%s:%u" : "[%s]:%u", address,
           (unsigned)listener->port);
}

void address_text_top_source(const struct reading *reading, char *text) {
  const struct source_network *source = &reading->source;
  char address[INET6_ADDRSTRLEN];
  double share = percent_of((double)source->half_open,
                            (double)reading->total[TCP_STATE_SYN_RECV]);

  text[0] = '\0';
  if (reading->top_source_count == 0)
    return;
  snprintf(text, ADDRESS_TEXT_MAX, "scattered");
  if (source->prefix == 0)
    return;
  print_address(source->family, source->address, address);
  snprintf(text, ADDRESS_TEXT_MAX, "%s/%d %.0f %%", address, source->prefix,
           share);
}
