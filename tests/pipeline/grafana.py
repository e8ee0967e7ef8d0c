"""A Grafana dashboard without Grafana: its queries with the variables and macros
filled in as Grafana 9 and 10 do, and what of the JSON can be wrong by itself.
Asks no back end: who uses it brings a function for that."""

import json
import re

from csv_values import Series, rates

VARIABLE = re.compile(r"\$(\w+)|\$\{(\w+)(?::(\w+))?\}|\[\[(\w+)(?::(\w+))?\]\]")
SPECIAL = re.compile(r"[\\^$*+?.()|\[\]{}/]")


# Panels and targets without data in a flood whose readings are a second apart, and of
# which everybody is notified.
SELDOM = {("Silenced for", "A"), ("Half-open connections", "C"), ("Half-open connections", "D"),
          ("Connections that are held", "B")}


class Unfilled(Exception):
    pass


def fill(text, values):
    """A query with its variables filled in; one that is not known is an error."""

    def one(match):
        name = match[1] or match[2] or match[4]
        how = match[3] or match[5]
        if name not in values:
            raise Unfilled(f"${name} is no variable")
        if how == "regex":
            return SPECIAL.sub(lambda m: "\\" + m[0], values[name])
        if how not in (None, "raw", "text"):
            raise Unfilled(f"the format :{how} is not known here")
        return values[name]

    return VARIABLE.sub(one, text)


def custom_options(query):
    """[(text, value)] of a custom variable: `text : value`, commas between."""
    pairs = []
    for part in re.findall(r"(?:\\,|[^,])+", query):
        part = part.replace("\\,", ",").strip()
        text, _, value = part.partition(" : ")
        pairs.append((text.strip(), value.strip()) if value else (part, part))
    return pairs


class Dashboard:
    def __init__(self, path):
        with open(path) as text:
            self.json = json.load(text)
        self.panels = self.json["panels"]
        self.variables = self.json["templating"]["list"]
        self.annotations = [
            a for a in self.json["annotations"]["list"] if not a.get("builtIn")
        ]

    def variable(self, name):
        return next(v for v in self.variables if v["name"] == name)

    def faults(self, kind):
        """What Grafana would take amiss, or show in the wrong place."""
        ids = [panel["id"] for panel in self.panels]
        if len(set(ids)) != len(ids):
            yield "two panels have one id"
        if self.json.get("id") is not None or not self.json.get("uid"):
            yield "a dashboard to import has a uid and no id"
        if not self.panels or not self.annotations:
            yield "no panels, or no annotations"
        taken = set()
        for panel in self.panels:
            at = panel["gridPos"]
            cells = {
                (x, y)
                for x in range(at["x"], at["x"] + at["w"])
                for y in range(at["y"], at["y"] + at["h"])
            }
            if cells & taken or at["x"] + at["w"] > 24:
                yield f"{panel['title']}: overlaps, or is beyond the edge"
            taken |= cells
        wanted = {"type": kind, "uid": "${datasource}"}
        parts = self.panels + self.annotations
        parts += [t for panel in self.panels for t in panel["targets"]]
        parts += [v for v in self.variables if v["type"] == "query"]
        for part in parts:
            if part.get("datasource") != wanted:
                yield f"{part.get('title', part)}: another data source than the variable's"
        if self.variable("datasource")["query"] != kind:
            yield f"the data source variable offers other sources than {kind}"
        for variable in self.variables:
            options = [(o["text"], o["value"]) for o in variable["options"]]
            if variable["type"] == "custom" and options != custom_options(variable["query"]):
                yield f"{variable['name']}: its options are not those of its query"


def panel_faults(panel, found, lasting):
    """found: {name: [(time, value)]} of all the panel's targets together; lasting:
    of those that have a value in each reading."""
    for name, rows in lasting.items():
        if len([v for _, v in rows if v is not None]) < 5:
            yield f"{panel['title']}: fewer than five values of '{name}'"
    for override in panel["fieldConfig"]["overrides"]:
        matched = override["matcher"]["options"]
        if matched not in found:
            yield f"{panel['title']}: it styles '{matched}', which no query brings"
        for item in override["properties"]:
            if item["id"] == "custom.fillBelowTo" and item["value"] not in found:
                yield f"{panel['title']}: it fills down to '{item['value']}', which is not there"


