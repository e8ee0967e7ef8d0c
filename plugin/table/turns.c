/* Walks of many namespaces under one budget: each round as many as it pays for,
 * those that waited longest. Touches nothing but its arguments.
 * Source: the man page collectd-tcpstates(5), ReadBudget. */
#include "table/turns.h"

#include "table/walk.h"

/* What a turn usually costs follows the last turns. */
static const double newest = 0.25;

void turns_begin(struct turns *turns, double reserved_s) {
  turns->taken = 0;
  turns->spent_s = reserved_s + turns->others_s;
  turns->others_s = 0;
}

bool turns_take(struct turns *turns, size_t len) {
  size_t least = (len + WALK_PACE_SLOWEST - 1) / WALK_PACE_SLOWEST;
  bool pays = !(turns->budget_s > 0) ||
              turns->spent_s + turns->usual_s <= turns->budget_s;
  if (turns->taken >= len || (turns->taken >= least && !pays))
    return false;
  turns->taken++;
  return true;
}

void turns_took(struct turns *turns, double cost_s, bool had_turn) {
  if (!had_turn) {
    turns->others_s += cost_s;
    return;
  }
  turns->spent_s += cost_s;
  if (turns->usual_s > 0)
    turns->usual_s += newest * (cost_s - turns->usual_s);
  else
    turns->usual_s = cost_s;
}
