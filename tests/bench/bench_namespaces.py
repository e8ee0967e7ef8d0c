"""What many network namespaces cost, in namespaces of its own: run by
`run --inside-namespaces`, which prints what it found as JSON."""
import json
import os
import resource
import signal
import statistics
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "namespaces"))
from bench_daemon import Daemon, Readings  # noqa: E402
from own_namespaces import Namespace  # noqa: E402

NAMESPACES, SOCKETS = 200, 20000
WARM_UP, READINGS = 3, 9
INTERVAL_S = 3
# With its own folder of names, and nobody else's.
ISOLATE = ["unshare", "--net", "--mount", "--pid", "--mount-proc", "--fork", "--kill-child", "sh", "-ec",
           'ip link set lo up; mount -t tmpfs tmpfs /run; mkdir /run/netns; "$@"', "-"]


def hold(numbers):
    """Both ends of a connection are a socket, and so is the listener."""
    held = []
    for number in numbers:
        held.append(Namespace(f"bench-{number:03}"))
        held[-1].connect(SOCKETS // NAMESPACES // 2, keep=True)
    return held


def hold_all():
    """A process for each few: descriptors are limited. They live until this one ends."""
    step = 40
    for first in range(0, NAMESPACES, step):
        here, there = os.pipe()
        if os.fork() == 0:
            soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
            resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 8192)), hard))
            kept = hold(range(first, first + step))
            os.write(there, bytes([len(kept)]))
            signal.pause()
        os.close(there)
        if os.read(here, 1) != bytes([step]):
            raise OSError("the sockets cannot be made")


def rooms(build):
    out = subprocess.run([f"{build}/tests/bench/measure_namespaces"], stdout=subprocess.PIPE, text=True,
                         check=True).stdout
    return {key: float(value) for key, _, value in (word.partition("=") for word in out.split())}


def daemons(build, folder):
    """The reader's thread of a daemon that reads all, and of one that reads its own
    namespace; values are dispatched, and nobody takes them."""
    settings = '<Plugin tcpstates>\nPeaks false\nReadBudget 100\nWalkEvery 3600\nNamespaces "{}"\n</Plugin>'
    both = []
    try:
        for name, namespaces in (("all", "named"), ("own", "none")):
            both.append(Daemon(build, folder, name, ["tcpstates"], settings.format(namespaces), INTERVAL_S))
        readings = Readings(both, INTERVAL_S / 10, 2e-4)
        if not readings.gather(WARM_UP + READINGS, 120):
            raise RuntimeError("the daemons did not read in time")
        return {f"daemon_{name}_s": statistics.median(costs_s[WARM_UP:])
                for name, costs_s in readings.costs_s.items()}
    finally:
        for daemon in both:
            daemon.stop()


def run(build, folder):
    """Prints {"found": {...}, "problems": [...]}."""
    found, problems = {}, []
    for part in (hold_all, lambda: rooms(build), lambda: daemons(build, folder)):
        try:
            found.update(part() or {})
        except (OSError, RuntimeError, ValueError, subprocess.CalledProcessError) as error:
            problems.append(f"{NAMESPACES} namespaces: {error}")
    print(json.dumps({"found": found, "problems": problems}))
