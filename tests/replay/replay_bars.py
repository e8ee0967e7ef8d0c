"""The table of bars: what is measured, and the limit it is held to. Pure."""

import math
from collections import defaultdict

from replay_score import (LEAST_ENTRIES, NEVER, TAIL, Row, centile, detected,
                          early, false_alarms, find, in_ordinary_event,
                          median, open_at, part_of, per_month, percent,
                          readings_since, within)


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
            ("<=", 0.03)),
        Row(f"  worst class ({worst})", rates.get(worst, math.nan), count,
            ("<=", 0.25)),
        Row("false alarms in crowds, deploys, batch, a host-month",
            per_month(ordinary, month), count, ("<=", 0.02)),
    ]


def big_enough(event, life=63):
    """life: seconds of an entry that nobody answers."""
    return event["rate"] * life >= LEAST_ENTRIES


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
    for share, bar in ((15, 97), (25, 98), (40, 98), (70, 99.5), (95, 100)):
        rows.append(Row(f"  within 9 readings at {share} %",
                        early(steady[share], 9),
                        f"{len(steady[share])} floods", (">=", bar), "%"))
    for share, bar in ((40, 4), (70, 3), (95, 3)):
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


def again_rows(outcomes):
    first, second = [], []
    for f in find(outcomes, "again", "syn_flood", "flood"):
        is_first = f.event is f.outcome.attacks()[0]
        (first if is_first else second).append(f)
    steady = [f for f in first if f.event["shape"] == "steady"]
    return [Row("second flood, an hour after one of 5 to 72 h: detected",
                detected(second), f"{len(second)} floods", (">=", 100), "%"),
            Row("  the first is open until its end", percent(
                sum(map(stays_open, steady)), len(steady)),
                f"{len(steady)} floods", (">=", 100), "%"),
            Row("  taken for the new normal",
                sum(e.adopted for o in part_of(outcomes, "again")
                    for e in o.episodes) if first else math.nan,
                f"{len(first)} floods", ("<=", 0))]


LEAST_TABLE = 100  # established connections of which 15 % can be told


def creep_rows(outcomes):
    """Told: an incident is open by the time it comes to so much."""
    found = [f for f in find(outcomes, "creep", "syn_flood", "flood")
             if f.event["established"] >= LEAST_TABLE]
    rows = []
    for name, shape, times in (
            ("half-open doubling in 1 to 12 h", "doubling", "ramps"),
            ("half-open 30 % more every 80 min", "stairs", "stairs")):
        some = [f for f in found if f.event["shape"] == shape]
        for text, key, bar in (
                (f"{name}: raised before unanswered are 15 %",
                 "unanswered_15_at", 95),
                ("  before completion is below 60 %", "completion_60_at",
                 100)):
            reached = [f for f in some if f.event[key] > 0]
            told = [f for f in reached
                    if open_at(f.outcome, "syn_flood", f.event[key])]
            rows.append(Row(text, percent(len(told), len(reached)),
                            f"{len(reached)} {times}", (">=", bar), "%"))
    return rows


def patient_readings(found):
    """Readings of less than ten seconds count as part of one."""
    if found.episode is None:
        return NEVER
    return readings_since(found.event["start"], found.episode.raised,
                          max(10, found.outcome.interval))


def pulse_rows(outcomes):
    rows = []
    for part, name in (("pulsed", "pulses of 40 %, 20 to 120 s apart"),
                       ("pulsed-cookies", "pulses in cookies alone")):
        found = find(outcomes, part, "syn_flood", "flood")
        count = f"{len(found)} attacks"
        rows += [Row(f"{name}: detected", detected(found), count, (">=", 95),
                     "%"),
                 Row("  within 9 readings (of 10 s at least)", percent(
                     sum(patient_readings(f) <= 9 for f in found),
                     len(found)), count, (">=", 70), "%")]
        for interval in (1, 10, 60):
            some = [f for f in found if f.outcome.interval == interval]
            rows.append(Row(f"  detected at an interval of {interval} s",
                            detected(some), f"{len(some)} attacks", None,
                            "%"))
    return rows


SMALL = (15, 25, 40)  # percent of the table


def retries_rows(outcomes):
    found = [f for f in find(outcomes, "retries", "syn_flood", "flood")
             if f.event["shape"] == "steady" and
             f.event["shows"] == "table" and f.event["share"] in SMALL and
             big_enough(f.event, 2 ** (f.outcome.run["retries"] + 1) - 1)]
    rows = []
    for retries in range(6):
        some = [f for f in found if f.outcome.run["retries"] == retries]
        rows.append(Row(f"tcp_synack_retries={retries}: floods detected",
                        detected(some), f"{len(some)} floods", (">=", 97),
                        "%"))
    return rows


