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
  char address[INET6_ADDRSTRLEN];
  text[0] = '\0';
  double share = percent_of((double)reading->top_source_count,
                            (double)reading->total[TCP_STATE_SYN_RECV]);
  if (reading->top_source_count == 0 || !(share >= 0))
    return;
  print_address(reading->top_source_family, reading->top_source, address);
  snprintf(text, ADDRESS_TEXT_MAX, "%s/%d %.0f %%", address,
           reading->top_source_family == TCP_IPV4 ? 24 : 64, share);
}
