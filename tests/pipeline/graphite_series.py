"""What Graphite holds against what collectd's csv plugin wrote of the same values:
the names as the docs have them, none missing and none that is not known, every
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


def documented(pages):
    """The names that the pages give as examples, a file each."""
    return {
        PREFIX + rest
        for page in pages
        for rest in re.findall(r"<prefix><host>\.([\w.-]+)", Path(page).read_text())
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


def name_faults(names, held, pages):
    for name in sorted(names - held):
        yield f"{name} is not in Graphite"
    for name in sorted(held - names):
        yield f"{name} is in Graphite, but collectd knows it not"
    for page in pages:
        if len(documented([page])) < 2:
            yield f"{page} names no series for Graphite"
    for name in sorted(documented(pages) - held):
        if ".baseline-traffic." in name:  # of a <Watch>, which the scene has none of
            continue
        yield f"the docs name {name}, which is not there"
    if len(names) < 60:
        yield f"collectd wrote only {len(names)} series"


def differences(expected, held, off):
    """The moments whose values are not the same in both, {second: value}. The
    last ones may be missing still."""
    late = max(expected) - UNDERWAY_S
    for time in sorted(set(expected) | set(held)):
        if time not in held:
            if time < late:
                yield time
        elif time not in expected or not math.isclose(
            held[time], expected[time], rel_tol=off, abs_tol=off
        ):
            yield time


def value_faults(name, expected, held):
    """One fault a series at most. csv keeps a thousandth of a second, and by that
    a rate is off; and what a writer gets of collectd's cache is the latest rate:
    none, or the next one's, where a busy machine was slow to write."""
    is_rate = ".protocol_counter-" in name
    wrong = list(differences(expected, held, 3e-3 if is_rate else 1e-6))
    if len(wrong) > (len(expected) // 10 if is_rate else 0):
        first = wrong[0]
        yield (
            f"{name}: {len(wrong)} of {len(expected)} values differ, the first at {first}:"
            f" {held.get(first)}, where csv has {expected.get(first)}"
        )


def faults(graphite, written, pages):
    """written: what csv_values.read_series found, read before Graphite is asked,
    or it would lack what collectd has written since. pages: files that name
    series."""
    expected = as_graphite_has_them(written)
    held = {name for name in graphite.names() if name.startswith(PREFIX)}
    yield from name_faults(set(expected), held, pages)
    begin = min(min(values) for values in expected.values())
    for name in sorted(held & set(expected)):
        end = max(expected[name])
        [(_, values)] = graphite.series(name, begin - 1, end)
        yield from value_faults(name, expected[name], values)
