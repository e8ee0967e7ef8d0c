#!/usr/bin/env python3
"""The lines that incident_log sent to syslog, against the notifications that the
lab's handler was given, and the answer that it called. A fault is a line.
usage: exec_lines.py SYSLOG HEARD SOURCE   (SOURCE: the network of the flood)"""
import json
import re
import sys

import heard

PRIORITY = {"FAILURE": 27, "WARNING": 28, "OKAY": 29}  # daemon.err, .warning, .notice
LINE = re.compile(r"<(\d+)>\w{3} [ \d]\d \d\d:\d\d:\d\d incident_log: (\{.*\})")


def read_lines(path):
    told, answered = [], []
    for line in open(path):
        match = LINE.fullmatch(line.rstrip("\n"))
        if not match:
            print(f"not a line as documented: {line!r}")
            continue
        fields = json.loads(match[2])
        (answered if "hook" in fields else told).append((int(match[1]), fields))
    return told, answered


def compare(notice, priority, fields):
    expected = {
        "time": notice.time,
        "severity": notice.severity,
        "host": notice.fields["Host"],
        "incident": notice.fields["PluginInstance"],
        "listener": notice.fields.get("Listener"),
        "evidence": notice.fields.get("Evidence"),
        "observed": float(notice.fields["CurrentValue"]),
        "expected": float(notice.fields["Expected"]),
        "limit": float(notice.fields["WarningMax"]),
        "since": int(notice.fields["Since"]),
        "message": notice.message,
    }
    source = notice.fields.get("TopSource")
    if source == "scattered":
        expected["top_source"] = source
    elif source:
        expected["top_source"], percent, _ = source.split()
        expected["top_source_percent"] = int(percent)
    for name, value in expected.items():
        if fields.get(name) != value:
            print(f"{name} is {fields.get(name)!r}, not {value!r}")
    if priority != PRIORITY[notice.severity]:
        print(f"priority {priority} for {notice.severity}")
    if "malformed" in fields:
        print(f"called malformed: {fields['malformed']}")


def main():
    syslog, folder, source = sys.argv[1:]
    notices = heard.read(folder)
    told, answered = read_lines(syslog)
    told.sort(key=lambda line: line[1].get("time", 0))
    if len(told) != len(notices) or not notices:
        print(f"{len(told)} lines in syslog for {len(notices)} notifications")
    for notice, line in zip(notices, told):
        compare(notice, *line)
    if sorted(f["severity"] for _, f in answered) != sorted(n.severity for n in notices):
        print(f"the hook was not called once for each notification: {answered}")
    for _, fields in answered:
        if fields["hook"] != 0 or fields["listener"] != "0.0.0.0:80":
            print(f"the hook: {fields}")
        if fields["severity"] == "FAILURE" and fields["top_source"] != source:
            print(f"the source {fields['top_source']}, not {source}")


if __name__ == "__main__":
    main()
