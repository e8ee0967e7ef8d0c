#!/usr/bin/env python3
"""Does the soak's scorer see what it is there for? Cases worked by hand."""

import math
import os
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import soak_score  # noqa: E402
import soak_table  # noqa: E402
import replay_run  # noqa: E402


def notice(time, severity, incident="syn_flood"):
    return {"time": time, "incident": incident, "severity": severity}


def flood(start=10000, end=10600, **more):
    return {"event": "flood", "attack": True, "start": start, "end": end,
            "rate": 50.0, "share": 40, "share_reached": 40,
            "shape": "steady", "shows": "table", "syn_sent_peak": 0, **more}


def gap(start, end):
    return {"event": "gap", "attack": False, "start": start, "end": end}


def outcome(notices, *events):
    episodes, _ = replay_run.episodes_of(notices)
    return replay_run.Outcome(
        replay_run.Spec("soak", [], "host"),
        {"interval": 10, "readings": 259200, "end": 100000}, list(events),
        episodes, soak_score.out_of_order(notices))


def missed_bars(some):
    rows, texts = soak_score.incident_rows([some])
    missed = [row.measure for row in rows if not row.held]
    assert bool(missed) == bool(texts)
    return missed


ONCE = [notice(10020, "WARNING"), notice(10030, "FAILURE"),
        notice(10700, "OKAY")]


class Incidents(unittest.TestCase):
    def test_a_flood_raised_once_and_ended_once_is_well(self):
        self.assertEqual(missed_bars(outcome(ONCE, flood())), [])

    def test_a_flood_that_nobody_raised_is_seen(self):
        self.assertEqual(missed_bars(outcome([], flood())),
                         ["attacks that raised no incident"])

    def test_an_incident_of_another_kind_does_not_count(self):
        other = [{**n, "incident": "outbound_stall"} for n in ONCE]
        self.assertIn("attacks that raised no incident",
                      missed_bars(outcome(other, flood())))

    def test_a_flood_raised_twice_is_seen(self):
        twice = [notice(10020, "WARNING"), notice(10100, "OKAY"),
                 notice(10200, "WARNING"), notice(10700, "OKAY")]
        self.assertEqual(missed_bars(outcome(twice, flood())),
                         ["attacks that raised more than one"])

    def test_an_incident_without_an_end_is_seen(self):
        late = [*ONCE[:2], notice(12500, "OKAY")]
        for some in (ONCE[:2], late):
            self.assertEqual(missed_bars(outcome(some, flood())),
                             ["incidents that did not end in 20 min"])

    def test_an_incident_where_nothing_was_is_seen(self):
        calm = [notice(50000, "WARNING"), notice(50100, "OKAY")]
        self.assertEqual(missed_bars(outcome(ONCE + calm, flood())),
                         ["false alarms a host-month"])

    def test_a_repetition_is_seen(self):
        again = [ONCE[0], notice(10025, "WARNING"), *ONCE[1:]]
        self.assertEqual(missed_bars(outcome(again, flood())),
                         ["notifications out of order"])

    def test_what_a_gap_disturbs_is_not_held_to_once(self):
        some = outcome([], flood(), gap(10300, 10400))
        self.assertEqual(list(soak_score.held_attacks(some)), [])
        some = outcome([], flood(), gap(20000, 20100))
        self.assertEqual(len(list(soak_score.held_attacks(some))), 1)


class Order(unittest.TestCase):
    def test_each_rise_and_one_end_are_in_order(self):
        self.assertEqual(soak_score.out_of_order(ONCE + ONCE), [])

    def test_falls_ends_of_nothing_and_repetitions_are_not(self):
        for some in ([notice(1, "OKAY")],
                     [notice(1, "FAILURE"), notice(2, "WARNING")],
                     [notice(1, "FAILURE"), notice(2, "FAILURE")]):
            self.assertEqual(len(soak_score.out_of_order(some)), 1)


class Differences(unittest.TestCase):
    def test_none_between_the_same(self):
        self.assertEqual(soak_score.differences([outcome(ONCE)],
                                                [outcome(ONCE)]), ([], 1))

    def test_another_end_is_told_on_both_sides(self):
        later = [*ONCE[:-1], {**ONCE[-1], "time": ONCE[-1]["time"] + 10}]
        found, compared = soak_score.differences([outcome(ONCE)],
                                                 [outcome(later)])
        self.assertEqual([text.split(":")[0] for text in found],
                         ["plugin", "replay"])
        self.assertEqual(compared, 1)

    def test_what_a_gap_cuts_is_not_compared(self):
        cut = [notice(10020, "WARNING"), notice(11000, "OKAY"),
               notice(20100, "WARNING"), notice(20500, "OKAY")]
        whole = [notice(10020, "WARNING"), notice(20500, "OKAY")]
        away = gap(10100, 20000)
        self.assertEqual(soak_score.differences(
            [outcome(cut, away)], [outcome(whole, away)]), ([], 0))
        self.assertEqual(len(soak_score.differences(
            [outcome(cut)], [outcome(whole)])[0]), 3)


class Figures(unittest.TestCase):
    def test_growth_is_of_the_quarters_once_warm(self):
        flat = [0] * 10 + [100] * 90
        self.assertEqual(soak_table.growth(flat), 0)
        self.assertEqual(soak_table.growth(list(range(100))), 68)
        self.assertTrue(math.isnan(soak_table.growth([1, 2, 3])))

    def test_slope_of_a_line(self):
        self.assertAlmostEqual(
            soak_table.slope([0, 1, 2, 3], [5, 7, 9, 11]), 2)

    def test_what_could_not_be_measured_holds_no_bar(self):
        row = soak_table.Row("x", math.nan, "", ("<=", 1))
        self.assertFalse(row.held)


if __name__ == "__main__":
    unittest.main()
