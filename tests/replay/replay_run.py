"""Runs: a simulated host piped through the judgement, and what came of both.

Starts the simulator and the command under test; keeps nothing on disk.
"""

import json
import os
import shlex
import subprocess
import tempfile
from dataclasses import dataclass, field

RAISED = ("WARNING", "FAILURE")
ADOPTED = "is the new normal"


@dataclass
class Spec:
    """One host to simulate: the part of the acceptance it serves, and the
    simulator's arguments."""
    part: str
    arguments: list
    name: str = ""


@dataclass
class Episode:
    """One incident from its first notification to its OKAY."""
    incident: str
    raised: float
    values: dict
    message: str = ""
    closed: float = None
    notices: int = 1
    severity: str = "WARNING"
    failed: float = None  # when it became a FAILURE
    adopted: bool = False  # closed because it lasted


@dataclass
class Outcome:
    spec: Spec
    run: dict = field(default_factory=dict)
    events: list = field(default_factory=list)
    episodes: list = field(default_factory=list)
    complaints: list = field(default_factory=list)

    @property
    def interval(self):
        return self.run["interval"]

    @property
    def months(self):
        return self.run["readings"] * self.interval / (30 * 86400)

    def attacks(self):
        return [event for event in self.events if event["attack"]]


def episodes_of(notices):
    """notices: in the order of the command's output. Returns the episodes and
    what is wrong about the sequence."""
    episodes, complaints, open_by_incident = [], [], {}
    for notice in notices:
        incident, severity = notice["incident"], notice["severity"]
        current = open_by_incident.get(incident)
        if severity == "OKAY":
            if current is None:
                complaints.append(f"OKAY of {incident}, which was not open")
                continue
            current.closed = notice["time"]
            current.adopted = ADOPTED in notice.get("message", "")
            current.notices += 1
            del open_by_incident[incident]
        elif severity in RAISED:
            if current is None:
                current = Episode(incident, notice["time"],
                                  notice.get("values") or {},
                                  notice.get("message", ""),
                                  severity=severity)
                episodes.append(current)
                open_by_incident[incident] = current
            else:
                current.notices += 1
                current.severity = max(current.severity, severity,
                                       key=RAISED.index)
            if severity == "FAILURE" and current.failed is None:
                current.failed = notice["time"]
        else:
            complaints.append(f"severity {severity!r}")
    return episodes, complaints


def notices_of(lines):
    """Lines of JSON; what is no notification (a summary, text) is skipped."""
    notices = []
    for line in lines:
        if not line.startswith("{"):
            continue
        found = json.loads(line)
        if "severity" in found and "incident" in found:
            notices.append(found)
    return notices


def read_truth(path):
    with open(path, encoding="utf-8") as file:
        lines = [json.loads(line) for line in file]
    return lines[0], lines[1:]


def pipe(simulate, arguments, command, truth):
    """Returns the lines that the command printed; what it said on its standard
    error is of interest only where it failed."""
    simulator = subprocess.Popen([simulate, *arguments, "--truth", truth],
                                 stdout=subprocess.PIPE)
    judge = subprocess.Popen(command, stdin=simulator.stdout,
                             stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, text=True)
    simulator.stdout.close()
    printed, said = judge.communicate()
    if judge.returncode != 0:
        raise RuntimeError(f"{shlex.join(command)} returned "
                           f"{judge.returncode} on {shlex.join(arguments)}: "
                           f"{said.strip()}")
    if simulator.wait() != 0:
        raise RuntimeError(f"simulate {shlex.join(arguments)} failed")
    return printed.splitlines()


def execute(simulate, command, spec):
    """Simulate one host and judge it. Returns its Outcome."""
    handle, truth = tempfile.mkstemp(prefix="truth-", suffix=".jsonl")
    os.close(handle)
    try:
        lines = pipe(simulate, spec.arguments, command, truth)
        run, events = read_truth(truth)
    finally:
        os.unlink(truth)
    episodes, complaints = episodes_of(notices_of(lines))
    return Outcome(spec, run, events, episodes, complaints)
