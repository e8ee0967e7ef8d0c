#!/usr/bin/env python3
"""Does the scorer count what it says? Cases worked by hand."""

import math
import os
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import replay_bars  # noqa: E402
import replay_plan  # noqa: E402
import replay_run  # noqa: E402
import replay_scenario  # noqa: E402
import replay_score  # noqa: E402


def notice(time, severity, incident="syn_flood", **values):
    return {"time": time, "incident": incident, "severity": severity,
            "values": values}


def event(kind="flood", start=1000.0, end=1600.0, **more):
    return {"event": kind, "attack": kind in ("flood", "leak", "stall"),
            "start": start, "end": end, "rate": 5.0, "share": 40,
            "share_reached": 40, "shape": "steady", "shows": "table",
            "syn_sent_peak": 0, **more}


def outcome(notices, events=(), part="floods", readings=8640, **run):
    episodes, complaints = replay_run.episodes_of(notices)
    return replay_run.Outcome(
        replay_run.Spec(part, ["--class", "medium"]),
        {"interval": 10, "readings": readings, "class": "medium",
         "run": part, **run}, list(events), episodes, complaints)


def value(rows, measure):
    return next(row.value for row in rows if row.measure.strip() == measure)


class Episodes(unittest.TestCase):
    def test_a_worsening_is_no_second_incident(self):
        episodes, complaints = replay_run.episodes_of(
            [notice(10, "WARNING"), notice(20, "FAILURE"), notice(90, "OKAY"),
             notice(200, "WARNING")])
        self.assertEqual([e.raised for e in episodes], [10, 200])
        self.assertEqual(episodes[0].closed, 90)
        self.assertEqual(episodes[0].notices, 3)
        self.assertEqual(episodes[0].severity, "FAILURE")
        self.assertIsNone(episodes[1].closed)
        self.assertEqual(complaints, [])

    def test_an_okay_out_of_nowhere_is_complained_about(self):
        _, complaints = replay_run.episodes_of([notice(10, "OKAY")])
        self.assertEqual(len(complaints), 1)

    def test_a_summary_is_no_notification(self):
        lines = ["", "readings 17", '{"summary": true, "readings": 17}',
                 '{"time": 1.5, "incident": "syn_flood", "severity": "OKAY"}']
        self.assertEqual(len(replay_run.notices_of(lines)), 1)


class Runs(unittest.TestCase):
    def test_a_command_that_fails_is_quoted(self):
        with self.assertRaisesRegex(RuntimeError, "returned 3 .*: no room"):
            replay_run.pipe("true", [], ["sh", "-c",
                                         "echo no room >&2; exit 3"], "-")

    def test_what_a_command_says_beside_its_output_is_no_output(self):
        lines = replay_run.pipe("true", [], ["sh", "-c",
                                             "echo one; echo two >&2"], "-")
        self.assertEqual(lines, ["one"])


class Readings(unittest.TestCase):
    def test_the_first_reading_after_the_start_is_the_first(self):
        count = replay_score.readings_since
        self.assertEqual(count(1000, 1000.5, 10), 1)
        self.assertEqual(count(1000, 1010.004, 10), 1)
        self.assertEqual(count(1000, 1010.5, 10), 2)
        self.assertEqual(count(1003, 1033.5, 10), 4)

    def test_a_miss_takes_for_ever(self):
        found = replay_score.find([outcome([], [event()])], "floods",
                                  "syn_flood")
        self.assertEqual(found[0].readings, math.inf)
        self.assertIsNone(found[0].okay_readings)

    def test_the_okay_counts_from_the_end(self):
        run = outcome([notice(1030, "WARNING"), notice(1685, "OKAY")],
                      [event()])
        found = replay_score.find([run], "floods", "syn_flood")[0]
        self.assertEqual(found.readings, 3)
        self.assertEqual(found.okay_readings, 9)

    def test_an_incident_closed_too_early_has_no_okay_after_the_end(self):
        run = outcome([notice(1030, "WARNING"), notice(1100, "OKAY")],
                      [event()])
        found = replay_score.find([run], "floods", "syn_flood")[0]
        self.assertIsNone(found.okay_readings)
        self.assertFalse(replay_bars.stays_open(found))


