"""Measures over outcomes: alarms, detections, delays. Pure."""

import math
import statistics
from dataclasses import dataclass

TAIL = 70.0           # seconds after an event in which it is still to blame
JITTER = 0.01         # of a reading's time
LEAST_ENTRIES = 30    # fewer half-open entries are no flood
ORDINARY = ("crowd", "deploy", "batch")
NEVER = math.inf


@dataclass
class Row:
    """One line of the table. bar: (relation, limit), or None for a figure that
    is only shown."""
    measure: str
    value: float
    count: str
    bar: tuple = None
    unit: str = ""

    @property
    def passed(self):
        if self.bar is None:
            return None
        relation, limit = self.bar
        if self.value is None or math.isnan(self.value):
            return False
        return self.value <= limit if relation == "<=" else \
            self.value >= limit


def percent(part, whole):
    return 100.0 * part / whole if whole else math.nan


def within(event, time):
    return event["start"] - JITTER <= time <= event["end"] + TAIL


def readings_since(start, time, interval):
    """1: the first reading that holds something of what began at start."""
    return max(1, math.ceil((time - start - JITTER) / interval))


def causes(event, incident):
    """A crowd can really fill the timewait table, or the accept queue."""
    if incident == "time_wait_pressure":
        return event.get("time_wait_peak", 0) >= 90
    return incident == "accept_overflow" and event.get("overflows", 0) > 0


def to_blame(event, episode):
    if not within(event, episode.raised):
        return False
    return event["attack"] or causes(event, episode.incident)


def false_alarms(outcome):
    return [episode for episode in outcome.episodes
            if not any(to_blame(event, episode) for event in outcome.events)]


def in_ordinary_event(outcome, episode):
    return any(event["event"] in ORDINARY and within(event, episode.raised)
               for event in outcome.events)


def first_raise(outcome, event, incident):
    for episode in outcome.episodes:
        if episode.incident == incident and within(event, episode.raised):
            return episode
    return None


def open_at(outcome, incident, time):
    return any(e.incident == incident and e.raised <= time and
               (e.closed is None or e.closed > time)
               for e in outcome.episodes)


@dataclass
class Found:
    """An attack, and what the judgement made of it."""
    outcome: object
    event: dict
    episode: object

    @property
    def readings(self):
        if self.episode is None:
            return NEVER
        return readings_since(self.event["start"], self.episode.raised,
                              self.outcome.interval)

    @property
    def okay_readings(self):
        """From the end to the OKAY; None where it was not open at the end."""
        end = self.event["end"]
        last = [episode for episode in self.outcome.episodes
                if self.episode and
                episode.incident == self.episode.incident and
                within(self.event, episode.raised)]
        if not last:
            return None
        closed = last[-1].closed
        if closed is None:
            return NEVER
        return readings_since(end, closed, self.outcome.interval) \
            if closed > end else None


def find(outcomes, part, incident, kind=None):
    return [Found(outcome, event, first_raise(outcome, event, incident))
            for outcome in outcomes if outcome.spec.part == part
            for event in outcome.attacks()
            if kind is None or event["event"] == kind]


def median(values):
    return statistics.median(values) if values else math.nan


def centile(values, share):
    ordered = sorted(values)
    if not ordered:
        return math.nan
    return ordered[min(len(ordered) - 1, math.ceil(share * len(ordered)) - 1)]


def detected(found):
    return percent(sum(f.episode is not None for f in found), len(found))


def early(found, readings):
    return percent(sum(f.readings <= readings for f in found), len(found))


def part_of(outcomes, part):
    return [outcome for outcome in outcomes if outcome.spec.part == part]


def per_month(alarms, outcomes):
    months = sum(outcome.months for outcome in outcomes)
    return alarms / months if months else math.nan
