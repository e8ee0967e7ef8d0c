/* What really happened, as JSON. Pure but for the stream it writes to. */
#include "truth.h"

#include <inttypes.h>

static const double table_shows = 0.85; /* of the share that was meant */

static const char *shape(const struct event *event) {
  if (event->on_s > 0)
    return "pulses";
  if (event->doubling_s > 0)
    return event->stair_s > 0 ? "stairs" : "doubling";
  return event->ramp_s > 0 ? "ramp" : "steady";
}

/* The share the flood came to in the table, noise averaged out. */
static double share_reached(const struct event *event) {
  if (event->on_s > 0 || event->late_readings == 0)
    return event->share_peak;
  return event->late_share_sum / (double)event->late_readings;
}

/* Where a flood can be seen: in the table as large as it is, in the table but
 * cut short because the kernel sheds old entries, in refused SYNs (cookies,
 * drops), or in resets. */
static const char *flood_shows(const struct event *event) {
  double length_s = event->ended_wall_s - event->began_wall_s;
  if (event->resets > 0.5)
    return "resets";
  if (event->share > 0 && share_reached(event) >= table_shows * event->share)
    return "table";
  if ((double)event->refused > 0.2 * event->rate * length_s)
    return "refusals";
  return event->share > 0 ? "pruned" : "table";
}

static const char *shows(const struct event *event) {
  switch (event->kind) {
  case EVENT_FLOOD:
    return flood_shows(event);
  case EVENT_STALL:
    return event->overflows > 0 ? "overflows" : "nothing";
  case EVENT_OUTBOUND:
  case EVENT_LEAK:
    return "table";
  default:
    return "nothing";
  }
}

static void write_run(FILE *out, const struct truth_run *run,
                      const struct host *host) {
  const struct host_settings *settings = &host->settings;
  fprintf(out,
          "{\"run\": \"%s\", \"class\": \"%s\", \"seed\": %" PRIu64
          ", \"interval\": %d, \"readings\": %" PRId64
          ", \"start\": %.3f, \"end\": %.3f, \"backlog\": %" PRId64
          ", \"max_syn_backlog\": %" PRId64
          ", \"cookies\": %d, \"retries\": %d, \"inbound\": %.3f, "
          "\"round_trip\": %.3f}\n",
          run->profile, host_class_name(settings->class), run->seed,
          host->interval_s, run->readings, run->first_s, run->last_s,
          settings->backlog, settings->max_syn_backlog, settings->cookies,
          settings->retries, settings->load.inbound_per_s,
          settings->round_trip_s);
}

static void write_event(FILE *out, const struct event *event) {
  fprintf(out,
          "{\"event\": \"%s\", \"attack\": %s, \"start\": %.3f, \"end\": "
          "%.3f, \"factor\": %.3f, \"rate\": %.3f, \"share\": %g, \"resets\": "
          "%.3f, \"ramp\": %.1f, \"on\": %.1f, \"off\": %.1f, ",
          event_kind_name(event->kind),
          event_is_attack(event->kind) ? "true" : "false", event->began_wall_s,
          event->ended_wall_s, event->factor, event->rate, event->share,
          event->resets, event->ramp_s, event->on_s, event->off_s);
  fprintf(out,
          "\"shape\": \"%s\", \"shows\": \"%s\", \"established\": %" PRId64
          ", \"half_open_peak\": %" PRId64
          ", \"share_reached\": %.2f, \"refused\": %" PRId64
          ", \"overflows\": %" PRId64 ", \"syn_sent_peak\": %" PRId64
          ", \"close_wait_peak\": %" PRId64 ", \"time_wait_peak\": %.1f",
          shape(event), shows(event), event->established, event->half_open_peak,
          share_reached(event), event->refused, event->overflows,
          event->syn_sent_peak, event->close_wait_peak, event->time_wait_peak);
  fprintf(out,
          ", \"count\": %.0f, \"doubling\": %.0f, \"stair\": %.0f, "
          "\"line\": %.0f, \"life\": %.0f, "
          "\"unanswered_15_at\": %.3f, \"completion_60_at\": %.3f}\n",
          event->count, event->doubling_s, event->stair_s, event->line_s,
          event->life_s, event->unanswered_15_wall_s,
          event->completion_60_wall_s);
}

void truth_write(FILE *out, const struct truth_run *run,
                 const struct host *host) {
  write_run(out, run, host);
  for (int i = 0; i < host->events.len; i++) {
    if (host->events.items[i].over)
      write_event(out, &host->events.items[i]);
  }
}