class Alarms(unittest.TestCase):
    def test_the_tail_of_an_attack_is_to_blame_for_a_minute(self):
        run = outcome([notice(1669, "WARNING"), notice(1672, "OKAY"),
                       notice(1671, "WARNING", "accept_overflow"),
                       notice(900, "WARNING", "close_wait_leak")], [event()])
        alarms = replay_score.false_alarms(run)
        self.assertEqual([e.incident for e in alarms],
                         ["accept_overflow", "close_wait_leak"])

    def test_a_crowd_excuses_nothing(self):
        run = outcome([notice(1100, "WARNING")], [event("crowd")],
                      part="month", readings=259200)
        rows = replay_bars.month_rows([run])
        self.assertEqual(rows[0].value, 1)
        self.assertEqual(rows[2].value, 1)
        self.assertFalse(any(row.passed for row in rows))

    def test_the_worst_class_is_named(self):
        rows = replay_bars.month_rows(
            [outcome([], part="month", readings=259200),
             outcome([notice(5, "WARNING")], part="month", readings=259200,
                     **{"class": "idle"})])
        self.assertEqual(rows[0].value, 0.5)
        self.assertIn("idle", rows[1].measure)
        self.assertEqual(rows[1].value, 1)


class Bars(unittest.TestCase):
    def test_no_data_passes_no_bar(self):
        for row in replay_bars.score([]):
            if row.bar and row.measure != "notifications out of order":
                self.assertFalse(row.passed, row.measure)

    def test_floods_are_counted_by_share(self):
        hit = outcome([notice(1040, "WARNING")], [event()])
        slow = outcome([notice(1100, "WARNING")], [event()])
        miss = outcome([], [event(share=15)])
        tiny = outcome([], [event(share=70, rate=0.1)])
        rows = replay_bars.flood_rows([hit, slow, miss, tiny])
        self.assertAlmostEqual(
            value(rows, "floods of 15 % share and more detected"), 200 / 3)
        self.assertEqual(value(rows, "within 9 readings at 40 %"), 50)
        self.assertEqual(value(rows, "within 9 readings at 15 %"), 0)
        self.assertTrue(math.isnan(value(rows, "within 9 readings at 70 %")))
        self.assertEqual(
            value(rows, "readings to detection, median, at 40 %"), 7)

    def test_a_baseline_that_moved_is_seen_by_the_twin(self):
        def run(name, expected, events):
            notices = [notice(events[-1]["start"] + 10, "WARNING",
                              Expected=expected)]
            return outcome(notices, events, part="long", **{"run": name})
        long = event(end=8200.0)
        probe = event(start=12000.0, end=12600.0)
        rows = replay_bars.long_rows([run("long", 22.0, [long, probe]),
                                       run("long-twin", 20.0, [probe])])
        self.assertAlmostEqual(
            value(rows, "baseline moves by, median of hosts"), 10)

    def test_an_alarm_before_a_change_is_not_of_the_change(self):
        run = outcome([notice(500, "WARNING"), notice(600, "OKAY"),
                       notice(9999, "WARNING")], [event("shift")],
                      part="shift")
        self.assertEqual(
            value(replay_bars.change_rows([run]),
                  "load three times as high for good: alarms"), 1)

    def test_a_ramp_is_told_if_it_is_open_in_time(self):
        ramp = event(shape="doubling", established=500, unanswered_15_at=1200,
                     completion_60_at=1400)
        notices = [notice(1100, "WARNING"), notice(1150, "OKAY"),
                   notice(1300, "WARNING")]
        rows = replay_bars.creep_rows([outcome(notices, [ramp],
                                               part="creep")])
        self.assertEqual(rows[0].value, 0)
        self.assertEqual(rows[1].value, 100)

    def test_the_second_flood_is_one_of_its_own(self):
        floods = [event(end=2000.0), event(start=6000.0, end=9000.0)]
        runs = [outcome([notice(1010, "WARNING"), notice(2090, "OKAY")],
                        floods, part="again"),
                outcome([notice(1010, "WARNING"), notice(1090, "OKAY"),
                         notice(6100, "WARNING")], floods, part="again")]
        rows = replay_bars.again_rows(runs)
        self.assertEqual([row.value for row in rows], [50, 50, 0])

    def test_a_neighbour_may_cost_three_readings(self):
        def run(name, raised):
            events = [event(), event("overflow", rate=0.05)]
            return outcome([notice(raised, "WARNING")], events, part="beside",
                           **{"run": name, "seed": 1})
        for raised, told in ((1045, 100), (1055, 0)):
            rows = replay_bars.beside_rows([run("beside", raised),
                                            run("beside-twin", 1015)])
            self.assertEqual(rows[0].value, told)

    def test_a_scan_is_charged_with_what_it_raises(self):
        scans = [event("scan", end=1005.0, count=50),
                 event("scan", start=5000.0, end=5040.0, count=50),
                 event("scan", start=9000.0, end=9400.0, count=0)]
        run = outcome([notice(1010, "WARNING"), notice(1100, "OKAY"),
                       notice(5030, "FAILURE")], scans, part="scans")
        rows = replay_bars.scan_rows([run])
        self.assertEqual(value(rows, "scans of 5 to 100 SYNs: FAILUREs each"),
                         0.5)
        self.assertEqual(value(rows, "incidents each of 10 s and less"), 1)
        self.assertEqual(value(rows, "incidents each of 20 to 60 s"), 1)

    def test_brief_readings_are_parts_of_ten_seconds(self):
        pulses = event(shape="pulses", end=3000.0)
        run = outcome([notice(1085, "WARNING")], [pulses], part="pulsed",
                      interval=1)
        self.assertEqual(value(replay_bars.pulse_rows([run]),
                               "within 9 readings (of 10 s at least)"), 100)

    def test_a_row_names_the_hosts_it_needs(self):
        self.assertEqual(replay_bars.parts_of("overflow elsewhere"),
                         {"beside"})
        self.assertEqual(replay_bars.parts_of("no such row"), set())

    def test_a_leak_is_timed_in_minutes(self):
        run = outcome([notice(1000 + 3600, "WARNING", "close_wait_leak")],
                      [event("leak", end=30000.0, rate=40.0)], part="leak")
        rows = replay_bars.leak_rows([run])
        self.assertEqual(
            value(rows, "CLOSE_WAIT leak of 40 an hour: detected"), 100)
        self.assertEqual(value(rows, "median"), 60)


