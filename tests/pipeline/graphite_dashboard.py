"""The dashboard that was saved through graphite-web's API, as a browser shows it:
all its graphs have loaded, with the flood in them, and no script has failed."""

import html
import json
import os
import re
import subprocess
import time
import urllib.parse
from pathlib import Path

from graphite_api import Picture, is_near
from graphite_picture import BAND, OBSERVED, is_alarm

BROWSER = (
    "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
    "--no-first-run", "--disable-background-networking", "--enable-logging=stderr",
    "--hide-scrollbars", "--window-size=1300,1300", "--virtual-time-budget=20000",
)  # fmt: skip


def shipped(path, host):
    """The state as docs/pipelines.md saves it."""
    return json.loads(Path(path).read_text().replace("HOST", host))


def address(graphite, name, begin, end):
    """The dashboard from the minute of begin to the one after end: a browser in
    UTC, as is graphite-web, gets its times by the address."""
    minutes = (begin // 60 * 60, end // 60 * 60 + 60)
    times = [time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(minute)) for minute in minutes]
    return f"{graphite.base}/dashboard/{name}?from={times[0]}&until={times[1]}"


def browse(folder, url, *options):
    """What it says to stdout and stderr."""
    profile = f"--user-data-dir={folder}/browser"
    ran = subprocess.run(
        [*BROWSER, profile, *options, url],
        env={**os.environ, "TZ": "UTC", "HOME": str(folder)},
        capture_output=True,
        text=True,
        timeout=90,
        check=True,
    )
    return ran.stdout, ran.stderr


def loaded_targets(page):
    """The targets of each graph whose picture is there: until then it has the
    class graph-img-loading."""
    for source in re.findall(r'<img class="graph-img" src="([^"]+)"', page):
        query = urllib.parse.urlsplit(html.unescape(source)).query
        yield urllib.parse.parse_qs(query)["target"]


def page_faults(page, said, state):
    wanted = [graph[1]["target"] for graph in state["graphs"]]
    got = list(loaded_targets(page))
    for targets in wanted:
        if targets not in got:
            yield f"the browser has no graph of {targets}"
    if len(got) != len(wanted):
        yield f"the browser has {len(got)} graphs, not {len(wanted)}"
    for error in re.findall(r'CONSOLE.*?"(Uncaught .*?)"', said):
        yield f"the browser's console: {error}"


def screen_faults(screen, state):
    """The graphs are white on black; the flood is seen in the first one."""
    white = 0
    flood = []
    for x in range(screen.width):
        pixels = list(screen.column(x))
        white += pixels.count((255, 255, 255))
        if x < state["graphSize"]["width"]:
            flood += pixels[: state["graphSize"]["height"]]
    whole = len(state["graphs"]) * state["graphSize"]["width"] * state["graphSize"]["height"]
    if not 0.5 * whole < white < whole:
        yield f"the browser's screen has {white} white pixels of {whole} of all graphs"
    observed = sum(is_near(pixel, OBSERVED) for pixel in flood)
    band = sum(is_near(pixel, BAND) for pixel in flood)
    alarm = sum(map(is_alarm, flood))
    if min(observed, band, alarm) < 100:
        yield (
            f"the browser's first graph has pixels: observed {observed},"
            f" band {band}, incident {alarm}"
        )


def faults(graphite, path, folder, begin, end):
    """path: the dashboard's file; folder: for the browser's own files."""
    name = "tcpstates-lab"
    state = shipped(path, "lab")
    if len(state["graphs"]) < 6:
        yield f"the dashboard has {len(state['graphs'])} graphs"
    listed = json.loads(graphite.get("/dashboard/find", query="tcpstates"))["dashboards"]
    if {"name": name} not in listed:
        yield f"graphite-web's dashboards are {listed}"
    if json.loads(graphite.get(f"/dashboard/load/{name}")) != {"state": state}:
        yield "graphite-web gives another dashboard than was saved"
    for graph in state["graphs"]:
        for target in graph[1]["target"]:
            if not any(values for _, values in graphite.series(target, begin, end)):
                yield f"no data for {target}"
    url = address(graphite, name, begin, end)
    page, said = browse(folder, url, "--dump-dom")
    Path(folder, "dashboard.html").write_text(page)
    yield from page_faults(page, said, state)
    browse(folder, url, f"--screenshot={folder}/dashboard.png")
    yield from screen_faults(Picture(Path(folder, "dashboard.png").read_bytes()), state)
