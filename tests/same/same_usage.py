"""Every subcommand's help, and every option as it should not be given."""

import re
import shutil
import subprocess
import time
from functools import partial
from pathlib import Path

from same_history import SMALL, block
from same_odd import BY_KIND, HERE, TIMES, WORDS

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures/state-1.0.0"
# What makes a call whole, so that an option is what it fails for, if at all.
WHOLE = {"replay": ["h.csv"], "learn": ["--from", "h.csv", "--state", "new"],
         "plot": ["--from", "h.csv", "-o", "x.svg"],
         "explain": ["--state", "state", "-C", "conf"]}
DAEMON = ["-s", "absent"]
OPTION = re.compile(r"^ +(?:(-\w), )?(--[\w-]+)(?: ([A-Z]\w*))?", re.M)


def files(pair):
    csv, clock = pair.simulate("usage", SMALL)
    return {"h.csv": csv.read_bytes(), "conf": block([]),
            "state": (FIXTURES / "simulated").read_bytes()}, clock + 10


def general(pair):
    for arguments in ([], ["--help"], ["-h"], ["--version"], ["-V"], ["bogus"],
                      ["--bogus"], ["--help", "x"], [""], ["stat"],
                      ["replay", "--help", "--bogus"]):
        pair.run(f"command {arguments}", arguments)


def options_of(text):
    for letter, name, value in OPTION.findall(text):
        yield name, letter, value


def subcommand(name, text, pair):
    laid, clock = files(pair)
    call = partial(pair.run, files=laid, clock=clock)
    whole = WHOLE.get(name, DAEMON)
    lists = [[], ["--help"], ["-h"], whole, ["--bogus"], ["-Z"], ["--version"],
             [*whole, "more"], [*whole, "--", "--more"], ["--he"]]
    for option, letter, kind in options_of(text):
        lists += [[option], [*whole, option], [option + "=1", *whole]]
        lists += [[*whole, letter], [*whole, letter, "1"]] if letter else []
        lists += [[*whole, option, value] for value in
                  (BY_KIND.get(kind, WORDS + HERE) if kind else [option])]
        lists.append([*whole, option, "1", option, "2"])
    for arguments in lists:
        call(f"{name} {arguments}", [name, *arguments])
    for zone in "Europe/Berlin", "America/St_Johns":
        for arguments in whole, [*whole, "--since", TIMES[2]], \
                [*whole, "--start", "-10m"]:
            call(f"{name} {arguments} in {zone}", [name, *arguments],
                 env={"TZ": zone, "LC_ALL": "C"})


def beside_collectd(pair):
    """learn says so where a collectd runs: here a process that looks like one."""
    laid, clock = files(pair)
    name, plugin = pair.work / "collectd", pair.work / "baseline.so"
    shutil.copy("/bin/sleep", name)
    shutil.copy(pair.clock, plugin)
    with subprocess.Popen([name, "600"],
                          env={"LD_PRELOAD": str(plugin)}) as process:
        time.sleep(0.2)
        left = pair.run("learn beside a collectd", ["learn", *WHOLE["learn"]],
                        files=laid, clock=clock)
        process.kill()
    if b"collectd runs (process" not in left["stderr"]:
        raise RuntimeError(f"learn does not see it: {left['stderr']}")


def usage(pair):
    """Yields a batch a subcommand, with the options of its --help."""
    beside_collectd(pair)  # before others run that must not see it
    yield general
    names = re.findall(r"^  (\w+) ", printed(pair, ["--help"]), re.M)
    for name in names:
        yield partial(subcommand, name, printed(pair, [name, "--help"]))


def printed(pair, arguments):
    left = pair.run(f"{arguments}", arguments, status=0)
    return left["stdout"].decode()
