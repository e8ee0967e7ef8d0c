"""The table of bars: what is measured, and the limit it is held to. Pure."""

import math
from collections import defaultdict

from replay_score import (LEAST_RATE, NEVER, Row, centile, detected, early,
                          false_alarms, find, in_ordinary_event, median,
                          part_of, per_month, percent, within)


def month_rows(outcomes):
    month = part_of(outcomes, "month")
    by_class = defaultdict(list)
    for outcome in month:
        by_class[outcome.run["class"]].append(outcome)
    alarms = {id(o): false_alarms(o) for o in month}
    rates = {name: per_month(sum(len(alarms[id(o)]) for o in some), some)
             for name, some in by_class.items()}
    worst = max(rates, key=rates.get) if rates else "-"
    ordinary = sum(in_ordinary_event(o, episode)
                   for o in month for episode in alarms[id(o)])
    count = f"{len(month)} hosts"
    return [
        Row("false alarms a host-month, all hosts",
            per_month(sum(map(len, alarms.values())), month), count,
            ("<=", 0.1)),
        Row(f"  worst class ({worst})", rates.get(worst, math.nan), count,
            ("<=", 0.5)),
        Row("false alarms in crowds, deploys, batch, a host-month",
            per_month(ordinary, month), count, ("<=", 0.02)),
    ]


def big_enough(event):
    return event["rate"] >= LEAST_RATE


def held_to_bars(event):
    """Whether the flood is 15 % of the table, or more than it can hold."""
    if event["shows"] == "table":
        return event["share"] >= 15 and big_enough(event)
    if event["shows"] == "pruned":
        return event["share_reached"] >= 15 and big_enough(event)
    return event["shows"] == "refusals"


def shown(found):
    """Floods that the table shows as large as they are."""
    return [f for f in found
            if f.event["shows"] == "table" and big_enough(f.event)]


def flood_rows(outcomes):
    floods = find(outcomes, "floods", "syn_flood", "flood")
    table = shown(floods)
    judged = [f for f in floods if held_to_bars(f.event) and
              f.event["shows"] != "refusals"]
    steady = defaultdict(list)
    for f in table:
        if f.event["shape"] == "steady":
            steady[f.event["share"]].append(f)
    rows = [Row("floods of 15 % share and more detected", detected(judged),
                f"{len(judged)} floods", (">=", 99), "%")]
    for share, bar in ((15, 94), (25, 97), (40, 97), (70, 99.5), (95, 100)):
        rows.append(Row(f"  within 9 readings at {share} %",
                        early(steady[share], 9),
                        f"{len(steady[share])} floods", (">=", bar), "%"))
    for share, bar in ((40, 4), (70, 2), (95, 1)):
        rows.append(Row(f"  readings to detection, median, at {share} %",
                        median([f.readings for f in steady[share]]),
                        f"{len(steady[share])} floods", ("<=", bar)))
    return rows + flood_figures(floods, table, steady)


def flood_figures(floods, table, steady):
    """Shown without a bar."""
    groups = [
        ("10 % share", steady[10]),
        ("growing slowly, 15 % and more",
         [f for f in table if f.event["shape"] == "ramp" and
          f.event["share"] >= 15]),
        ("in pulses, 15 % and more",
         [f for f in table if f.event["shape"] == "pulses" and
          f.event["share"] >= 15]),
        ("cut short by the kernel, any share",
         [f for f in floods if f.event["shows"] == "pruned"]),
        ("in cookies or drops", [f for f in floods
                                 if f.event["shows"] == "refusals"]),
        ("below 30 half-open, any share",
         [f for f in floods if not big_enough(f.event)]),
    ]
    return [Row(f"  detected: {name}", detected(some), f"{len(some)} floods",
                None, "%") for name, some in groups]


def beyond_rows(outcomes):
    found = [f for f in find(outcomes, "beyond", "syn_flood", "flood")
             if f.event["shows"] == "refusals"]
    count = f"{len(found)} floods"
    return [Row("floods beyond the backlog detected", detected(found), count,
                (">=", 100), "%"),
            Row("  within 3 readings", early(found, 3), count, (">=", 99),
                "%")]


def okay_rows(outcomes):
    found = find(outcomes, "beyond", "syn_flood", "flood")
    found += [f for f in find(outcomes, "floods", "syn_flood", "flood")
              if f.event["shape"] == "steady" and held_to_bars(f.event)]
    delays = [f.okay_readings for f in found if f.okay_readings is not None]
    count = f"{len(delays)} floods"
    return [Row("readings to the OKAY after the end, median", median(delays),
                count, ("<=", 9)),
            Row("  95th percentile", centile(delays, 0.95), count,
                ("<=", 10))]


def expected_of(episode):
    """What the notification says was expected of the host."""
    for key, value in (episode.values if episode else {}).items():
        if key.lower() == "expected" and isinstance(value, (int, float)):
            return float(value)
    return math.nan


def stays_open(found):
    return found.episode is not None and \
        (found.episode.closed is None or
         found.episode.closed >= found.event["end"])


