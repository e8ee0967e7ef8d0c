"""The Grafana dashboard for Graphite: its menus offer this host and its incidents,
every query in it finds data, and its marks are where the incident changed."""

import re

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
        texts = self.graphite.children(grafana.fill(variable["query"], self.values))
        pattern = re.compile(variable["regex"].strip("/") or "(.*)")
        return [match[1] for match in map(pattern.search, texts) if match]

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
    worse, over = marks["raised or worse"], marks["eased or over"]
    if not worse or any(
        name != "syn_flood raised or worse" or not event_start - 1 <= time <= event_end
        for name, time in worse
    ):
        yield f"marks of the raised incident: {worse}"
    if not over or any(
        name != "syn_flood eased or over" or time <= event_start for name, time in over
    ):
        yield f"marks of its end: {over}"
    elif max(time for _, time in over) < event_end:
        yield f"no mark of its end after the event's: {over}"


def own_facts(written):
    """Of the panels that the other dashboards do not have."""
    [lasted] = [
        max(value for _, value in rows)
        for series, rows in written.items()
        if (series.instance, series.type) == ("syn_flood", "duration")
    ]
    now = {"syn_flood": (2, 2), "accept_overflow": (0, 0)}
    return {
        "Incidents now": now,
        "$incident: open for": {"open for": (lasted - 0.001, lasted + 0.001)},
        "Hosts with an incident in this time": {"lab.baseline-syn_flood": (2, 2)},
    }


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
    asker.values["incident"] = "syn_flood"
    window = (asker.begin * 1000, asker.end * 1000)
    facts = {**grafana.flood_facts(written, *window), **own_facts(written)}
    yield from grafana.run(dashboard, lambda target: asker.rows(target, PANEL), facts)
    yield from mark_faults(dashboard, asker, event_start, event_end)
    for incident in set(incidents) - {"syn_flood"}:
        asker.values["incident"] = incident
        for panel in dashboard.panels:
            for target in panel["targets"]:
                if not any(asker.rows(target, PANEL).values()):
                    yield f"{panel['title']}: no data for {target['refId']} of {incident}"
