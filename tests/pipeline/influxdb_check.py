#!/usr/bin/env python3
"""What InfluxDB holds after the flood: the documented series in both databases,
every value as csv has it, the answers to the queries of the docs, and data for
every query of the dashboard. Each line printed is a fault.

usage: influxdb_check.py FOLDER EVENT_START EVENT_END DASHBOARD"""
import json
import re
import sys
import time
import urllib.parse
import urllib.request

import csv_values
import grafana

LISTENER, UDP = "collectd", "udp"


def query(database, text):
    """Every series of every statement's answer."""
    parameters = {"db": database, "epoch": "ms", "q": text}
    body = urllib.parse.urlencode(parameters).encode()
    with urllib.request.urlopen("http://127.0.0.1:8086/query", body, timeout=20) as answer:
        results = json.load(answer)["results"]
    if any("error" in result for result in results):
        raise RuntimeError(f"{text}: {results}")
    return [series for result in results for series in result.get("series", [])]


def stored(database):
    """{csv_values.Series: {field: rows}} of all that is in a database."""
    found = {}
    for series in query(database, 'SELECT * FROM "tcpstates", "baseline" GROUP BY *'):
        tags = series["tags"]
        if set(tags) != {"host", "instance", "type", "type_instance"} or tags["host"] != "lab":
            raise RuntimeError(f"other tags than documented: {tags}")
        key = csv_values.Series(series["name"], tags["instance"], tags["type"], tags["type_instance"])
        columns = series["columns"]
        for row in series["values"]:
            for name, value in zip(columns[1:], row[1:]):
                if value is not None:
                    found.setdefault(key, {}).setdefault(name, []).append((row[0], value))
    return found


def value_faults(database, kept, until):
    """Every series that csv has is there with the same values up to a time."""
    found = stored(database)
    for key in sorted(set(kept) ^ set(found)):
        yield f"{database}: {key} is not in both csv and InfluxDB"
    for key, fields in sorted(found.items()):
        field = "seconds" if key.type == "duration" else "value"
        if list(fields) != [field] or key not in kept:
            yield f"{database}: {key} has the fields {list(fields)}"
            continue
        rows, within = kept[key], 1e-6
        if database == UDP and key.type == "protocol_counter":
            rows, within = csv_values.rates(rows), 0.01
        rows = [row for row in rows if row[0] <= until]
        got = [row for row in fields[field] if row[0] <= until]
        for fault in list(csv_values.differences(rows, got, within))[:2]:
            yield f"{database}: {key}: {fault}"


def name_faults(folder, database):
    with open(f"{folder}/docs-names") as lines:
        documented = [line.strip().replace("host=web1", "host=lab") for line in lines]
    keys = {row[0] for series in query(database, "SHOW SERIES") for row in series["values"]}
    for name in documented:
        if name not in keys:
            yield f"{database}: {name} is documented, but not there"
    if len(documented) < 4:
        yield "the docs name no series"


def answer_faults(folder):
    """The tables that `influx` printed for the queries of the docs."""
    for name, least in (("severity", 2), ("counters", 300)):
        for way in (name, f"{name}-udp"):
            with open(f"{folder}/{way}") as lines:
                text = lines.read()
            tables = re.findall(r"tags: (.*)\n.*\n-.*\n((?:\S+ +\S+\n)+)", text)
            flood = [rows for tags, rows in tables if "syn_flood" in tags or name == "counters"]
            peak = max((float(row.split()[1]) for rows in flood for row in rows.splitlines()), default=0)
            if peak < least or (name == "severity" and peak > least):
                yield f"the docs' query {way} says {peak}"


