/* All incidents of one host, in the order in which they mute each other. Pure.
 */
#include "verdict/judge.h"

void judge_init(struct judge *judge) {
  syn_flood_init(&judge->syn_flood);
  accept_overflow_init(&judge->accept_overflow);
  explained_init(&judge->outbound_stall);
  explained_init(&judge->close_wait_leak);
  level_init(&judge->time_wait_pressure);
  level_init(&judge->state_shift);
}

void judge_observation(struct judge *judge, const struct rules *rules,
                       const struct observation *seen, struct judgement *out) {
  struct finding *finding = out->finding;

  out->seen = *seen;
  syn_flood_judge(&judge->syn_flood, rules, seen, &finding[INCIDENT_SYN_FLOOD],
                  &out->syn_flood);
  bool flood = finding[INCIDENT_SYN_FLOOD].judged &&
               finding[INCIDENT_SYN_FLOOD].severity != SEVERITY_OKAY;
  accept_overflow_judge(&judge->accept_overflow, rules, seen, flood,
                        &finding[INCIDENT_ACCEPT_OVERFLOW]);
  explained_judge_outbound_stall(&judge->outbound_stall, rules, seen,
                                 &finding[INCIDENT_OUTBOUND_STALL]);
  explained_judge_close_wait_leak(&judge->close_wait_leak, rules, seen,
                                  &finding[INCIDENT_CLOSE_WAIT_LEAK]);
  level_judge_time_wait_pressure(&judge->time_wait_pressure, rules, seen,
                                 &finding[INCIDENT_TIME_WAIT_PRESSURE]);
  level_judge_state_shift(&judge->state_shift, rules, seen, flood,
                          &finding[INCIDENT_STATE_SHIFT]);
  out->mutes = flood && finding[INCIDENT_ACCEPT_OVERFLOW].evidence &&
               finding[INCIDENT_ACCEPT_OVERFLOW].severity == SEVERITY_OKAY;
}
