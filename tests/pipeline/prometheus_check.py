#!/usr/bin/env python3
"""What Prometheus holds after the flood: the documented series, each sample as
csv has it, the answers to the queries of the docs, the alerts that were seen
meanwhile, and data for every query of the dashboard. Each line is a fault.

usage: prometheus_check.py FOLDER EVENT_START EVENT_END DASHBOARD"""
import json
import math
import re
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

import csv_values
import grafana


def get(path, **parameters):
    url = f"http://127.0.0.1:9090/api/v1/{path}?" + urllib.parse.urlencode(parameters)
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:
            return json.load(answer)["data"]
    except urllib.error.HTTPError as error:
        raise RuntimeError(f"{path} {parameters}: {error.read().decode()}") from error


def name_of(key):
    """What write_prometheus calls a series: the metric and its labels."""
    suffix = {"duration": "_seconds", "protocol_counter": "_total"}.get(key.type, "")
    labels = {key.plugin: key.instance, "type": key.type_instance, "instance": "lab"}
    return f"collectd_{key.plugin}_{key.type}{suffix}", labels


def stored():
    """{name as a text: rows} of all that came from collectd."""
    found = {}
    answer = get("query", query='{__name__=~"collectd_(tcpstates|baseline)_.*"}[10m]')
    for series in answer["result"]:
        labels = dict(series["metric"])
        metric = labels.pop("__name__")
        if labels.pop("job") != "collectd":
            raise RuntimeError(f"another job: {series['metric']}")
        rows = [(round(at * 1000), float(value)) for at, value in series["values"]]
        found[metric, tuple(sorted(labels.items()))] = rows
    return found


def value_faults(kept, start_ms, end_ms):
    """Samples are fetched, so that one may be skipped, but none is invented."""
    found = stored()
    wanted = {}
    for key, rows in kept.items():
        metric, labels = name_of(key)
        wanted[metric, tuple(sorted(labels.items()))] = dict(rows)
    for name in sorted(set(wanted) ^ set(found)):
        yield f"{name} is not in both csv and Prometheus"
    for name in sorted(set(wanted) & set(found)):
        rows = wanted[name]
        for at, value in found[name]:
            near = [rows[t] for t in (at, at - 1, at + 1) if t in rows]
            if near and not abs(near[0] - value) <= 1e-6 * max(1, abs(value)):
                yield f"{name}: {value} in place of {near[0]} at {at}"
            # A share of nothing is unknown in both.
            if not near and at <= max(rows) and not math.isnan(value):
                yield f"{name}: a sample of {at}, when csv has none"
        during = [at for at in rows if start_ms <= at <= end_ms]
        seen = [at for at, _ in found[name] if start_ms <= at <= end_ms]
        if len(seen) < 0.8 * len(during):
            yield f"{name}: {len(seen)} of {len(during)} readings of the flood"


def name_faults(folder):
    with open(f"{folder}/docs-names") as lines:
        documented = [line.strip().replace('"web1"', '"lab"') for line in lines]
    for name in documented:
        found = get("query", query=name)["result"]
        labels = set(re.findall(r'(\w+)="', name))
        if len(found) != 1 or set(found[0]["metric"]) - {"__name__", "job"} != labels:
            yield f"{name} is documented, but is not there as such"
    if len(documented) < 4:
        yield "the docs name no series"


def answer_faults(folder):
    """What promtool printed for the queries of the docs: `{labels} => value @[..]`."""
    for name, low, high in (("severity", 2, 2), ("counters", 150, 2000)):
        with open(f"{folder}/{name}") as lines:
            rows = [re.match(r"(\{.*\}) => (\S+) @", line) for line in lines]
        peak = {row[1]: float(row[2]) for row in rows if row}
        peaks = [v for labels, v in peak.items() if name == "counters" or "syn_flood" in labels]
        if len(peaks) != 1 or not low <= peaks[0] <= high:
            yield f"the docs' query {name} says {peak}"
    with open(f"{folder}/rules") as text:
        if "SUCCESS" not in text.read():
            yield "promtool does not accept the rules"


def alert_faults(folder, start_s, end_s):
    """Open during the flood, as bad as it was, and neither before nor after."""
    looks = []
    with open(f"{folder}/alerts") as lines:
        for line in lines:
            at, _, text = line.partition(" ")
            looks.append((float(at), json.loads(text)["data"]["alerts"]))
    before = [alerts for at, alerts in looks if at < start_s]
    during = [alerts for at, alerts in looks if start_s <= at <= end_s]
    if len(before) < 5 or any(before):
        yield f"before the flood there were {sum(map(len, before))} alerts in {len(before)} looks"
    firing = [alert for alerts in during for alert in alerts if alert["state"] == "firing"]
    labels = {tuple(sorted(alert["labels"].items())) for alert in firing}
    expected = {"alertname": "BaselineIncident", "incident": "syn_flood", "host": "lab"}
    critical = tuple(sorted({**expected, "severity": "critical"}.items()))
    warning = tuple(sorted({**expected, "severity": "warning"}.items()))
    if critical not in labels or labels - {critical, warning}:
        yield f"during the flood the alerts were {labels}"
    for alert in firing:
        text = alert["annotations"]
        if text["summary"] != "syn_flood on lab" or not re.fullmatch(
            r"[\d.]+ observed, at most [\d.]+ expected", text["description"]
        ):
            yield f"an alert says {text}"
            break
    worst = [alerts for alerts in during if any(a["labels"]["severity"] == "critical" for a in alerts)]
    if any(len(alerts) > 1 for alerts in worst):
        yield "warning and critical were open at the same time"
    if not looks or looks[-1][1]:
        yield f"after the OKAY there are alerts: {looks[-1:]}"


