"""What collectd's csv plugin kept of a lab run: the yardstick for what a back
end was given. Touches nothing but those files."""

import glob
import math
import os
from collections import namedtuple

Series = namedtuple("Series", "plugin instance type type_instance")


def read_series(folder):
    """{Series: [(time in ms, value)]}, oldest first, without what is unknown.
    Counters stand as they are, since the lab keeps no rates (StoreRates)."""
    found = {}
    for path in sorted(glob.glob(f"{folder}/csv/lab/*/*-20*-*-*")):
        plugin, instance = os.path.basename(os.path.dirname(path)).split("-", 1)
        kind, name = os.path.basename(path)[: -len("-2026-11-22")].split("-", 1)
        rows = found.setdefault(Series(plugin, instance, kind, name), [])
        with open(path) as lines:
            next(lines)
            for line in lines:
                if not line.endswith("\n"):
                    continue  # being written
                time, value = line.split(",")
                if not math.isnan(float(value)):
                    rows.append((round(float(time) * 1000), float(value)))
    return {key: rows for key, rows in found.items() if rows}


def rates(rows, least_ms=0):
    """A counter's rows as rates a second, as collectd makes them: from one row to
    the next; or from each row to the first that is least_ms after it."""
    found = []
    for at, (before, low) in enumerate(rows):
        later = next((row for row in rows[at + 1 :] if row[0] - before >= least_ms), None)
        if later:
            after, high = later
            found.append((after, (high - low) * 1000 / (after - before)))
    return found


def differences(expected, got, within):
    """What is missing, too much, or another value: texts. Both are rows; the
    times may differ by a millisecond, which is how finely csv keeps them."""
    left = dict(got)
    for time, value in expected:
        near = next((t for t in (time, time - 1, time + 1) if t in left), None)
        if near is None:
            yield f"no value of {time}"
        elif abs(left[near] - value) > within * max(1, abs(value)):
            yield f"{left[near]} in place of {value} at {time}"
        left.pop(near, None)
    for time in left:
        yield f"a value of {time}, when csv has none"
