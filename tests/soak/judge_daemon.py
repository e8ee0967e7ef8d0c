#!/usr/bin/env python3
"""What came of the daemon's half an hour: reads what the lab's stage and the
scenario `daemon` kept, writes the table of bars beside it, and prints the line
that the lab's runner expects of a judge.

usage: judge_daemon.py FOLDER"""

import glob
import importlib.machinery
import importlib.util
import math
import os
import sys
from collections import Counter, namedtuple

sys.dont_write_bytecode = True  # the sources may be read-only
HERE = os.path.dirname(os.path.abspath(__file__))


def load_command(name, path):
    """A module out of a command, whose file has no ending."""
    loader = importlib.machinery.SourceFileLoader(name, path)
    module = importlib.util.module_from_spec(
        importlib.util.spec_from_loader(name, loader))
    loader.exec_module(module)
    return module


lab = load_command("lab_judge", os.path.join(HERE, "..", "lab", "judge"))

import soak_score  # noqa: E402
from soak_table import Row, growth, print_table, slope  # noqa: E402

Event = namedtuple("Event", "kind incident start end")
Look = namedtuple("Look", "time resident descriptors threads")

JITTER_S = 0.05
ENDS_WITHIN_S = 150     # as the scenario waits
LEAST_HALF_OPEN, LEAST_ESTABLISHED = 10, 200
WINDOW_S = 15           # in which handlers and csv files come and go
WARM_UP = 0.2
# A machine without the package's group has none for the socket either.
NO_GROUP = "unixsock plugin: No such group"


def read_table(path, make):
    with open(path, encoding="utf-8") as lines:
        return [make(line.split()) for line in lines]


def event_of(cells):
    return Event(cells[0], cells[1], float(cells[2]), float(cells[3]))


def look_of(cells):
    return Look(float(cells[0]), *map(int, cells[1:]))


