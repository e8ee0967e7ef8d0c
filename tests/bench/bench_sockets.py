"""What is measured beside a number of sockets, in a network namespace of its
own: run by `run --inside`, which prints what it found as JSON."""
import json
import os
import resource
import statistics
import subprocess
import time
import urllib.request

from bench_daemon import PATH, STOCK, Daemon, Readings, process_s

ROUNDS = 7
WARM_UP = 2     # readings of each daemon that do not count: the first is whole
READINGS = 7
MEMORY_READINGS = 100
MEMORY_DAEMONS = 3  # of each kind
OURS = ["tcpstates", "baseline"]
WALKS = 'HalfOpenBy "walk"\n'
USUAL_PLUGINS = ("battery", "cpu", "df", "disk", "entropy", "interface", "irq",
                 "memory", "processes", "rrdtool", "swap", "users")
EXPORTER_PORT = 19100
LEAST_S = 2e-4


def loads(plugin):
    """Whether the plugin and the libraries that it needs are there."""
    out = subprocess.run(["ldd", f"{STOCK}/{plugin}.so"], capture_output=True,
                         text=True, check=False)
    return out.returncode == 0 and "not found" not in out.stdout


def usual_plugins():
    return [plugin for plugin in USUAL_PLUGINS if loads(plugin)]


