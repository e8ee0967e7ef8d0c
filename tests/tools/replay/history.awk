# A host's history as CSV: two hours of ordinary readings with a flood of
# twenty minutes in the second. -v heads=PREFIX before each identifier,
# -v from=SECONDS, -v rows=N, -v flood=ROW where it begins (0: none).
function small(n) { # 0 .. n-1, the same on every system
  state = (state * 1103515245 + 12345) % 2147483648
  return int(state / 65536) % n
}
BEGIN {
  OFS = ","
  state = 7
  split("tcp_connections-ESTABLISHED tcp_connections-SYN_RECV " \
        "current_connections-syn_recv_aged percent-syn_queue " \
        "protocol_counter-PassiveOpens protocol_counter-SyncookiesSent " \
        "protocol_counter-SyncookiesRecv", types, " ")
  line = "time"
  for (i = 1; i <= 7; i++)
    line = line "," heads "tcpstates-all/" types[i]
  print line
  for (row = 0; row < rows; row++) {
    attacked = flood > 0 && row >= flood && row < flood + 120
    opened += 280 + small(40)
    halfopen = 3 + small(4) + (attacked ? 400 : 0)
    aged = attacked ? 380 : 0
    print from + 10 * row, 950 + small(100), halfopen, aged,
          sprintf("%.6f", halfopen / 5.11), opened, 0, 0
  }
}
