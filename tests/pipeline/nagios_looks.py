#!/usr/bin/env python3
"""What the check said once a second, against the notifications that the lab's
handler was given. A fault is a line.
usage: nagios_looks.py LOOKS HEARD   (LOOKS: EPOCH STATUS LINE)"""
import re
import sys

import heard

WORD = {0: "OK", 1: "WARNING", 2: "CRITICAL", 3: "UNKNOWN"}
LATE_S = 4  # a reading, a look, a busy machine


def read_looks(path):
    looks = []
    for row in open(path):
        when, status, line = row.rstrip("\n").split(" ", 2)
        looks.append((float(when), int(status), line))
    return looks


def main():
    looks = read_looks(sys.argv[1])
    notices = heard.read(sys.argv[2])
    failure = next(n.time for n in notices if n.severity == "FAILURE")
    okay = notices[-1].time
    for when, status, line in looks:
        if not line.startswith(f"BASELINE {WORD.get(status)} - "):
            print(f"status {status} and {line!r}")
    before = [look for look in looks if look[0] < notices[0].time and look[1] != 3]
    during = [look for look in looks if failure + LATE_S < look[0] < okay]
    after = [look for look in looks if look[0] > okay + LATE_S]
    for name, some, status in ("before", before, 0), ("during", during, 2), ("after", after, 0):
        if len(some) < 2:
            print(f"only {len(some)} looks {name} the flood")
        for look in some:
            if look[1] != status:
                print(f"{name} the flood: {look[2]!r}")
    for _, _, line in during:
        if not re.search(r"lab: syn_flood FAILURE since .* \| .*half_open=\d", line):
            print(f"without the incident or its figures: {line!r}")
    if not any(re.search(r"half_open=\d{3}", line) for _, _, line in during):
        print("the figures never were those of a flood")


if __name__ == "__main__":
    main()