class Soak(lab.Judge):
    def __init__(self, folder):
        super().__init__(folder)
        self.events = read_table(f"{folder}/events", event_of)
        self.looks = read_table(f"{folder}/process", look_of)
        self.ours = self.notices["ours"]
        self.texts = []

    def rows(self):
        return (self.event_rows() + self.incident_rows() +
                self.reading_rows() + self.process_rows() +
                self.telling_rows())

    def note(self, what, texts):
        self.texts += [f"{what}: {text}" for text in texts]
        return len(texts)

    def event_rows(self):
        """An event that did not come proves nothing."""
        absent = [f"{e.kind} at {e.start:.0f}" for e in self.events
                  if not self.came(e)]
        kinds = Counter(e.kind for e in self.events)
        return [Row("events", len(self.events), "", (">=", 1),
                    ", ".join(f"{n} {k}" for k, n in sorted(kinds.items()))),
                Row("events that did not come about",
                    self.note("did not come", absent), "", ("=", 0))]

    def came(self, event):
        if event.incident == "syn_flood":
            return self.most(event, "half_open") >= LEAST_HALF_OPEN
        if event.kind == "crowd":
            rows = lab.read_series(self.folder, "tcpstates-all",
                                   "tcp_connections-ESTABLISHED")
            return max((v for t, v in rows if event.start < t < event.end + 2),
                       default=0) >= LEAST_ESTABLISHED
        return True

    def most(self, event, name):
        return max((getattr(s, name) for s in self.kernel.samples
                    if event.start < s.time < event.end + 2), default=0)

    def raised(self):
        """The notifications that opened an incident."""
        open_now, opened = set(), []
        for notice in self.ours:
            if notice.severity == "OKAY":
                open_now.discard(notice.incident)
            elif notice.incident not in open_now:
                open_now.add(notice.incident)
                opened.append(notice)
        return opened

    def of_event(self, event):
        """What was raised in it, and the first end of that, if any."""
        opened = [n for n in self.raised()
                  if event.start <= n.time <= event.end + ENDS_WITHIN_S and
                  self.last_before(n.time) is event]
        ends = [n.time for n in self.ours if opened and n.severity == "OKAY"
                and n.incident == opened[0].incident
                and n.time > opened[0].time]
        return opened, ends[0] if ends else math.inf

    def last_before(self, time):
        return next((e for e in reversed(self.events) if e.start <= time),
                    None)

    def incident_rows(self):
        missed, twice, late, delays, mine = [], [], [], [], []
        for event in self.events:
            opened, ended = self.of_event(event)
            opened = [n for n in opened if n.incident == event.incident]
            mine += opened
            name = f"{event.kind} at {event.start:.0f}"
            if event.incident == "silence":
                continue
            if not opened:
                missed.append(name)
                continue
            if event.incident == "syn_flood":
                delays.append(opened[0].time - event.start)
            twice += [name] * (len(opened) > 1)
            late += [name] * (ended > event.end + ENDS_WITHIN_S)
        strange = [f"{n.time:.0f} {n.message}" for n in self.raised()
                   if n not in mine]
        faults = soak_score.out_of_order(
            [{"time": n.time, "incident": n.incident, "severity": n.severity}
             for n in self.ours])
        over = f"{sum(e.incident != 'silence' for e in self.events)} events"
        return [
            Row("events that raised no incident", self.note("missed", missed),
                "", ("=", 0), over),
            Row("events that raised theirs more than once",
                self.note("twice", twice), "", ("=", 0), over),
            Row("incidents that did not end in time", self.note("late", late),
                "", ("=", 0), over),
            Row("incidents outside of events", self.note("false", strange), "",
                ("=", 0), f"{len(self.raised())} incidents"),
            Row("notifications out of order",
                self.note("out of order", faults), "", ("=", 0),
                f"{len(self.ours)} of them"),
            Row("seconds until a flood was raised, median",
                sorted(delays)[len(delays) // 2] if delays else math.nan, "s",
                None, f"{max(delays, default=math.nan):.1f} s at most"),
        ]

    def reading_rows(self):
        """Every second one reading of each series, none lacking or twice."""
        series = {os.path.basename(path)[:-len("-2000-01-01")] for path in
                  glob.glob(f"{self.folder}/csv/lab/tcpstates-all/*")}
        times = {name: [t for t, _ in self.series(name)] for name in series}
        rows = self.series("tcp_connections-SYN_RECV")
        at = [t for t, _ in rows]
        steps = [b - a for a, b in zip(at, at[1:])]
        interval = self.number("interval")
        missed = sum(max(0, round(s / interval) - 1) for s in steps)
        doubled = sum(s < interval / 2 for s in steps)
        unlike = [name for name in sorted(series)
                  if not self.whole(times[name], at)]
        unread = sum(math.isnan(v) for _, v in rows)
        return [
            Row("readings missed", missed, "", ("=", 0), f"{len(at)} readings"),
            Row("readings dispatched twice", doubled, "", ("=", 0)),
            Row("readings without counts", unread, "", ("=", 0)),
            Row("the latest came after", max(steps, default=math.nan), "s"),
            Row("series that lack a reading of these",
                self.note("lacks readings", unlike), "", ("=", 0),
                f"{len(series)} series"),
        ]

    def series(self, name):
        return lab.read_series(self.folder, "tcpstates-all", name)

    def whole(self, times, wanted):
        """The write threads keep no order, and rates begin one later."""
        return set(times) >= set(wanted[1:]) and len(times) == len(set(times))

    def process_rows(self):
        resident = [look.resident for look in self.looks]
        hours = [look.time / 3600 for look in self.looks]
        warm = int(len(resident) * WARM_UP)
        least = self.window_minima("descriptors")
        threads = self.window_minima("threads")
        return [
            Row("resident memory, first to last quarter",
                growth(resident, WARM_UP), "KiB", ("<=", 256),
                f"{len(resident)} looks, {resident[-1]} KiB at the end"),
            Row("  slope once warm",
                slope(hours[warm:], resident[warm:]), "KiB/h"),
            Row("file descriptors at rest, most less least",
                max(least) - min(least), "", ("=", 0),
                f"{min(least)} at rest, {len(least)} windows"),
            Row("threads at rest, most less least",
                max(threads) - min(threads), "", ("=", 0),
                f"{min(threads)} at rest"),
        ]

    def window_minima(self, name):
        """The least of each window: what is at rest is open all the time."""
        begin, found = self.looks[0].time, {}
        for look in self.looks:
            window = int((look.time - begin) / WINDOW_S)
            found.setdefault(window, []).append(getattr(look, name))
        whole = [min(v) for v in found.values() if len(v) > WINDOW_S]
        return whole or [math.nan]

    def telling_rows(self):
        self.judge_channels()
        for notice in self.ours:
            self.judge_text(notice)
        with open(f"{self.folder}/collectd.log", encoding="utf-8") as lines:
            said = [line.strip() for line in lines
                    if ("[warning]" in line or "[error]" in line) and
                    "Notification:" not in line and NO_GROUP not in line]
        return [Row("figures and texts that the kernel does not bear out",
                    self.note("text", self.why), "", ("=", 0),
                    f"{len(self.ours)} notifications"),
                Row("warnings and errors in collectd's log",
                    self.note("log", said), "", ("=", 0))]


def main(folder):
    soak = Soak(folder)
    minutes = (soak.end - soak.start) / 60
    with open(f"{folder}/table", "w", encoding="utf-8") as out:
        sys.stdout, told = out, sys.stdout
        held = print_table(f"collectd for {minutes:.0f} min at Interval 1:",
                           soak.rows())
        for text in soak.texts:
            print(f"    {text}")
        sys.stdout = told
    okay = sum(n.severity == "OKAY" for n in soak.ours)
    print("ours", "pass" if held else "FAIL", "-", "-", "-", len(soak.ours),
          okay, 0, "-", "" if held else f"see {folder}/table", sep="|")


if __name__ == "__main__":
    if len(sys.argv) != 2 or not os.path.isdir(sys.argv[1]):
        sys.exit("usage: judge_daemon.py FOLDER")
    main(sys.argv[1])
