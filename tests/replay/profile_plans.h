/* The plans behind the names of profile.c; each fills plan->events. */
#ifndef REPLAY_PROFILE_PLANS_H
#define REPLAY_PROFILE_PLANS_H

#include "profile.h"

/* A full list is noticed by profile_fill. */
void profile_add(struct profile_plan *plan, struct event event);

/* SYNs a second that are more than the backlog holds. */
double profile_rate_beyond(struct profile_plan *plan);

/* Batches, scans, episodes of loss. */
void profile_plan_small_life(struct profile_plan *plan);

void profile_plan_calm(struct profile_plan *plan);
void profile_plan_month(struct profile_plan *plan);
void profile_plan_shift(struct profile_plan *plan);
void profile_plan_roundtrip(struct profile_plan *plan);

void profile_plan_floods(struct profile_plan *plan);
void profile_plan_beyond(struct profile_plan *plan);
void profile_plan_resets(struct profile_plan *plan);
void profile_plan_pulses(struct profile_plan *plan);
void profile_plan_long(struct profile_plan *plan);
void profile_plan_long_twin(struct profile_plan *plan);
void profile_plan_first(struct profile_plan *plan);
void profile_plan_leak(struct profile_plan *plan);
void profile_plan_stall(struct profile_plan *plan);
void profile_plan_outbound(struct profile_plan *plan);
void profile_plan_again(struct profile_plan *plan);
void profile_plan_creep(struct profile_plan *plan);
void profile_plan_pulsed(struct profile_plan *plan);
void profile_plan_pulsed_cookies(struct profile_plan *plan);
void profile_plan_scans(struct profile_plan *plan);
void profile_plan_beside(struct profile_plan *plan);
void profile_plan_beside_twin(struct profile_plan *plan);
void profile_plan_growth(struct profile_plan *plan);
void profile_plan_beneath(struct profile_plan *plan);

void profile_plan_held(struct profile_plan *plan);
void profile_plan_held_small(struct profile_plan *plan);
void profile_plan_held_twins(struct profile_plan *plan);
void profile_plan_held_month(struct profile_plan *plan);

void profile_plan_soak(struct profile_plan *plan);

#endif
