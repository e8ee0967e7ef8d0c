#!/usr/bin/env python3
"""The lab's judge on folders made by hand: it compares each figure of a notification
with what the witness saw then, and none with what nobody looked at.
usage: tests/lab/check_judge.py   (one of make check's)"""
import importlib.machinery
import importlib.util
import os
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
PATH = os.path.join(os.path.dirname(os.path.abspath(__file__)), "judge")
LOADER = importlib.machinery.SourceFileLoader("lab_judge", PATH)
judge = importlib.util.module_from_spec(importlib.util.spec_from_loader("lab_judge", LOADER))
LOADER.exec_module(judge)

SETTINGS = """expect=syn_flood
severity=WARNING
within=3
notifications=2-3
okay_within=80
listener=0.0.0.0:80
least_established=0
least_half_open=10
interval=1
event_start=100.0
event_end=130.0
stack=ours
"""
TEXT = "syn_flood on 0.0.0.0:80: {} half-open (expected 4, limit 16); {}"


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as out:
        out.write(text)


def tell(folder, severity, time, message):
    """As the exec handler keeps it, and as the logfile has it."""
    write(f"{folder}/heard/{time}.heard",
          f"Severity: {severity}\nTime: {time}\nPlugin: baseline\n"
          f"PluginInstance: syn_flood\nUid: 65534\n\n{message}\n")
    with open(f"{folder}/collectd.log", "a") as log:
        log.write(f"Notification: severity = {severity}, host = lab, "
                  f"plugin = baseline, message = {message}\n")


class Figures(unittest.TestCase):
    def verdict(self, half_open, away=()):
        """A flood of 100 half-open connections from second 101 to 140, of which the
        notice says half_open; away: the seconds in which the witness did not look."""
        with tempfile.TemporaryDirectory() as folder:
            write(f"{folder}/settings", SETTINGS)
            looks = [n / 4 for n in range(4 * 90, 4 * 160)]
            write(f"{folder}/witness", "".join(
                f"{at} {100 if 101 <= at < 140 else 0} 0 0 0 0\n"
                for at in looks if int(at) not in away))
            tell(folder, "WARNING", 102.5, TEXT.format(half_open, "since 0 s"))
            tell(folder, "OKAY", 142.5, TEXT.format(0, "lasted 40 s"))
            values = f"{folder}/csv/lab/baseline-syn_flood/gauge-severity-2026-01-01"
            write(values, "epoch,value\n102.5,1\n142.5,0\n")
            for name in ("tcp_connections-SYN_RECV", "tcp_connections-ESTABLISHED"):
                write(f"{folder}/csv/lab/tcpstates-all/{name}-2026-01-01",
                      "epoch,value\n" + "".join(f"{n}.5,9\n" for n in range(95, 150)))
            write(f"{folder}/asked", "103 1\n143 0\n")
            write(f"{folder}/backend", "")
            write(f"{folder}/listeners", "0.0.0.0:80 0 511\n")
            return judge.Judge(folder).line("ours").split("|")

    def test_right_figure_passes(self):
        self.assertEqual(self.verdict(100)[1:2] + self.verdict(100)[9:], ["pass", ""])

    def test_wrong_figure_fails(self):
        self.assertIn("150 where the kernel has", self.verdict(150)[9])

    def test_nobody_is_wrong_where_nobody_looked(self):
        self.assertEqual(self.verdict(150, away=(101, 102, 103))[1], "pass")

    def test_elsewhere_it_still_looks(self):
        self.assertEqual(self.verdict(150, away=(104,))[1], "FAIL")

    def test_nothing_compared_is_a_fault(self):
        self.assertIn("looked at no moment",
                      self.verdict(100, away=(101, 102, 103, 141, 142, 143))[9])


if __name__ == "__main__":
    unittest.main()