def recorded_faults():
    """The peaks of the recorded series."""
    for metric, labels, low, high in (
        ("instance_baseline:collectd_severity:max", {"baseline": "syn_flood", "instance": "lab"}, 2, 2),
        ("host_incident:collectd_severity:max", {"incident": "syn_flood", "host": "lab"}, 2, 2),
        ("instance_baseline:collectd_excess:ratio", {"baseline": "syn_flood", "instance": "lab"}, 5, 500),
        ("instance:collectd_syncookies_unreturned:rate1m", {"instance": "lab"}, 100, 1100),
    ):
        answer = get("query", query=f"max_over_time({metric}[10m])")["result"]
        peaks = [float(s["value"][1]) for s in answer if s["metric"] == labels]
        if len(peaks) != 1 or not low <= peaks[0] <= high:
            yield f"{metric}: {answer}"


class Grafana:
    """The dashboard's queries as Grafana would send them, with collectd's interval,
    one second, for the scrape interval in the data source."""

    RATE_S = 4

    def __init__(self, dashboard, start_ms, end_ms):
        self.dashboard = dashboard
        self.range = {"start": start_ms / 1000, "end": end_ms / 1000, "step": 1}
        self.values = {"__interval": "1s", "__interval_ms": "1000", "__rate_interval": f"{self.RATE_S}s",
                       "__range": f"{(end_ms - start_ms) // 1000}s"}

    def choose_variables(self):
        wanted = {"host": "lab", "incident": "syn_flood"}
        for variable in self.dashboard.variables:
            if variable["type"] != "query":
                continue
            name, text = variable["name"], grafana.fill(variable["query"]["query"], self.values)
            selector, label = re.fullmatch(r"label_values\((.*), (\w+)\)", text).groups()
            found = {series.get(label) for series in get("series", **{"match[]": selector})}
            if wanted[name] not in found:
                yield f"the variable {name} offers {found}"
            self.values[name] = wanted[name]

    def ask_range(self, expression):
        text = grafana.fill(expression, self.values)
        return get("query_range", query=text, **self.range)["result"]

    def ask(self, target):
        found = {}
        for series in self.ask_range(target["expr"]):
            labels = series["metric"]
            name = re.sub(r"\{\{(\w+)\}\}", lambda m: labels.get(m[1], ""), target["legendFormat"])
            if name in found:
                raise grafana.Unfilled(f"two series are called {name}")
            numbers = [(at, float(value)) for at, value in series["values"]]
            found[name] = [(at, None if math.isnan(v) else v) for at, v in numbers]
        return found

    def annotation_faults(self, event_start_s):
        """Grafana makes a region of points that follow one another."""
        for annotation in self.dashboard.annotations:
            if annotation["expr"] != annotation["target"]["expr"]:
                yield f"{annotation['name']}: Grafana 9 and 10 would ask differently"
            found = self.ask_range(annotation["expr"])
            names = {series["metric"]["baseline"] for series in found}
            times = [at for series in found for at, _ in series["values"]]
            if names != {"syn_flood"} or min(times) < event_start_s:
                yield f"{annotation['name']}: marks {names} from {min(times, default=None)}"


def faults(folder, start_s, end_s, dashboard_file):
    now = time.time()
    kept = csv_values.read_series(folder)
    dashboard = grafana.Dashboard(dashboard_file)
    window = round((start_s - 10) * 1000), round(now * 1000)
    yield from dashboard.faults("prometheus")
    yield from value_faults(kept, start_s * 1000, end_s * 1000)
    yield from name_faults(folder)
    yield from answer_faults(folder)
    yield from alert_faults(folder, start_s, end_s)
    yield from recorded_faults()
    viewer = Grafana(dashboard, *window)
    yield from viewer.choose_variables()
    facts = grafana.flood_facts(kept, *window, viewer.RATE_S * 1000)
    yield from grafana.run(dashboard, viewer.ask, facts)
    yield from viewer.annotation_faults(start_s)


def main():
    folder, start, end, dashboard_file = sys.argv[1:]
    for fault in faults(folder, float(start), float(end), dashboard_file):
        print(fault)


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit("usage: prometheus_check.py FOLDER EVENT_START EVENT_END DASHBOARD")
    main()
