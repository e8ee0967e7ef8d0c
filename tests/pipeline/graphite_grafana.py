"""The Grafana dashboard for Graphite: its menus offer this host and its incidents,
every query in it finds data, and its marks are where the incident changed."""

import re
import socket
import time

import grafana

# Grafana asks for about as many points as a panel is wide, 100 for annotations.
PANEL, MARKS = {"maxDataPoints": 900}, {"maxDataPoints": 100}


class Asker:
    """The queries as Grafana sends them, for one time and one choice of variables."""

    def __init__(self, graphite, begin, end):
        self.graphite = graphite
        self.begin = begin - 60  # so does Grafana
        self.end = end
        self.values = {}

    def offered(self, variable):
        """What a menu has, by its pattern of names and its regular expression."""
        query = grafana.fill(variable["query"], self.values)
        texts = self.graphite.expand(re.fullmatch(r"expand\((.*)\)", query)[1])
        pattern = re.compile(variable["regex"].strip("/"))
        return sorted({match[1] for match in map(pattern.search, texts) if match})

    def rows(self, target, points):
        text = grafana.fill(target["target"], self.values)
        return {
            name: sorted(values.items())
            for name, values in self.graphite.series(text, self.begin, self.end, **points)
        }


def mark_faults(dashboard, asker, event_start, event_end):
    """Raised and perhaps worse while the event lasts; over after it. Grafana
    makes a mark of each value that is not 0."""
    marks = {
        note["name"]: [
            (name, time)
            for name, rows in asker.rows(note["target"], MARKS).items()
            for time, value in rows
            if value
        ]
        for note in dashboard.annotations
    }
    worse, over = marks["Raised or worse"], marks["Better or over"]
    if not worse or any(
        name != "syn_flood raised or worse" or not event_start - 1 <= time <= event_end
        for name, time in worse
    ):
        yield f"marks of the raised incident: {worse}"
    if not over or any(
        name != "syn_flood better or over" or time <= event_start for name, time in over
    ):
        yield f"marks of its end: {over}"
    elif max(time for _, time in over) < event_end:
        yield f"no mark of its end after the event's: {over}"


def watch_faults(asker, dashboard, now):
    """What a <Watch> with Report dispatches, sent to carbon by hand: it is there, and
    the menu of incidents does not offer it."""
    with socket.create_connection(("127.0.0.1", 2003), timeout=5) as carbon:
        carbon.sendall(f"collectd.lab.baseline-traffic.gauge-eth0_rx-upper 1 {now}\n".encode())
    for _ in range(50):
        if asker.graphite.expand("collectd.lab.baseline-traffic.*"):
            break
        time.sleep(0.2)
    else:
        yield "carbon did not take the value of a watch"
    if "traffic" in asker.offered(dashboard.variable("incident")):
        yield "the menu of incidents offers a watch"


def faults(graphite, path, written, begin, end, event_start, event_end):
    """written: what csv_values.read_series found."""
    dashboard = grafana.Dashboard(path)
    yield from dashboard.faults("graphite")
    asker = Asker(graphite, begin, end)
    hosts = asker.offered(dashboard.variable("host"))
    if hosts != ["lab"]:
        yield f"Grafana's menu of hosts offers {hosts}"
    asker.values["host"] = "lab"
    incidents = asker.offered(dashboard.variable("incident"))
    if "syn_flood" not in incidents or len(incidents) < 5:
        yield f"Grafana's menu of incidents offers {incidents}"
    yield from watch_faults(asker, dashboard, end)
    asker.values["incident"] = "syn_flood"
    window = (asker.begin * 1000, asker.end * 1000)
    facts = grafana.flood_facts(written, *window)
    yield from grafana.run(dashboard, lambda target: asker.rows(target, PANEL), facts)
    yield from mark_faults(dashboard, asker, event_start, event_end)
    for incident in set(incidents) - {"syn_flood"}:
        asker.values["incident"] = incident
        for panel in dashboard.panels:
            for target in panel["targets"]:
                seldom = (panel["title"], target["refId"]) in grafana.SELDOM
                if not seldom and not any(asker.rows(target, PANEL).values()):
                    yield f"{panel['title']}: no data for {target['refId']} of {incident}"
