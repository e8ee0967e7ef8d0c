"""What Graphite holds against what collectd's csv plugin wrote of the same values:
the names as README.md has them, none missing and none that is not known, every
value, rates in place of counters."""

import math
import re
from pathlib import Path

from csv_values import rates

PREFIX = "collectd.lab."
# The last values may still be on their way.
UNDERWAY_S = 3


def name_of(series):
    return f"{PREFIX}{series.plugin}-{series.instance}.{series.type}-{series.type_instance}".rstrip("-")


def documented(readme):
    """The names that README.md gives as examples."""
    return {
        PREFIX + rest
        for rest in re.findall(r"<prefix><host>\.([\w.-]+)", Path(readme).read_text())
    }


def as_graphite_has_them(written):
    """{name: {second: value}} of the csv files' series. write_graphite rounds a
    time to the second, and makes rates of counters."""
    found = {}
    for series, rows in written.items():
        if series.type == "protocol_counter":
            rows = rates(rows)
        found[name_of(series)] = {(time + 500) // 1000: value for time, value in rows}
    return found


def name_faults(names, held, readme):
    for name in sorted(names - held):
        yield f"{name} is not in Graphite"
    for name in sorted(held - names):
        yield f"{name} is in Graphite, but collectd knows it not"
    examples = documented(readme)
    if len(examples) < 3:
        yield f"README.md names {len(examples)} series for Graphite"
    for name in sorted(examples - held):
        yield f"README.md names {name}, which is not there"
    if len(names) < 60:
        yield f"collectd wrote only {len(names)} series"


def value_faults(name, expected, held):
    """One fault a series at most. Both are {second: value}."""
    # csv keeps a thousandth of a second, and by that a rate is off.
    off = 3e-3 if ".protocol_counter-" in name else 1e-6
    missing = sorted(set(expected) - set(held))
    late = max(expected) - UNDERWAY_S
    if any(time < late for time in missing):
        yield f"{name}: of {len(expected)} values {len(missing)} are missing, the first of {missing[0]}"
        return
    for time, value in sorted(held.items()):
        known = expected.get(time)
        if known is None or not math.isclose(value, known, rel_tol=off, abs_tol=off):
            yield f"{name}: {value} at {time}, where csv has {known}"
            return


def faults(graphite, written, readme):
    """written: what csv_values.read_series found. Read it first: what collectd
    writes meanwhile would be too much."""
    expected = as_graphite_has_them(written)
    held = {name for name in graphite.names() if name.startswith(PREFIX)}
    yield from name_faults(set(expected), held, readme)
    begin = min(min(values) for values in expected.values())
    for name in sorted(held & set(expected)):
        end = max(expected[name])
        [(_, values)] = graphite.series(name, begin - 1, end)
        yield from value_faults(name, expected[name], values)
