#!/usr/bin/env python3
"""What the witness saw of Alertmanager, against the notifications that the lab's
handler was given: one alert that appears, worsens, stays and is resolved, and
does not expire. A fault is a line.
usage: alertmanager_alert.py WITNESS HEARD EXPIRE_SECONDS"""
import json
import sys
from datetime import datetime

import heard

LABELS = {"alertname": "BaselineIncident", "host": "lab", "incident": "syn_flood"}
SEVERITIES = ("warning", "critical")
LATE_S = 4  # a handler's start on a busy machine, the post, the next look


def epoch(text):
    """Alertmanager prints up to nine digits of a second."""
    head, _, rest = text.partition(".")
    digits = rest.rstrip("Z").split("+")[0]
    whole = datetime.fromisoformat(head.rstrip("Z") + "+00:00").timestamp()
    return whole + float("0." + (digits or "0"))


def looks_of(rows):
    """[(time, the alert or None)] of the API."""
    looks = []
    for row in rows:
        if "alerts" not in row:
            continue
        for alert in row["alerts"]:
            if alert["labels"] not in [LABELS | {"severity": word} for word in SEVERITIES]:
                print(f"an alert with the labels {alert['labels']}")
        if len(row["alerts"]) > 1:
            print(f"{len(row['alerts'])} alerts at a time")
        looks.append((row["time"], row["alerts"][0] if row["alerts"] else None))
    return looks


def check_course(looks, first, failure, okay):
    seen = [when for when, alert in looks if alert]
    if not first <= min(seen, default=0) <= first + LATE_S:
        print(f"appeared {min(seen, default=0) - first:.1f} s after the notification")
    missing = [when for when, alert in looks if first + LATE_S < when < okay and not alert]
    if missing:
        print(f"gone {missing[0] - first:.1f} s after the first notification, before the OKAY")
    left = [when for when, alert in looks if okay + LATE_S < when and alert]
    if left:
        print(f"still there {left[-1] - okay:.1f} s after the OKAY")
    was = [alert["labels"]["severity"] for when, alert in looks if alert and when < failure]
    worse = [alert["labels"]["severity"] for when, alert in looks if alert and failure + LATE_S < when < okay]
    if set(was) != {"warning"} or set(worse) != {"critical"}:
        print(f"it did not worsen, or not for good: {set(was)}, then {set(worse)}")


def check_lifetime(looks, expire_s):
    ends = sorted({epoch(alert["endsAt"]) for _, alert in looks if alert})
    begins = {epoch(alert["startsAt"]) for _, alert in looks if alert}
    if not ends or ends[-1] - ends[0] < expire_s:
        print(f"its end moved on by less than {expire_s} s: it was not kept by repetition")
    if begins and max(begins) - min(begins) > 1:
        print("its beginning moved")
    if len({alert["fingerprint"] for _, alert in looks if alert}) != len(SEVERITIES):
        print("it was not one alert for each severity")
    return ends[-1] if ends else 0


def check_told(rows, okay, last_end):
    """The webhook: one group that fires, changes, and is resolved, by the OKAY and
    not by time. What is firing is never both severities."""
    told = [row["told"] for row in rows if "told" in row]
    firing = [[a["labels"]["severity"] for a in body["alerts"] if a["status"] == "firing"] for body in told]
    if firing != [["warning"], ["critical"], []] or told[-1]["status"] != "resolved":
        print(f"the receiver was told: {firing}")
        return
    if len({body["groupKey"] for body in told}) > 1:
        print("it was not one group")
    alert = next(a for a in told[-1]["alerts"] if a["labels"]["severity"] == "critical")
    if not okay - 0.5 <= epoch(alert["endsAt"]) <= okay + LATE_S:
        print(f"resolved as of {epoch(alert['endsAt']) - okay:.1f} s after the OKAY")
    if epoch(alert["endsAt"]) > last_end - 1:
        print("its end is that at which it would have expired")
    if alert["annotations"].get("severity") != "okay" or " over" not in alert["annotations"]["summary"]:
        print(f"resolved with {alert['annotations']}")


def main():
    witness, folder, expire_s = sys.argv[1], sys.argv[2], float(sys.argv[3])
    rows = [json.loads(line) for line in open(witness)]
    notices = heard.read(folder)
    first, okay = notices[0], notices[-1]
    failure = next(n for n in notices if n.severity == "FAILURE")
    if first.severity == "FAILURE":
        print("never a WARNING: nothing worsened")
    looks = looks_of(rows)
    check_course(looks, first.time, failure.time, okay.time)
    last_end = check_lifetime(looks, expire_s)
    check_told(rows, okay.time, last_end)
    summaries = {alert["annotations"]["summary"] for _, alert in looks if alert}
    for summary in summaries - {notice.message for notice in notices}:
        print(f"a summary that is no notification's: {summary}")


if __name__ == "__main__":
    main()
