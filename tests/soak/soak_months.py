#!/usr/bin/env python3
"""Simulated months at full speed: hosts of every class, each through the
command's replay, and then all of them through the plugin's write callback.

    soak_months.py --build DIR --months N --seed N [--hosts N]

Prints what was measured beside its bars. Returns 0 where all are held, 1 where
one is missed, 2 where a program cannot be started.
"""

import argparse
import concurrent.futures
import json
import os
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True  # the sources may be read-only
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "replay"))

import replay_plan  # noqa: E402
import replay_run  # noqa: E402
import soak_score  # noqa: E402
from soak_table import Row, growth, print_table  # noqa: E402

TEXTS_MAX = 40
LOOK_S = 0.02
DAYS_A_MONTH = 30


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", required=True)
    parser.add_argument("--months", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--hosts", type=int, default=6)
    return parser.parse_args()


def specs_of(options):
    """Host by host: its class, and a seed that no other host has."""
    for i in range(options.hosts):
        kind = replay_plan.CLASSES[i % len(replay_plan.CLASSES)]
        seed = 1000 * options.seed + i
        arguments = ["--class", kind, "--seed", str(seed), "--profile", "soak",
                     "--days", str(options.months * DAYS_A_MONTH)]
        yield replay_run.Spec("soak", arguments, f"{kind}-{seed}")


class Soak:
    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        self.specs = list(specs_of(options))

    def program(self, path):
        return os.path.join(self.options.build, path)

    def truth_path(self, spec):
        return os.path.join(self.folder, spec.name + ".truth")

    def simulator(self, spec):
        """A process that writes the host's rows into its stdout."""
        return subprocess.Popen(
            [self.program("tests/replay/simulate"), *spec.arguments,
             "--truth", self.truth_path(spec)], stdout=subprocess.PIPE)

    def outcome(self, spec, lines):
        """What came of a host's notifications (JSON, a line each)."""
        run, events = replay_run.read_truth(self.truth_path(spec))
        notices = replay_run.notices_of(lines)
        episodes, _ = replay_run.episodes_of(notices)
        return replay_run.Outcome(spec, run, events, episodes,
                                  soak_score.out_of_order(notices))

    def replay(self, spec):
        """Returns the outcome, and the resident memory of replay in KiB, look
        by look."""
        simulator = self.simulator(spec)
        with tempfile.TemporaryFile("w+") as told:
            judge = subprocess.Popen(
                [self.program("collectd-baseline"), "replay", "--json", "-"],
                stdin=simulator.stdout, stdout=told,
                stderr=subprocess.DEVNULL)
            simulator.stdout.close()
            resident = watch_memory(judge)
            end([judge, simulator])
            told.seek(0)
            return self.outcome(spec, told), resident

    def write(self):
        """All hosts through one plugin. Returns the outcomes, the memory in
        use in bytes, day by day, and what the program counted."""
        simulators = [self.simulator(spec) for spec in self.specs]
        streams = [simulator.stdout for simulator in simulators]
        state = os.path.join(self.folder, "state")
        writes = subprocess.Popen(
            [self.program("tests/soak/soak_writes"), state,
             str(self.options.seed),
             *(f"{spec.name}=/dev/fd/{stream.fileno()}"
               for spec, stream in zip(self.specs, streams))],
            pass_fds=[stream.fileno() for stream in streams],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for stream in streams:
            stream.close()
        lines = writes.stdout.read().splitlines()
        end([writes, *simulators])
        found = [json.loads(line) for line in lines]
        counted = found[-1]
        counted["damaged"] = len([name for name in os.listdir(self.folder)
                                  if name.startswith("state.bad")])
        memory = [one["memory"] for one in found if "memory" in one]
        return [self.outcome(spec, [json.dumps(one) for one in found
                                    if one.get("host") == spec.name])
                for spec in self.specs], memory, counted


def watch_memory(process):
    """VmRSS until it ends."""
    resident = []
    while process.poll() is None:
        with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
            resident += [int(line.split()[1]) for line in status
                         if line.startswith("VmRSS:")]
        time.sleep(LOOK_S)
    return resident


def end(processes):
    for process in processes:
        if process.wait() != 0:
            raise RuntimeError(f"{' '.join(process.args[:1])} returned "
                               f"{process.returncode}")


def show(title, rows, texts):
    held = print_table(title, rows)
    for text in texts[:TEXTS_MAX]:
        print(f"    {text}")
    if len(texts) > TEXTS_MAX:
        print(f"    ... and {len(texts) - TEXTS_MAX} more")
    return held


def replay_part(soak):
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(soak.replay, soak.specs))
    outcomes = [outcome for outcome, _ in results]
    rows, texts = soak_score.incident_rows(outcomes)
    worst = max(growth(resident) for _, resident in results)
    looks = min(len(resident) for _, resident in results)
    rows.append(Row("resident memory, first to last quarter, worst", worst,
                    "KiB", ("<=", 64), f"{looks} looks and more"))
    readings = sum(outcome.run["readings"] for outcome in outcomes)
    title = (f"{len(outcomes)} hosts, {soak.options.months} months, "
             f"{readings} readings through collectd-baseline replay:")
    return outcomes, show(title, rows, texts)


def write_part(soak, replayed):
    outcomes, memory, counted = soak.write()
    rows, texts = soak_score.incident_rows(outcomes)
    otherwise, compared = soak_score.differences(outcomes, replayed)
    rows += [
        Row("memory in use, first to last quarter", growth(memory), "B",
            ("<=", 8192), f"{len(memory)} days"),
        Row("values refused", counted["refused"], "", ("=", 0)),
        Row("restarts with an incident open", counted["restarts_open"], "",
            (">=", 1), f"{counted['restarts']} restarts"),
        Row("states set aside as damaged", counted["damaged"], "", ("=", 0),
            f"{counted['flushes']} times saved"),
        Row("incidents that replay tells otherwise",
            len(otherwise), "", ("=", 0), f"{compared} of them")]
    title = (f"the same through the plugin's write callback, "
             f"{counted['readings']} readings:")
    return show(title, rows, texts + otherwise)


def main():
    options = parse()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        soak = Soak(options, folder)
        try:
            replayed, held = replay_part(soak)
            held = write_part(soak, replayed) and held
        except (OSError, RuntimeError) as error:
            print(f"soak_months: {error}", file=sys.stderr)
            return 2
    print(f"  {time.monotonic() - began:.0f} s")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
