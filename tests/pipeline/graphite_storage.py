"""What carbon made of the docs' lines for storage-schemas.conf and
storage-aggregation.conf: every series of ours falls under them, and where values
were put together, an incident keeps its peak."""

import re
import time
from pathlib import Path

import whisper  # carbon brings it

FINE_S, COARSE_S = 1, 300  # of the test's storage-schemas.conf
PEAKS = re.compile(r"gauge-(severity|observed|score)$|duration-open$")


def coarse(path):
    """The values of a file that were put together of many."""
    now = int(time.time())
    _, values = whisper.fetch(str(path), now - 6 * 3600, now)
    return [value for value in values if value is not None]


def file_faults(path, name):
    info = whisper.info(str(path))
    steps = [archive["secondsPerPoint"] for archive in info["archives"]]
    if steps != [FINE_S, COARSE_S]:
        yield f"{name} is kept each {steps} s: the docs' pattern does not fit"
    method = "max" if PEAKS.search(name) else "average"
    if info["aggregationMethod"] != method:
        yield f"{name} is put together by {info['aggregationMethod']}, not {method}"


def faults(storage):
    """storage: the folder of whisper's files."""
    top = Path(storage, "collectd", "lab")
    paths = {str(path.relative_to(top)).removesuffix(".wsp"): path for path in top.rglob("*.wsp")}
    if len(paths) < 60:
        yield f"carbon has {len(paths)} files"
    for name, path in sorted(paths.items()):
        yield from file_faults(path, name)
    severity = max(coarse(paths["baseline-syn_flood/gauge-severity"]))
    if severity != 2:
        yield f"five minutes with a FAILURE have the severity {severity}"
    shown = max(coarse(paths["baseline-syn_flood/gauge-observed"]))
    if shown < 400:
        yield f"five minutes with a flood have {shown} half-open connections observed"
