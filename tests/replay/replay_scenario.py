"""Numbered scenarios: one simulated host each, and the notifications that are
expected of it.

A scenario is a file of lines: "# ..." a remark, "simulate ARGUMENTS" once,
"config LINE" for each line within <Plugin baseline>, and expectations:

    expect INCIDENT raised within N readings|minutes of EVENT [K]
    expect INCIDENT FAILURE within N readings|minutes of EVENT [K]
    expect INCIDENT raised before unanswered are 15 % of EVENT [K]
    expect INCIDENT raised before completion is 60 % of EVENT [K]
    expect INCIDENT open at the end of EVENT [K]
    expect INCIDENT okay within N readings after EVENT [K]
    expect INCIDENT at most N notifications|incidents [of EVENT]
    expect INCIDENT never [FAILURE|adopted]
    expect nothing else     (than the incidents named)

EVENT is a kind of event of the truth, K which one of them (the first).
"""

import glob
import os
import re
import shlex

from replay_run import Spec
from replay_score import (Found, TAIL, first_raise, open_at, readings_since,
                          within)

RAISED = re.compile(r"(\S+) (raised|FAILURE) within (\d+) (readings|minutes) "
                    r"of (\S+)(?: (\d+))?")
BEFORE = re.compile(r"(\S+) raised before (unanswered are 15|completion is 60) "
                    r"% of (\S+)(?: (\d+))?")
OPEN = re.compile(r"(\S+) open at the end of (\S+)(?: (\d+))?")
OKAY = re.compile(r"(\S+) okay within (\d+) readings after (\S+)(?: (\d+))?")
AT_MOST = re.compile(r"(\S+) at most (\d+) (notifications|incidents)"
                     r"(?: of (\S+))?")
NEVER = re.compile(r"(\S+) never(?: (FAILURE|adopted))?")


class Malformed(Exception):
    """A scenario file that is not understood."""


def load(path):
    """Returns the Spec, the lines of its configuration and the texts of the
    expectations."""
    arguments, config, expectations = None, [], []
    with open(path, encoding="utf-8") as file:
        for line in file:
            word, _, rest = line.strip().partition(" ")
            if word == "simulate" and arguments is None:
                arguments = shlex.split(rest)
            elif word == "config":
                config.append(rest)
            elif word == "expect":
                expectations.append(rest)
            elif word and not word.startswith("#"):
                raise Malformed(f"{path}: {line.strip()!r}")
    if arguments is None or not expectations:
        raise Malformed(f"{path}: no simulation, or nothing is expected")
    name = os.path.basename(path)
    return Spec("scenario", arguments, name), config, expectations


def paths(folder):
    return sorted(glob.glob(os.path.join(folder, "[0-9][0-9][0-9]-*")))


def event_of(outcome, kind, number):
    some = [event for event in outcome.events if event["event"] == kind]
    wanted = int(number or 1) - 1
    if wanted >= len(some):
        raise Malformed(f"there is no {kind} {wanted + 1} in this run")
    return some[wanted]


def late(readings, limit, outcome, unit):
    if unit == "minutes":
        return readings * outcome.interval / 60 > limit
    return readings > limit


def check_raised(outcome, match):
    incident, severity, limit, unit, kind, number = match.groups()
    event = event_of(outcome, kind, number)
    times = [e.raised if severity == "raised" else e.failed
             for e in outcome.episodes if e.incident == incident]
    times = [time for time in times
             if time is not None and within(event, time)]
    if not times:
        return f"it is never {severity}"
    readings = readings_since(event["start"], times[0], outcome.interval)
    if late(readings, int(limit), outcome, unit):
        return f"it takes {readings} readings"
    return None


def check_before(outcome, match):
    incident, what, kind, number = match.groups()
    event = event_of(outcome, kind, number)
    key = "unanswered_15_at" if "unanswered" in what else "completion_60_at"
    if event[key] <= 0:
        raise Malformed(f"it does not come to that in this run")
    return None if open_at(outcome, incident, event[key]) else \
        "it is not open by then"


def check_open(outcome, match):
    incident, kind, number = match.groups()
    event = event_of(outcome, kind, number)
    return None if open_at(outcome, incident, event["end"]) else "it is not"


def check_okay(outcome, match):
    incident, limit, kind, number = match.groups()
    event = event_of(outcome, kind, number)
    found = Found(outcome, event, first_raise(outcome, event, incident))
    if found.okay_readings is None:
        return "it is not open at the end"
    if found.okay_readings > int(limit):
        return f"it takes {found.okay_readings} readings"
    return None


def check_at_most(outcome, match):
    incident, limit, unit, kind = match.groups()
    some = [e for e in outcome.episodes if e.incident == incident and
            (kind is None or any(within(event, e.raised)
                                 for event in outcome.events
                                 if event["event"] == kind))]
    count = len(some) if unit == "incidents" else sum(e.notices for e in some)
    return f"there are {count}" if count > int(limit) else None


def check_never(outcome, match):
    incident, what = match.groups()
    some = [e for e in outcome.episodes if e.incident == incident]
    if what == "adopted":
        times = [e.closed for e in some if e.adopted]
    else:
        times = [e.failed if what else e.raised for e in some]
    times = [time for time in times if time is not None]
    return f"but it is at {times[0]:.0f}" if times else None


CHECKS = ((RAISED, check_raised), (BEFORE, check_before), (OPEN, check_open),
          (OKAY, check_okay),
          (AT_MOST, check_at_most), (NEVER, check_never))


def check_nothing_else(outcome, expectations):
    named = {text.split()[0] for text in expectations}
    others = [e for e in outcome.episodes if e.incident not in named]
    if others:
        return f"{others[0].incident} is raised at {others[0].raised:.0f}"
    return None


def during(moment, event):
    """The host's clock may have been set back in it: it ends before it began."""
    times = event["start"], event["end"]
    return min(times) <= moment <= max(times) + TAIL


def check_times(outcome, expectations):
    """No incident but of an attack, or of what it is expected of."""
    named = {(match.group(1), match.group(5))
             for match in map(RAISED.fullmatch, expectations) if match}
    named |= {(match.group(1), match.group(4))
              for match in map(AT_MOST.fullmatch, expectations) if match}
    strays = [e for e in outcome.episodes
              if not any(during(e.raised, event) for event in outcome.events
                         if event["attack"] or
                         (e.incident, event["event"]) in named)]
    if strays:
        return f"{strays[0].incident} is raised at {strays[0].raised:.0f}, " \
            "when nothing happens"
    return None


def failures(outcome, expectations):
    """Texts of what is not as expected; none where all is well."""
    found = [f"notifications: {text}" for text in outcome.complaints]
    for text in expectations:
        wrong = None
        if text == "nothing else":
            wrong = check_nothing_else(outcome, expectations)
        else:
            for pattern, check in CHECKS:
                match = pattern.fullmatch(text)
                if match:
                    wrong = check(outcome, match)
                    break
            else:
                raise Malformed(f"expect {text}: not understood")
        if wrong:
            found.append(f"{text}: {wrong}")
    stray = check_times(outcome, expectations)
    return found + [stray] if stray else found