OVERFLOWS = 0.1  # a second; more may hold so many entries of a flood's


def rate_of(outcome, kind):
    return max(event["rate"] for event in outcome.events
               if event["event"] == kind)


def beside_rows(outcomes):
    found = find(outcomes, "beside", "syn_flood", "flood")
    key = {}
    for f in found:
        run = f.outcome.run
        place = f.outcome.attacks().index(f.event)
        key.setdefault((run["class"], run["seed"], place), {})[run["run"]] = f
    pairs = [(pair["beside"].readings, pair["beside-twin"].readings,
              rate_of(pair["beside"].outcome, "overflow"))
             for pair in key.values() if len(pair) == 2 and
             pair["beside-twin"].episode]
    return [Row(name, percent(sum(b <= t + 3 for b, t, _ in some), len(some)),
                f"{len(some)} floods", bar, "%")
            for name, some, bar in (
                ("overflow elsewhere: flood raised at most 3 readings later",
                 [pair for pair in pairs if pair[2] <= OVERFLOWS], (">=", 98)),
                ("  beside 6 to 60 overflows a minute, its queue full",
                 [pair for pair in pairs if pair[2] > OVERFLOWS], None))]


def scan_hits(outcomes, part):
    """Each scan, and the incidents raised of it."""
    return [(event, [e for e in o.episodes if e.incident == "syn_flood" and
                     within(event, e.raised)])
            for o in part_of(outcomes, part) for event in o.events
            if event["event"] == "scan" and event["count"] > 0]


def scan_rows(outcomes):
    def each(some, severity=None):
        hits = sum(severity is None or e.severity == severity
                   for _, episodes in some for e in episodes)
        return hits / len(some) if some else math.nan

    def lasting(some, least, most):
        return [hit for hit in some
                if least <= hit[0]["end"] - hit[0]["start"] <= most]

    table = scan_hits(outcomes, "scans")
    known = scan_hits(outcomes, "scans-source")
    cookies = scan_hits(outcomes, "scans-cookies")
    everything = table + known + cookies
    rows = [Row("scans of 5 to 100 SYNs: FAILUREs each",
                each(everything, "FAILURE"), f"{len(everything)} scans",
                ("<=", 0))]
    for name, some, bar in (
            ("of 10 s and less", lasting(table, 0, 11), 0.03),
            ("of 20 to 60 s", lasting(table, 20, 61), 0.6),
            ("of 20 to 60 s, source known", lasting(known, 20, 61), 0.05),
            ("in cookies alone", cookies, 0.03)):
        rows.append(Row(f"  incidents each {name}", each(some),
                        f"{len(some)} scans", ("<=", bar)))
    return rows


def growth_rows(outcomes):
    grown = part_of(outcomes, "growth")
    beneath = find(outcomes, "beneath", "syn_flood", "flood")
    ends = [f.event["end"] + CLOSES_WITHIN for f in beneath]
    closed = [not open_at(f.outcome, "syn_flood", end)
              for f, end in zip(beneath, ends)]
    after = sum(e.raised > f.event["end"] + TAIL
                for f in beneath for e in f.outcome.episodes)
    alarms = sum(len(after_change(o, "shift")) for o in grown)
    count = f"{len(beneath)} hosts"
    return [Row("load three times as high in 1 to 48 h: alarms",
                alarms if grown else math.nan, f"{len(grown)} hosts",
                ("<=", 0)),
            Row("load x3 or /3 beneath a flood of two days: closes",
                percent(sum(closed), len(closed)), count, (">=", 100), "%"),
            Row("  alarms after", after if beneath else math.nan, count,
                ("<=", 0))]


HELD = "held_connections"
HELD_SHARE = 0.2  # of the established: fewer may hide in their noise
HELD_LEAST = 64  # MinHeld: fewer are not told, of however few


def told_within(found, seconds):
    return percent(sum(f.episode is not None and f.episode.raised -
                       f.event["start"] <= seconds for f in found), len(found))


def held_row(name, found, seconds):
    return Row(f"{name}: told within {seconds} s",
               told_within(found, seconds),
               f"{len(found)} attacks", (">=", 100), "%")


def held_kind(found, kind, **wanted):
    return [f for f in found if f.event["event"] == kind and
            all(f.event[key] == value for key, value in wanted.items())]


def held_most(event):
    """How many it holds at a time."""
    return event["count"] or event["rate"] * (event["life"] or 60)