class Inside:
    """half_closed_each: one connection in so many is half closed."""

    def __init__(self, build, folder, sockets, half_closed_each):
        self.build = build
        self.folder = folder
        self.sockets = sockets
        self.half_closed_each = half_closed_each
        self.found = {}

    def hold(self):
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True,
                       env={**os.environ, "PATH": PATH})
        self.holder = subprocess.Popen(
            [f"{self.build}/tests/bench/hold_sockets", str(self.sockets),
             str(self.half_closed_each)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if self.holder.stdout.readline() != "ready\n":
            raise RuntimeError(f"{self.sockets} sockets cannot be made")

    def measure_sources(self):
        """By our own rooms and a bare client, without a daemon."""
        out = subprocess.run(
            [f"{self.build}/tests/sockets/measure_sources", "--here"],
            stdout=subprocess.PIPE, text=True, check=True).stdout
        for word in out.splitlines()[-1].split():
            key, _, value = word.partition("=")
            try:
                self.found[key] = float(value)
            except ValueError:
                pass

    @staticmethod
    def tcpstates(source, more=""):
        """No reading is spared, however much it costs."""
        return f'<Plugin tcpstates>\nSource "{source}"\nReadBudget 100\n{more}</Plugin>'

    def measure_daemons(self):
        """tcpstates and tcpconns read at an interval in which both have time to
        stand still again, and a bare walk with them. Every second a look for
        Peaks would be taken for a reading."""
        interval_s = max(1, round(self.sockets / 100000))
        conns = "<Plugin tcpconns>\nAllPortsSummary true\n</Plugin>"
        daemons = []
        try:
            for name, plugin, settings in (
                    ("netlink", "tcpstates", self.tcpstates("netlink", "Peaks false\n")),
                    ("proc", "tcpstates", self.tcpstates("proc")),
                    ("tcpconns", "tcpconns", conns)):
                daemons.append(Daemon(self.build, self.folder, name, [plugin],
                                      settings, interval_s))
                time.sleep(interval_s / 3)
            bare = subprocess.Popen(
                [f"{self.build}/tests/bench/walk_at_intervals", str(interval_s),
                 str(READINGS)], stdout=subprocess.PIPE, text=True)
            readings = Readings(daemons, interval_s / 10, LEAST_S)
            whole = readings.gather(WARM_UP + READINGS, 60 + 40 * interval_s)
            for name, costs_s in readings.costs_s.items():
                if whole:
                    self.found["daemon_" + name] = statistics.median(
                        costs_s[WARM_UP:])
            key, _, value = bare.communicate()[0].partition("=")
            self.found[key] = float(value)
        finally:
            for daemon in daemons:
                daemon.stop()

    def measure_memory(self):
        """With both plugins, and without, after so many readings, beside what
        Debian's collectd loads by itself: a daemon that does nothing else would
        be charged with libraries that everybody's daemon has. And without BPF."""
        interval_s = max(0.5, self.sockets / 500000)
        plugins = usual_plugins()
        baseline = "\n<Plugin baseline>\nStateFile \"state\"\n</Plugin>"
        kinds = (("without", [], ""),
                 ("both", OURS, self.tcpstates("netlink") + baseline),
                 ("walks", OURS, self.tcpstates("netlink", WALKS) + baseline))
        daemons = {kind: [] for kind, _, _ in kinds}
        try:
            for i in range(MEMORY_DAEMONS):
                for kind, ours, settings in kinds:
                    daemons[kind].append(
                        Daemon(self.build, self.folder, f"{kind}{i}", plugins + ours,
                               settings, interval_s))
            time.sleep((MEMORY_READINGS + 1) * interval_s)
            kb = {kind: statistics.median(daemon.memory_kb() for daemon in all_of)
                  for kind, all_of in daemons.items()}
            self.found["memory_more_kb"] = kb["both"] - kb["without"]
            self.found["memory_bpf_kb"] = kb["both"] - kb["walks"]
            self.found["memory_plugins"] = len(plugins) + len(OURS)
        finally:
            for daemon in sum(daemons.values(), []):
                daemon.stop()

    def measure_command(self, key, command):
        costs_s = []
        for _ in range(ROUNDS):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run(command, stdout=subprocess.DEVNULL, check=True,
                           env={**os.environ, "PATH": PATH})
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            costs_s.append(after.ru_utime + after.ru_stime -
                           before.ru_utime - before.ru_stime)
        self.found[key] = statistics.median(costs_s)

    def measure_exporter(self):
        """prometheus-node-exporter with one collector, asked over HTTP; its
        runtime collects garbage now and then, so the mean."""
        exporter = subprocess.Popen(
            ["prometheus-node-exporter", "--collector.disable-defaults",
             "--collector.tcpstat",
             f"--web.listen-address=127.0.0.1:{EXPORTER_PORT}"],
            env={**os.environ, "PATH": PATH}, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            self.ask_exporter(patience=50)
            before_s = process_s(exporter.pid)
            for _ in range(2 * ROUNDS):
                self.ask_exporter(patience=1)
            self.found["exporter"] = ((process_s(exporter.pid) - before_s) /
                                      (2 * ROUNDS))
        finally:
            exporter.terminate()
            exporter.wait()

    @staticmethod
    def ask_exporter(patience):
        address = f"http://127.0.0.1:{EXPORTER_PORT}/metrics"
        for i in range(patience):
            try:
                with urllib.request.urlopen(address, timeout=60) as answer:
                    if b"node_tcp_connection_states" not in answer.read():
                        raise RuntimeError("the exporter tells no tcpstat")
                return
            except OSError:
                if i + 1 == patience:
                    raise
                time.sleep(0.1)


def run(build, folder, sockets, half_closed_each, parts):
    """Prints {"found": {...}, "problems": [...]}."""
    inside = Inside(build, folder, sockets, half_closed_each)
    problems = []
    inside.hold()
    steps = {
        "sources": inside.measure_sources,
        "daemons": inside.measure_daemons,
        "memory": inside.measure_memory,
        "peers": lambda: [
            inside.measure_command("ss_tan", ["ss", "-tan"]),
            inside.measure_command("ss_s", ["ss", "-s"]),
            inside.measure_exporter()],
    }
    for part in parts:
        try:
            steps[part]()
        except (OSError, RuntimeError, subprocess.CalledProcessError) as error:
            problems.append(f"{sockets:,} sockets, {part}: {error}")
    inside.holder.kill()
    print(json.dumps({"found": inside.found, "problems": problems}))
