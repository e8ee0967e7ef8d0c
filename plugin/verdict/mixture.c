/* Counters that go back and forth, and snapshots that come too soon. Pure. */
#include "mixture.h"

/* Of a host's last snapshots, so many that show two machines. */
enum { HITS_MIN = 2, SNAPSHOTS = 8 };

/* Of the interval: three snapshots within so long are of two machines. One that
 * reads late is early the next time, but then the three take two intervals all
 * the same. */
static const double three_ratio = 1.5;

static bool is_counter(const struct snapshot_mark *mark, int signal) {
  return (mark->have & ~mark->rates) >> signal & 1;
}

/* How many counters of three snapshots went which way. */
struct ways {
  int back;           /* since the last */
  int back_and_forth; /* one way and then the other, to no less than at first */
  int anew;           /* below both: a machine that has started anew */
};

static void look_at(int64_t earlier, int64_t before, int64_t now,
                    struct ways *ways) {
  bool dip = before < earlier && now >= earlier;
  bool peak = before > earlier && now < before && now >= earlier;

  ways->back_and_forth += dip || peak;
  ways->anew += now < before && now < earlier;
}

static struct ways compare(const struct snapshot_mark *earlier,
                           const struct snapshot_mark *before,
                           const struct snapshot_mark *now) {
  struct ways ways = {0};

  for (int i = SIGNAL_FIRST_COUNTER; i < SIGNAL_COUNT; i++) {
    int at = i - SIGNAL_FIRST_COUNTER;
    if (!is_counter(before, i) || !is_counter(now, i))
      continue;
    ways.back += now->counter[at] < before->counter[at];
    if (is_counter(earlier, i))
      look_at(earlier->counter[at], before->counter[at], now->counter[at],
              &ways);
  }
  return ways;
}

static bool has_counts(const struct snapshot_mark *mark) {
  return mark->have >> SIGNAL_FIRST_COUNTER != 0;
}

static bool is_early(const struct snapshot_mark *earlier,
                     const struct snapshot_mark *now,
                     const struct observation *seen) {
  return earlier->have != 0 && !seen->gap && !seen->interval_changed &&
         now->time_s - earlier->time_s < three_ratio * seen->interval_s;
}

static enum mixture_change decide(struct mixture *mixture, bool doubted) {
  int hits = 0;

  for (int i = 0; i < SNAPSHOTS; i++)
    hits += mixture->hits >> i & 1;
  bool before = mixture->found;
  mixture->found = before ? hits > 0 : hits >= HITS_MIN;
  if (mixture->found)
    return before ? MIXTURE_LASTS : MIXTURE_BEGINS;
  return doubted ? MIXTURE_DOUBTED : MIXTURE_NONE;
}

enum mixture_change mixture_look(struct mixture *mixture,
                                 const struct snapshot_mark *earlier,
                                 const struct snapshot_mark *before,
                                 const struct snapshot *now,
                                 const struct observation *seen) {
  struct snapshot_mark mark;

  snapshot_take_mark(now, &mark);
  struct ways ways = compare(earlier, before, &mark);
  bool early = is_early(earlier, &mark, seen);
  /* Two machines leave no gap: a container that starts anew time and again
   * does. Without counters the times alone tell. */
  bool near = !seen->gap && !mixture->gap;
  bool hit = has_counts(&mark)
                 ? near && ways.back_and_forth > 0 && ways.anew == 0
                 : early;
  mixture->gap = seen->gap;
  mixture->hits = (uint8_t)(mixture->hits << 1 | (hit ? 1 : 0));
  return decide(mixture, hit || early || ways.back > 0);
}