def baseline_moves(flooded, calm):
    """% by which the probe's expectation differs from that of the twin that
    was not flooded."""
    return [100 * abs(expected_of(f.episode) / expected_of(c.episode) - 1)
            for f, c in zip(flooded, calm)
            if expected_of(c.episode) > 0 and
            not math.isnan(expected_of(f.episode))]


def long_rows(outcomes):
    found = find(outcomes, "long", "syn_flood", "flood")
    twins = [f for f in found if f.outcome.run["run"] == "long-twin"]
    hit = [f for f in found if f.outcome.run["run"] == "long"]
    long = [f for f in hit if f.event["end"] - f.event["start"] > 3600]
    probes = [f for f in hit if f not in long]
    moves = baseline_moves(probes, twins)
    return [Row("two-hour flood: stays open",
                percent(sum(map(stays_open, long)), len(long)),
                f"{len(long)} floods", (">=", 100), "%"),
            Row("  baseline moves by, median of hosts", median(moves),
                f"{len(moves)} hosts", ("<=", 5), "%"),
            Row("  baseline moves by, worst host",
                max(moves, default=math.nan), f"{len(moves)} hosts", None,
                "%")]


def after_change(outcome, kind):
    """Episodes since a change for good began."""
    start = min((event["start"] for event in outcome.events
                 if event["event"] == kind), default=NEVER)
    return [episode for episode in outcome.episodes if episode.raised >= start]


def change_rows(outcomes):
    shift = part_of(outcomes, "shift")
    slow = part_of(outcomes, "roundtrip")
    alarms = sum(len(after_change(o, "shift")) for o in shift)
    alarmed = sum(bool(after_change(o, "roundtrip")) for o in slow)
    return [Row("load three times as high for good: alarms",
                alarms if shift else math.nan, f"{len(shift)} hosts",
                ("<=", 0)),
            Row("round trips three times as long for good: hosts with alarms",
                percent(alarmed, len(slow)), f"{len(slow)} hosts", ("<=", 2),
                "%")]


def early_rows(outcomes):
    first = [f for f in find(outcomes, "first", "syn_flood", "flood")
             if held_to_bars(f.event)]
    young = part_of(outcomes, "first48")
    alarms = sum(len(false_alarms(o)) for o in young)
    return [Row("attack from the first reading: detected", detected(first),
                f"{len(first)} floods", (">=", 97), "%"),
            Row("first 48 h of a new host: false alarms a host-month",
                per_month(alarms, young), f"{len(young)} hosts", ("<=", 0.3))]


def leak_rows(outcomes):
    found = find(outcomes, "leak", "close_wait_leak", "leak")
    slow = [f for f in found if f.event["rate"] <= 40]
    fast = [f for f in found if f.event["rate"] > 40]
    minutes = [f.readings * f.outcome.interval / 60 for f in slow]
    return [Row("CLOSE_WAIT leak of 40 an hour: detected", detected(slow),
                f"{len(slow)} leaks", (">=", 100), "%"),
            Row("  median", median(minutes), f"{len(slow)} leaks",
                ("<=", 90), "min"),
            Row("  detected: faster leaks", detected(fast),
                f"{len(fast)} leaks", None, "%")]


def raises(found):
    return [sum(e.incident == "syn_flood" and within(f.event, e.raised)
                for e in f.outcome.episodes) for f in found]


def other_rows(outcomes):
    pulses = find(outcomes, "pulses", "syn_flood", "flood")
    resets = find(outcomes, "resets", "syn_flood", "flood")
    stalls = [f for f in find(outcomes, "stall", "accept_overflow", "stall")
              if f.event["shows"] == "overflows"]
    mistaken = [f for f in find(outcomes, "stall", "syn_flood", "stall")
                if f.episode]
    silent = [f for f in find(outcomes, "outbound", "outbound_stall")
              if f.event["syn_sent_peak"] >= 30]
    numbers = raises(pulses)
    strange = [text for o in outcomes for text in o.complaints]
    return [Row("pulsed attack: detected", detected(pulses),
                f"{len(pulses)} attacks", None, "%"),
            Row("  incidents an attack, worst", max(numbers, default=math.nan),
                f"{len(pulses)} attacks"),
            Row("flood from live sources (RST): detected", detected(resets),
                f"{len(resets)} floods", None, "%"),
            Row("stalled accept queue: detected as such", detected(stalls),
                f"{len(stalls)} stalls", None, "%"),
            Row("  called a flood", len(mistaken), f"{len(stalls)} stalls"),
            Row("silent backends: detected", detected(silent),
                f"{len(silent)} stalls", None, "%"),
            Row("notifications out of order", len(strange),
                f"{len(outcomes)} runs", ("<=", 0))]


SECTIONS = {
    "month": month_rows, "floods": flood_rows, "beyond": beyond_rows,
    "okay": okay_rows, "long": long_rows, "change": change_rows,
    "early": early_rows, "leak": leak_rows, "other": other_rows,
}


def score(outcomes):
    return [row for rows in SECTIONS.values() for row in rows(outcomes)]
