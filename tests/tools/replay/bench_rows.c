/* Writes the history of one busy host as CSV, N rows of 12 columns, to measure
 * how fast `collectd-baseline replay` reads it.
 * usage: bench_rows N */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static uint32_t state = 1;

static unsigned draw(unsigned below) { /* 0 .. below - 1, the same every time */
  state = state * 1664525u + 1013904223u;
  return (state >> 8) % below;
}

static void write_heads(void) {
  static const char *const types[] = {
      "tcp_connections-ESTABLISHED",
      "tcp_connections-SYN_RECV",
      "tcp_connections-CLOSE_WAIT",
      "tcp_connections-SYN_SENT",
      "current_connections-active",
      "current_connections-syn_recv_aged",
      "percent-syn_queue",
      "percent-accept_queue",
      "gauge-state_entropy",
      "protocol_counter-PassiveOpens",
      "protocol_counter-ListenOverflows",
      "protocol_counter-EmbryonicRsts",
  };

  printf("time");
  for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
    printf(",tcpstates-all/%s", types[i]);
  printf("\n");
}

int main(int argc, char **argv) {
  long rows = argc == 2 ? atol(argv[1]) : 0;
  long opened = 1000000, reset = 0;

  if (rows <= 0) {
    fputs("usage: bench_rows N\n", stderr);
    return EXIT_FAILURE;
  }
  write_heads();
  for (long row = 0; row < rows; row++) {
    unsigned established = 900 + draw(200), half_open = 3 + draw(6);
    opened += 300 + draw(100);
    reset += draw(2);
    printf("%ld.250,%u,%u,%u,%u,%u,%u,%.6f,%.6f,%.6f,%ld,0,%ld\n",
           1700000000 + 10 * row, established, half_open, draw(5), draw(4),
           established + half_open + 5, draw(2), half_open / 5.11,
           draw(3) * 0.5, 0.05 + 0.0001 * draw(100), opened, reset);
  }
  return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
