"""What a long life's notifications are compared with: each attack of the truth
raised once and ended once, none where nothing was. Pure."""

import math
import os
import sys

from soak_table import Row

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "replay"))

import replay_bars  # noqa: E402
import replay_score  # noqa: E402

LEVELS = ("OKAY", "WARNING", "FAILURE")
# Readings are lacking, or the server was started anew in the attack's midst:
# what is one attack may then rightly be two incidents, or none.
DISTURBING = ("gap", "reboot", "clock", "deploy")
BEFORE_S, AFTER_S = 1800, 900
ENDS_WITHIN_S = 1200  # a repeated one waits up to 64 calm readings


def out_of_order(notices):
    """Texts: what was raised though it was as bad already, or ended though it
    was not open. notices: of one host, in the order they came."""
    now, faults = {}, []
    for notice in notices:
        incident, severity = notice["incident"], notice["severity"]
        before = now.get(incident, "OKAY")
        is_rise = LEVELS.index(severity) > LEVELS.index(before)
        is_end = severity == "OKAY" and before != "OKAY"
        if not is_rise and not is_end:
            faults.append(f"{notice['time']:.0f} {incident}: {severity} after "
                          f"{before}")
        now[incident] = severity
    return faults


def expected_of(event):
    """The incident that the event must raise, or None where it is too small to
    be held to that."""
    kind = event["event"]
    if kind == "flood" and (event["shows"] == "resets" or
                            replay_bars.held_to_bars(event)):
        return "syn_flood"
    if kind == "stall" and event["shows"] == "overflows":
        return "accept_overflow"
    if kind == "outbound" and event["syn_sent_peak"] >= 30:
        return "outbound_stall"
    return "close_wait_leak" if kind == "leak" else None


def disturbed(event, events):
    return any(other["event"] in DISTURBING and
               other["start"] < event["end"] + AFTER_S and
               event["start"] < other["end"] + BEFORE_S for other in events)


def held_attacks(outcome):
    """[(event, the incidents of its kind that it raised)]"""
    for event in outcome.attacks():
        incident = expected_of(event)
        if incident is None or disturbed(event, outcome.events):
            continue
        if event["end"] + ENDS_WITHIN_S > outcome.run["end"]:
            continue
        yield event, [episode for episode in outcome.episodes
                      if episode.incident == incident and
                      replay_score.within(event, episode.raised)]


def in_time(event, episode):
    return episode.closed is not None and \
        episode.closed <= event["end"] + ENDS_WITHIN_S


def described(outcome, event):
    return (f"{outcome.spec.name}: {event['event']} {event['shape']} at "
            f"{event['start']:.0f} for {event['end'] - event['start']:.0f} s, "
            f"share {event['share']:.0f} ({event['share_reached']:.0f} "
            f"reached), {event['rate']:.1f}/s, shows {event['shows']}")


def end_of(episode):
    return math.inf if episode.closed is None else episode.closed


def across_gaps(outcomes):
    """{(host, incident): [(raised, closed)]} of incidents with a gap in them."""
    cut = {}
    for outcome in outcomes:
        gaps = [e for e in outcome.events if e["event"] == "gap"]
        for episode in outcome.episodes:
            if any(gap["start"] < end_of(episode) and
                   episode.raised < gap["end"] for gap in gaps):
                cut.setdefault((outcome.spec.name, episode.incident), []).append(
                    (episode.raised, end_of(episode)))
    return cut


def told(outcomes, cut):
    return {(outcome.spec.name, episode.incident, round(episode.raised),
             round(episode.closed or 0))
            for outcome in outcomes for episode in outcome.episodes
            if not any(begin <= end_of(episode) and episode.raised <= end
                       for begin, end in cut.get(
                           (outcome.spec.name, episode.incident), []))}


def differences(plugin, replay):
    """What one of the two tells and the other does not, as texts; and how many
    incidents were compared. Not those with a gap in them: beside other hosts,
    whose values come, one is silent; by itself it may have slept."""
    cut = across_gaps(plugin + replay)
    here, there = told(plugin, cut), told(replay, cut)
    return [f"{who}: {host} {incident} {raised} to {closed}"
            for who, only in (("plugin", here - there),
                              ("replay", there - here))
            for host, incident, raised, closed in sorted(only)], len(here)


def incident_rows(outcomes):
    """Returns the rows, and texts of what was not as it ought to be."""
    held = [(outcome, event, found) for outcome in outcomes
            for event, found in held_attacks(outcome)]
    alarms = [(outcome, episode) for outcome in outcomes
              for episode in replay_score.false_alarms(outcome)]
    missed = [h for h in held if not h[2]]
    twice = [h for h in held if len(h[2]) > 1]
    late = [h for h in held if h[2] and not in_time(h[1], h[2][-1])]
    faults = [f"{outcome.spec.name}: {text}" for outcome in outcomes
              for text in outcome.complaints]
    attacks = sum(len(outcome.attacks()) for outcome in outcomes)
    over = f"{len(held)} of {attacks} attacks"
    texts = [f"{what}: {described(outcome, event)}"
             for what, some in (("not raised", missed), ("twice", twice),
                                ("not ended", late))
             for outcome, event, _ in some]
    texts += [f"false: {o.spec.name}: {e.raised:.0f} {e.message}"
              for o, e in alarms]
    texts += [f"out of order: {text}" for text in faults]
    return [
        Row("attacks that raised no incident", len(missed), "", ("=", 0), over),
        Row("attacks that raised more than one", len(twice), "", ("=", 0),
            over),
        Row("incidents that did not end in 20 min", len(late), "", ("=", 0),
            over),
        Row("notifications out of order", len(faults), "", ("=", 0),
            f"{sum(e.notices for o in outcomes for e in o.episodes)} of them"),
        Row("false alarms a host-month",
            replay_score.per_month(len(alarms), outcomes), "", ("<=", 0.1),
            f"{sum(o.months for o in outcomes):.0f} host-months"),
    ], texts
