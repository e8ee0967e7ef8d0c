/* Connections that are held: more of them than arrivals explain, and when to
 * look at each of them. What is usual is learned, and stays while there is
 * suspicion. Pure: the time comes from the caller. */
#ifndef TABLE_HELD_H
#define TABLE_HELD_H

#include "table/holders.h"
#include "table/kernel_counters.h"

/* Averages over half an hour, or all of the time before that. */
struct held_usual {
  double learned_s;   /* how long */
  double connections; /* ESTABLISHED */
  double arrivals;    /* handshakes completed, a second */
  double bare_acks;   /* a second */
  double probes;      /* of zero windows, a second */
  double square;      /* of the noise of beyond, */
  double rise_square; /* of rise, */
  double mute_square; /* and of the arrivals that their data does not show */
  double together;    /* how connections vary with those explained, */
  double alone;       /* and these by themselves */
  double data;        /* segments with data sent, a second */
};

/* All zeros at the beginning: nothing is known. */
struct held {
  bool counted;
  double time_s;    /* of the last counters, */
  double elapsed_s; /* and since those before */
  struct kernel_counters counters;
  struct held_usual usual;
  double explained; /* connections, if each is held as long as usual */
  double beyond;    /* connections beyond what arrivals explain, or NAN */
  double bare_acks; /* a second, the same */
  double spoken;    /* explained, less all that seem to say nothing */
  double level, spoken_level;   /* of connections and these, over minutes, */
  double change, spoken_change; /* and from there */
  double rise;      /* the change, less what arrivals explain of it */
  double data_rate; /* segments a second, over some seconds */
  double unsaid;    /* arrivals a second that no data shows; less than 0: there
                       is more data than usual */
  double trend,
      deviation; /* of beyond: its average, and what differs from it */
  double bare_rate, arrival_rate; /* a second, over some seconds */
  unsigned beyond_run; /* readings in a row with too many connections */
  bool many_hung;      /* without a window: their data is no usual one */
  double hung_s;       /* peers without a window have taken nothing so long */
  bool suspected;
  bool risen;                      /* ... for a rise alone */
  bool evident;                    /* the last look found somebody who holds */
  double since_s;                  /* suspicion began */
  double caused_s;                 /* ... and had its last cause */
  bool looked;                     /* ever */
  double looked_s;                 /* the last look */
  double asked_s;                  /* the last one with tcp_info */
  unsigned since_asked;            /* readings */
  double usual_kind[HOLDER_KINDS]; /* by the last one without suspicion */
};

enum held_look {
  HELD_NO_LOOK,
  HELD_LOOK,      /* at the timers of the established sockets */
  HELD_LOOK_INFO, /* and at their tcp_info */
};

/* Take in what the kernel counts. time_s: of a steady clock. connections: in
 * ESTABLISHED. Sets beyond and bare_acks: NAN until a minute has been learned,
 * or where a counter is missing. */
void held_note(struct held *held, double time_s, double connections,
               const struct kernel_counters *counters);

/* Where nobody can look, after held_note: how many of so many peers without a
 * window take next to nothing, for ten seconds, by the data that is sent beyond
 * what arrivals explain. NAN: that cannot be said. */
double held_starving(struct held *held, uint64_t zero_windows);

/* What to look at in this reading, after held_note. */
enum held_look held_wants(const struct held *held, double time_s);

/* A look has ended. What it found decides how long the suspicion stays; without
 * suspicion, it is what a host has anyway. */
void held_looked(struct held *held, double time_s,
                 const struct holders *holders);

/* What a reading shows of it. */
struct held_values {
  double beyond, bare_acks;    /* NAN: unknown */
  double zero_window, sockets; /* NAN: nobody looked */
  double kind[HOLDER_KINDS];   /* the same; of tcp_info */
  bool listener_known;
  struct listener listener;     /* where most of those are that hold */
  struct source_network source; /* that most of them come from */
  uint64_t holders;             /* how many there are */
};

/* Nothing is known, but the place: it stays until the next look. */
void held_values_clear(struct held_values *values);

/* What a look has found, after held_looked. */
void held_values_take(struct held_values *values,
                      const struct holders *holders);

#endif
