"""All that Graphite must hold and show after the lab's flood. Each line printed
is a fault.

usage: graphite_check.py FOLDER URL EVENT_START EVENT_END   (FOLDER: the scenario's)"""

import json
import sys
import time
from pathlib import Path

import csv_values
import graphite_dashboard
import graphite_grafana
import graphite_picture
import graphite_series
import graphite_storage
from graphite_api import Graphite

TOP = Path(__file__).resolve().parent.parent.parent
DASHBOARD = TOP / "dashboards" / "graphite.json"


def answer_faults(folder):
    """The answer to the docs' query, which was asked with curl."""
    answer = json.loads(Path(folder, "docs-query").read_text())
    names = [series["target"] for series in answer]
    if names != ["collectd.lab.baseline-syn_flood.gauge-severity"]:
        yield f"the docs' query brings {names}"


def faults(folder, graphite, event_start, event_end):
    written = csv_values.read_series(folder)
    judged = written[csv_values.Series("baseline", "syn_flood", "gauge", "upper")]
    # The first expectation has no load behind it yet.
    begin, end = judged[0][0] // 1000 + 2, judged[-1][0] // 1000 - 3
    time.sleep(3)  # what csv has is in carbon, too, by then
    storage = Path(folder, "graphite")
    pages = [TOP / "README.md", TOP / "docs" / "pipelines.md"]
    yield from graphite_series.faults(graphite, written, pages)
    yield from graphite_storage.faults(storage / "whisper")
    yield from answer_faults(folder)
    state = graphite_dashboard.shipped(DASHBOARD, "lab")
    targets = next(graph[1]["target"] for graph in state["graphs"] if graph[0] == "syn_flood")
    yield from graphite_picture.faults(graphite, targets, begin, end)
    yield from graphite_dashboard.faults(graphite, DASHBOARD, storage, begin, end)
    yield from graphite_grafana.faults(
        graphite,
        TOP / "dashboards" / "grafana-graphite.json",
        written,
        begin,
        end,
        event_start,
        event_end,
    )


def main():
    folder, url, event_start, event_end = sys.argv[1:]
    for fault in faults(folder, Graphite(url), float(event_start), float(event_end)):
        print(fault)


if __name__ == "__main__":
    main()
