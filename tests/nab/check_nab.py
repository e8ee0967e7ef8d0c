#!/usr/bin/env python3
"""nab on a small benchmark of our own: a level that jumps inside the window of one
file, and outside the window of another. Run by `make check` in the build folder."""
import json
import math
import os
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta

NAB = os.path.abspath("tests/nab/nab")
START = datetime(2014, 4, 1)
WINDOW = (2000, 2199)  # rows
JUMPS = {"a/inside.csv": 2010, "b/outside.csv": 1500}  # their first rows
JUMP_ROWS = 6
PROFILES = {"standard": (0.11, 1), "reward_low_FP_rate": (0.22, 1), "reward_low_FN_rate": (0.11, 2)}


def moment(row):
    return str(START + timedelta(minutes=5) * row)


def write(folder, name, text):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as out:
        out.write(text)


def write_rows(folder, name, jump, scores):
    """3000 rows of noise about 100, and about 1000 in the jump."""
    lines = ["timestamp,value" + (",anomaly_score" if scores else "")]
    for row in range(3000):
        is_high = jump <= row < jump + JUMP_ROWS
        value = (1000 if is_high else 100) + (row * 7919) % 101 / 10
        lines.append(f"{moment(row)},{value}" + (f",{float(is_high)}" if scores else ""))
    write(folder, name, "\n".join(lines) + "\n")


def write_benchmark(folder):
    for name, jump in JUMPS.items():
        write_rows(folder, "data/" + name, jump, False)
    window = [moment(row) + ".000000" for row in WINDOW]
    write(folder, "labels/combined_windows.json", json.dumps({name: [window] for name in reversed(JUMPS)}))


def jump_score(false_alarm, miss):
    """Normalised, of a detector that tells each value of the jumps: one window is
    met in its row 10 of 200; the other is missed, after a false alarm a row."""
    def worth(y):
        return 2 / (1 + math.exp(5 * y)) - 1
    raw = worth(-190 / 200) / worth(-1) - miss - JUMP_ROWS * false_alarm
    return 100 * (raw + 2 * miss) / (2 + 2 * miss)


def write_published(folder, detectors):
    """The jump's detector under several names, and what is said that it scores."""
    for name in detectors:
        for file, jump in JUMPS.items():
            write_rows(folder, f"results/{name}/{file.replace('/', '/' + name + '_')}", jump, True)
    thresholds = {profile: {"score": 0, "threshold": 1.0} for profile in PROFILES}
    write(folder, "config/thresholds.json", json.dumps({name: thresholds for name in detectors}, indent=4))
    write(folder, "results/final_results.json", json.dumps(detectors))


def run(*arguments):
    done = subprocess.run([NAB, *arguments], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def must(condition, what):
    if not condition:
        sys.exit("FAIL: " + what)


def check_watch(folder):
    status, text, _ = run("--folder", folder, "--json")
    said = json.loads(text)
    must(status == 0, "a benchmark is measured")
    must([file["file"] for file in said["files"]] == list(JUMPS), "files are sorted")
    must([file["half"] for file in said["files"]] == ["even", "odd"], "the first file is an even one")
    inside, outside = said["files"]
    must(inside["windows_told"] == 1 and inside["raw"]["standard"] > 0.9, "the jump inside is told at once")
    must(outside["false_alarms"] > 0, "the jump outside is a false alarm")
    must(abs(said["even"]["score"]["standard"] - 50 * (inside["raw"]["standard"] + 1)) < 1e-9,
         "a half has its own score")
    must(said["all"]["windows"] == 2 and said["all"]["values"] == 6000, "all is the sum of both halves")
    must(abs(said["all"]["raw"]["standard"] - inside["raw"]["standard"] - outside["raw"]["standard"]) < 1e-9,
         "raw scores are added")


def check_texts(folder):
    _, table, _ = run("--folder", folder)
    must(sum(line.startswith(("even", "odd", "all")) for line in table.splitlines()) == 5,
         "the table has a line for each file, half, and all")
    _, totals, _ = run("--folder", folder, "--totals")
    must(totals.splitlines()[-3:] == table.splitlines()[-3:] and "inside" not in totals, "--totals leaves out files")
    _, details, _ = run("--folder", folder, "--details")
    must(f"window {moment(2000)} to {moment(2199)} told at {moment(2010)[:15]}" in details, "--details has the hit")
    must("false alarm at " + moment(1500)[:15] in details, "--details has the false alarm")
    _, details, _ = run("--folder", folder, "--details", "MinChange=5000")
    must(details.count("MISSED, largest score at " + moment(2010)[:14]) == 1 and details.count("MISSED") == 2,
         "--details has the misses, and where they were nearest")


def check_settings(folder):
    _, text, _ = run("--folder", folder, "--json", "MinChange=5000")
    must(json.loads(text)["all"]["detections"] == 0, "a setting is obeyed")
    for setting, word in (("Nonsense=1", "Nonsense"), ("MinChange=x", "MinChange"), ("MinChange", "KEY=VALUE")):
        status, _, said = run("--folder", folder, setting)
        must(status == 1 and word in said, setting + " is refused")


def check_published(folder):
    right = {profile: jump_score(*weights) for profile, weights in PROFILES.items()}
    write_published(folder, {"one": right, "two": right, "three": right})
    status, text, _ = run("--folder", folder, "--published")
    must(status == 0 and text.count(" same\n") == 3, "published scores are reached:\n" + text)
    wrong = {**right, "standard": right["standard"] + 0.0002}
    write_published(folder, {"one": right, "two": right, "three": wrong})
    status, text, said = run("--folder", folder, "--published")
    must(status == 1 and "DIFFERS" in text and "not shown" in said, "a difference is found")
    write_published(folder, {"one": right, "two": right})
    must(run("--folder", folder, "--published")[0] == 1, "two are too few")


def check_complaints(folder):
    status, _, said = run()
    must(status == 2 and "--folder" in said, "the folder is asked for")
    status, _, said = run("--folder", folder + "/none")
    must(status == 1 and "combined_windows.json" in said, "a folder that is none is named")
    os.remove(folder + "/data/b/outside.csv")
    status, _, said = run("--folder", folder)
    must(status == 1 and "b/outside.csv" in said, "a missing file is named")


def main():
    with tempfile.TemporaryDirectory() as folder:
        write_benchmark(folder)
        check_watch(folder)
        check_texts(folder)
        check_settings(folder)
        check_published(folder)
        check_complaints(folder)


main()