def run(dashboard, ask, facts):
    """Ask for every panel and judge what comes. ask(target) brings one target's
    {name: rows}; facts is {panel's title: {name: (lowest peak, highest peak)}},
    and every panel must be among them. Yields texts."""
    for panel in dashboard.panels:
        found, lasting = {}, {}
        for target in panel["targets"]:
            try:
                rows = ask(target)
            except Unfilled as why:
                yield f"{panel['title']}: {why}"
                continue
            seldom = (panel["title"], target["refId"]) in SELDOM
            if not rows and not seldom:
                yield f"{panel['title']}: no data for {target['refId']}"
            found.update(rows)
            lasting.update({} if seldom else rows)
        yield from panel_faults(panel, found, lasting)
        if panel["title"] not in facts:
            yield f"{panel['title']}: nothing is known about it"
        for name, (low, high) in facts.get(panel["title"], {}).items():
            values = [v for _, v in found.get(name, []) if v is not None]
            if not values or not low <= max(values) <= high:
                peak = max(values, default=None)
                yield f"{panel['title']}: {name} has the peak {peak}, not {low} to {high}"


def flood_facts(series, start_ms, end_ms, rate_over_ms=1000):
    """What the panels must show of a flood in a window of time, by the csv
    files' values (csv_values.read_series). Peaks that last: a query with a step
    may pass over a single reading. rate_over_ms: the span of time over which the
    back end takes a counter's rate."""

    def shown(plugin, instance, kind, name):
        rows = series[Series(plugin, instance, kind, name)]
        return [row for row in rows if start_ms <= row[0] <= end_ms]

    def peak(*name):
        return max(v for _, v in shown(*name))

    def near(value, below=0.02, above=0.001):
        return (value * (1 - below) - 0.001, value * (1 + above) + 0.001)

    def state(name):
        return near(peak("tcpstates", "all", "tcp_connections", name), 0.1)

    def percent(*names):
        return {n: near(peak("tcpstates", "all", "percent", n), 0.1) for n in names}

    aged = peak("tcpstates", "all", "current_connections", "syn_recv_aged")
    sent = shown("tcpstates", "all", "protocol_counter", "SyncookiesSent")
    lasting, single = (max(v for _, v in rates(sent, over)) for over in (rate_over_ms, 0))
    others = ("accept_overflow", "outbound_stall", "close_wait_leak", "time_wait_pressure")
    severities = {"syn_flood": (2, 2), **{name: (0, 0) for name in others}}
    lasted = peak("baseline", "syn_flood", "duration", "open")
    return {
        "Incidents now": severities,
        "$incident: open for": {"open for": (lasted - 2.5, lasted + 0.001)},
        "Silenced for": {},
        "Incidents": severities,
        "Hosts with an incident in this time": {"lab syn_flood": (2, 2)},
        "$incident: observed, expected and the band": {
            n: near(peak("baseline", "syn_flood", "gauge", n), 0.1)
            for n in ("observed", "expected", "upper", "lower", "severity")
        },
        "Sockets by state": {n: state(n) for n in ("SYN_RECV", "ESTABLISHED")},
        "Half-open connections": {"half-open": state("SYN_RECV"), "unanswered": near(aged)},
        "Ratios": percent("completion", "handshake", "inbound", "syn_recv", "syn_recv_aged"),
        "Queues": percent("syn_queue", "syn_queue_aged"),
        # After a stall one reading brings what two should have: a rate over a few
        # seconds does not follow that. Between whole seconds, when the readings
        # were not a second apart, it is off either way.
        "Kernel counters per second": {
            "SyncookiesSent": (near(lasting, 0.3)[0], near(single, 0, 0.3)[1])
        },
        "Connections that are held": {},
    }