def held_share(found):
    return held_most(found.event) / max(1, found.event["established"])


def held_rows(outcomes):
    everything = find(outcomes, "held", HELD)
    found = [f for f in everything if held_share(f) >= HELD_SHARE]

    def of(kind, **wanted):
        return held_kind(found, kind, **wanted)

    rows = [
        held_row("slow read", of("slowread"), 30),
        held_row("slowloris, a line each 5 s", of("slowloris", line=5), 45),
        held_row("slowloris, a line each 15 s", of("slowloris", line=15), 90),
        held_row("slow POST", of("slowpost"), 45),
        held_row("silent connections, 10/s", of("silent", rate=10), 90),
        held_row("silent connections, 200/s",
                 of("silent", rate=200, life=0), 90),
        held_row("silent connections, 200/s that leave after 5 s",
                 of("silent", life=5), 90)]
    small = [f for f in everything if f not in found]
    rows.append(Row("  told: fewer than a fifth of the established",
                    detected(small), f"{len(small)} attacks", None, "%"))
    numbers = [sum(e.incident == HELD and within(f.event, e.raised)
                   for e in f.outcome.episodes) for f in found]
    rows.append(Row("  incidents an attack, mean",
                    sum(numbers) / len(numbers) if numbers else math.nan,
                    f"{len(found)} attacks"))
    return rows


def held_size_rows(outcomes):
    """Shown without a bar: the share that is told, by kind and size."""
    found = [f for f in find(outcomes, "held-small", HELD)
             if held_most(f.event) >= HELD_LEAST - 0.5]
    kinds = (("slow read", "slowread", {}),
             ("a line each 5 s", "slowloris", {"line": 5}),
             ("a line each 15 s", "slowloris", {"line": 15}),
             ("silent", "silent", {"life": 0}),
             ("silent for 5 s", "silent", {"life": 5}))
    rows = []
    for name, kind, wanted in kinds:
        for share in (5, 10, 20, 30, 50):
            some = held_kind(found, kind, share=share, **wanted)
            rows.append(Row(f"  told: {name}, {share} % of the established",
                            detected(some), f"{len(some)} attacks", None,
                            "%"))
    return rows


def held_proc_rows(outcomes):
    """From /proc: nobody can look at the connections."""
    found = [f for f in find(outcomes, "held-proc", HELD)
             if held_share(f) >= HELD_SHARE]
    slow = held_kind(found, "slowread")
    other = [f for f in found if f not in slow]
    return [Row("from /proc: slow read: told within 60 s",
                told_within(slow, 60), f"{len(slow)} attacks", None, "%"),
            Row("  told: other kinds", detected(other),
                f"{len(other)} attacks", None, "%")]


def held_alarms(outcomes):
    return sum(e.incident == HELD for o in outcomes for e in false_alarms(o))


def held_silent_rows(outcomes):
    twins = part_of(outcomes, "held-twins")
    months = part_of(outcomes, "held-month")
    return [Row("held for good reason: alarms",
                held_alarms(twins) if twins else math.nan,
                f"{len(twins)} hosts", ("<=", 0)),
            Row("  in ordinary months with two a day, a host-month",
                per_month(held_alarms(months), months),
                f"{len(months)} hosts", ("<=", 0.01))]


CLOSES_WITHIN = 1800  # seconds after the end

# What each part of the table is made of: its rows, and the hosts they need.
SECTIONS = (
    (month_rows, ("month",)),
    (flood_rows, ("floods",)),
    (beyond_rows, ("beyond",)),
    (okay_rows, ("beyond", "floods")),
    (long_rows, ("long",)),
    (change_rows, ("shift", "roundtrip")),
    (early_rows, ("first", "first48")),
    (leak_rows, ("leak",)),
    (again_rows, ("again",)),
    (creep_rows, ("creep",)),
    (pulse_rows, ("pulsed", "pulsed-cookies")),
    (retries_rows, ("retries",)),
    (beside_rows, ("beside",)),
    (scan_rows, ("scans", "scans-source", "scans-cookies")),
    (growth_rows, ("growth", "beneath")),
    (held_rows, ("held",)),
    (held_size_rows, ("held-small",)),
    (held_proc_rows, ("held-proc",)),
    (held_silent_rows, ("held-twins", "held-month")),
    (other_rows, ("pulses", "resets", "stall", "outbound")),
)


def score(outcomes):
    return [row for rows, _ in SECTIONS for row in rows(outcomes)]


def parts_of(text):
    """The hosts that the rows need whose names hold the text."""
    return {part for rows, parts in SECTIONS for part in parts
            if any(text in row.measure for row in rows([]))}
