/* Whose turn it is: walks of many namespaces under one budget. Pure. */
#ifndef TABLE_TURNS_H
#define TABLE_TURNS_H

#include <stdbool.h>
#include <stddef.h>

/* All zeros: no limit. */
struct turns {
  double budget_s; /* CPU time for each round; 0 no limit */
  size_t taken;    /* turns in this round */
  double spent_s;  /* by them, and what is reserved for all else */
  double others_s; /* by those without a turn */
  double usual_s;  /* of one turn, lately; 0 unknown */
};

/* Begin a round. reserved_s: what the budget has lost to others already. What
 * those without a turn spent in the last round is reserved, too. */
void turns_begin(struct turns *turns, double reserved_s);

/* Whether the next of len has its turn: the one that waits longest. At least
 * each tenth has it in each round, whatever it costs. */
bool turns_take(struct turns *turns, size_t len);

/* The last of the round cost so much; had_turn: it was its turn. */
void turns_took(struct turns *turns, double cost_s, bool had_turn);

#endif