class Grafana:
    """The dashboard's queries as Grafana would send them to one database."""

    def __init__(self, database, dashboard, start_ms, end_ms):
        self.database = database
        self.dashboard = dashboard
        self.values = {
            "timeFilter": f"time >= {start_ms}ms and time <= {end_ms}ms",
            "__interval": "1s",
            "__interval_ms": "1000",
        }

    def choose_variables(self):
        """Each in its turn, for a later one may need an earlier one."""
        wanted = {"host": "lab", "incident": "syn_flood"}
        for variable in self.dashboard.variables:
            name = variable["name"]
            if variable["type"] == "custom":
                by_text = dict(grafana.custom_options(variable["query"]))
                way = "write_influxdb_udp" if self.database == UDP else "collectd listener"
                self.values[name] = by_text[way]
            elif variable["type"] == "query":
                text = grafana.fill(variable["query"], self.values)
                found = {row[1] for s in query(self.database, text) for row in s["values"]}
                if wanted[name] not in found or "traffic" in found:
                    yield f"{self.database}: the variable {name} offers {found}"
                self.values[name] = wanted[name]

    def ask(self, target):
        text = grafana.fill(target["query"], self.values)
        found = {}
        for series in query(self.database, text):
            tags = series.get("tags", {})
            name = re.sub(r"\$tag_(\w+)", lambda m: tags.get(m[1], m[0]), target["alias"])
            if name in found:
                raise grafana.Unfilled(f"two series are called {name}")
            found[name] = [(row[0], row[1]) for row in series["values"]]
        return found

    def annotation_faults(self, event_start_ms):
        """A mark when it was raised, one when it was over, none before."""
        for annotation in self.dashboard.annotations:
            target = annotation["target"]
            if annotation["query"] != target["query"]:
                yield f"{annotation['name']}: Grafana 9 and 10 would ask differently"
            text = grafana.fill(target["query"], self.values)
            marks = []
            for series in query(self.database, text):
                column = series["columns"].index(target["textColumn"])
                marks += [(row[0], row[column]) for row in series["values"]]
            if not 1 <= len(marks) <= 2:
                yield f"{self.database}: {annotation['name']}: {len(marks)} marks"
            for at, incident in marks:
                if incident != "syn_flood" or at < event_start_ms:
                    yield f"{self.database}: {annotation['name']}: a mark at {at} for {incident}"


def write_watch(database):
    """What a <Watch> with Report dispatches, by hand: the menus must not offer it."""
    line = b"baseline,host=lab,instance=traffic,type=gauge,type_instance=eth0_rx-upper value=1"
    with urllib.request.urlopen(f"http://127.0.0.1:8086/write?db={database}", line, timeout=20):
        pass
    if not query(database, "SHOW SERIES FROM \"baseline\" WHERE \"instance\" = 'traffic'"):
        raise RuntimeError("InfluxDB did not take the value of a watch")


def wait_for_values(until):
    """The listener writes what it has every 10 seconds."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        newest = [
            series["values"][-1][0]
            for database in (LISTENER, UDP)
            for series in query(database, 'SELECT last("value") FROM "baseline"')
        ]
        if len(newest) == 2 and min(newest) > until:
            return
        time.sleep(0.5)
    print(f"the values up to {until} did not come in time: {newest}")


def faults(folder, start_ms, end_ms, dashboard_file):
    until = round(time.time() * 1000)
    wait_for_values(until)
    kept = csv_values.read_series(folder)
    dashboard = grafana.Dashboard(dashboard_file)
    yield from dashboard.faults("influxdb")
    yield from answer_faults(folder)
    for database in (LISTENER, UDP):
        yield from value_faults(database, kept, until)
        yield from name_faults(folder, database)
        write_watch(database)
        viewer = Grafana(database, dashboard, start_ms - 10000, until)
        yield from viewer.choose_variables()
        facts = grafana.flood_facts(kept, start_ms - 10000, until)
        yield from (f"{database}: {fault}" for fault in grafana.run(dashboard, viewer.ask, facts))
        yield from viewer.annotation_faults(start_ms)


def main():
    folder, start, end, dashboard_file = sys.argv[1:]
    for fault in faults(folder, round(float(start) * 1000), round(float(end) * 1000), dashboard_file):
        print(fault)


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit("usage: influxdb_check.py FOLDER EVENT_START EVENT_END DASHBOARD")
    main()