class Scenarios(unittest.TestCase):
    judged = outcome([notice(1035, "WARNING"), notice(1700, "OKAY"),
                      notice(1100, "WARNING", "state_shift")], [event()])

    def wrong(self, *expectations):
        return replay_scenario.failures(self.judged, list(expectations))

    def test_what_holds_is_not_mentioned(self):
        self.assertEqual([], self.wrong(
            "syn_flood raised within 4 readings of flood",
            "syn_flood raised within 1 minutes of flood 1",
            "syn_flood okay within 10 readings after flood",
            "syn_flood at most 2 notifications",
            "syn_flood at most 1 incidents", "close_wait_leak never"))

    def test_a_failure_is_timed_by_itself(self):
        run = outcome([notice(1010, "WARNING"), notice(1050, "FAILURE")],
                      [event()])
        wrong = replay_scenario.failures
        self.assertEqual(wrong(run, [
            "syn_flood raised within 1 readings of flood",
            "syn_flood FAILURE within 5 readings of flood",
            "syn_flood open at the end of flood"]), [])
        for text in ("syn_flood FAILURE within 4 readings of flood",
                     "syn_flood never FAILURE"):
            self.assertEqual(len(wrong(run, [text])), 1)

    def test_a_flood_that_is_adopted_is_told(self):
        okay = dict(notice(1500, "OKAY"), message="syn_flood closed: it has "
                    "lasted and is the new normal: 3 half-open")
        for last, wrong in ((okay, 1), (notice(1500, "OKAY"), 0)):
            run = outcome([notice(1010, "WARNING"), last], [event()])
            self.assertEqual(len(replay_scenario.failures(
                run, ["syn_flood never adopted"])), wrong)

    def test_before_it_is_too_late(self):
        ramp = event(unanswered_15_at=1060, completion_60_at=0)
        text = "syn_flood raised before unanswered are 15 % of flood"
        for raised, wrong in ((1050, 0), (1070, 1)):
            run = outcome([notice(raised, "WARNING")], [ramp])
            self.assertEqual(len(replay_scenario.failures(run, [text])), wrong)
        with self.assertRaises(replay_scenario.Malformed):
            replay_scenario.failures(run, [text.replace(
                "unanswered are 15", "completion is 60")])

    def test_an_incident_is_no_stray_where_it_is_expected(self):
        run = outcome([notice(2010, "WARNING", "accept_overflow")],
                      [event("overflow", start=2000.0, end=3000.0)])
        for text, wrong in (
                ("accept_overflow raised within 2 readings of overflow", 0),
                ("accept_overflow at most 1 incidents of overflow", 0),
                ("accept_overflow at most 1 incidents", 1)):
            self.assertEqual(len(replay_scenario.failures(run, [text])), wrong)

    def test_what_does_not_hold_is_told(self):
        for text in ("syn_flood raised within 3 readings of flood",
                     "syn_flood okay within 9 readings after flood",
                     "syn_flood at most 1 notifications", "syn_flood never",
                     "nothing else"):
            self.assertEqual(len(self.wrong(text)), 1, text)

    def test_an_alarm_outside_of_attacks_fails_every_scenario(self):
        run = outcome([notice(10, "WARNING")], [event()])
        self.assertEqual(
            len(replay_scenario.failures(run, ["close_wait_leak never"])), 1)

    def test_what_is_not_understood_is_refused(self):
        for text in ("syn_flood maybe",
                     "syn_flood raised within 3 readings of flood 2"):
            with self.assertRaises(replay_scenario.Malformed):
                self.wrong(text)

    def test_a_file_without_expectations_is_refused(self):
        with tempfile.NamedTemporaryFile("w", suffix=".scenario") as file:
            file.write("# nothing\nsimulate --class idle\n")
            file.flush()
            with self.assertRaises(replay_scenario.Malformed):
                replay_scenario.load(file.name)

    def test_every_scenario_of_the_folder_is_understood(self):
        paths = replay_scenario.paths(os.path.dirname(
            os.path.abspath(__file__)))
        self.assertGreater(len(paths), 20)
        for path in paths:
            _, _, expectations = replay_scenario.load(path)
            for text in expectations:
                self.assertTrue(
                    text == "nothing else" or
                    any(pattern.fullmatch(text)
                        for pattern, _ in replay_scenario.CHECKS),
                    f"{path}: {text}")


class Plan(unittest.TestCase):
    def test_the_month_is_at_least_24_hosts_of_every_class(self):
        month = [s for s in replay_plan.plan(1) if s.part == "month"]
        self.assertGreaterEqual(len(month), 24)
        classes = {s.arguments[1] for s in month}
        self.assertEqual(classes, set(replay_plan.CLASSES))

    def test_no_host_is_simulated_twice(self):
        runs = [tuple(s.arguments) for s in replay_plan.plan(1)]
        self.assertEqual(len(runs), len(set(runs)))


if __name__ == "__main__":
    unittest.main()
