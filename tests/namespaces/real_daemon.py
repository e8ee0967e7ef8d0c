"""A real collectd with tcpstates and baseline, and everything that it writes."""
import os
import re
import shutil
import socket
import subprocess
import threading
import time
from collections import defaultdict
from pathlib import Path

from expect import at_most
from own_namespaces import wait_until

TOP = Path(__file__).resolve().parent.parent.parent
HOST = "nshost"
NOTICE = re.compile(r"Notification: severity = (\w+), host = ([^,]+), plugin = baseline, plugin_instance = (\w+)")
# That the machine is slow is no complaint.
SLOWNESS = re.compile(r"a reading took [0-9.]+ s, more than|read-function of the .* plugin .*took|Not sleeping because")
READ = "tcpstates-all.tcp_connections-LISTEN"  # each reading has it


class Hunger:
    """How the machine starves: on one that does, a reading is missed by anybody."""
    share_max = 0.5  # of the time that somebody waits for a processor

    def __init__(self):
        self.began = self.now()

    @staticmethod
    def now():
        try:
            with open("/proc/pressure/cpu") as pressure:
                return time.time(), int(pressure.readline().rpartition("total=")[2]) / 1e6
        except OSError:
            return time.time(), 0

    def share(self):
        now = self.now()
        return (now[1] - self.began[1]) / (now[0] - self.began[0])


def judge_missed(daemon, since, until, hunger, limit=3):
    """How many of its readings, one a second, the daemon missed."""
    missed = int(until - since) - len(daemon.received.readings(HOST, since, until))
    share = hunger.share()
    if missed > limit and share > hunger.share_max:
        print(f"     not judged: {missed} readings missed while somebody waited for a processor {100 * share:.0f} % of the time")
    else:
        at_most(f"readings that were missed in {until - since:.0f} s", missed, limit)


class Received(threading.Thread):
    """Takes what write_graphite sends: of each host the times of its readings, and
    of each of its series the least, the largest and the last value."""

    def __init__(self):
        super().__init__(daemon=True)
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port = self.door.getsockname()[1]
        self.times = defaultdict(list)
        self.least, self.largest, self.last = {}, {}, {}
        self.start()

    def run(self):
        while True:
            with self.door.accept()[0].makefile() as lines:
                for line in lines:
                    self.take(*line.split())

    def take(self, series, value, at):
        number = float(value)
        host, _, rest = series.partition(".")
        if rest == READ:
            self.times[host].append(int(at))
        if number == number:
            self.least[series] = min(number, self.least.get(series, number))
            self.largest[series] = max(number, self.largest.get(series, number))
            self.last[series] = number

    def readings(self, host, since=0, until=float("inf")):
        return [at for at in self.times.get(host, []) if since <= at <= until]


def gather_plugins(folder, build, stock):
    """Ours and some of collectd's in one folder: it refuses links, and another user
    may not be let into the build."""
    folder.mkdir()
    for plugin in stock:
        shutil.copy(next(Path("/usr/lib").rglob(f"collectd/{plugin}.so")), folder)
    for plugin in ("tcpstates", "baseline"):
        shutil.copy(Path(build, ".libs", plugin + ".so"), folder)
    return folder


class Daemon:
    """options: lines of <Plugin tcpstates>; prefix: what runs collectd."""

    def __init__(self, build, name, options, prefix=(), user=None):
        self.received = Received()
        self.folder = Path(build, "namespaces", name)
        self.folder.mkdir()
        self.plugins = gather_plugins(Path("/run/plugins-" + name), build, ["logfile", "write_graphite"])
        self.home = Path("/run/daemon-" + name)
        self.home.mkdir()
        if user is not None:
            shutil.chown(self.home, user)
        (self.home / "conf").write_text(self.settings(options))
        self.log_file = self.home / "log"
        with open(self.folder / "out", "w") as out:
            self.process = subprocess.Popen([*prefix, "collectd", "-f", "-C", self.home / "conf"],
                                            stdin=subprocess.DEVNULL, stdout=out, stderr=out)
        if not wait_until(lambda: self.process.poll() is not None or self.received.readings(HOST), 30):
            self.give_up("collectd made no reading")
        if self.process.poll() is not None:
            self.give_up("collectd ended")

    def settings(self, options):
        return f"""Hostname "{HOST}"
FQDNLookup false
BaseDir "{self.home}"
PIDFile "{self.home}/pid"
Interval 1
Timeout 10
PluginDir "{self.plugins}"
LoadPlugin logfile
<Plugin logfile>
  LogLevel "info"
  File "{self.home}/log"
  Timestamp true
  PrintSeverity true
</Plugin>
LoadPlugin write_graphite
<Plugin write_graphite>
  <Node "test">
    Host "127.0.0.1"
    Port "{self.received.port}"
    Protocol "tcp"
    StoreRates true
  </Node>
</Plugin>
LoadPlugin tcpstates
<Plugin tcpstates>
{options}
</Plugin>
LoadPlugin baseline
<Plugin baseline>
  WarmUp 20
</Plugin>
"""

    def give_up(self, why):
        raise RuntimeError(f"{why}: {(self.folder / 'out').read_text()[-1000:]}{self.log()[-2000:]}")

    def log(self):
        return self.log_file.read_text(errors="replace") if self.log_file.exists() else ""

    def lines_with(self, text):
        return [line for line in self.log().splitlines() if text in line]

    def complaints(self):
        """Warnings and errors that are no notification."""
        return [line for line in self.log().splitlines()
                if re.search(r"\[(warning|error)\]", line) and "Notification: " not in line and not SLOWNESS.search(line)]

    def notices(self):
        """{(host, incident): [severity...]} in their order."""
        found = defaultdict(list)
        for severity, host, incident in NOTICE.findall(self.log()):
            found[host, incident].append(severity)
        return dict(found)

    def hosts(self, seconds=3):
        """Those that had a reading within the last seconds."""
        since = time.time() - seconds
        return {host for host, times in list(self.received.times.items()) if times and times[-1] >= since}

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.pid()}/fd"))

    def resident_kb(self):
        with open(f"/proc/{self.pid()}/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))

    def pid(self):
        """collectd itself: what runs it has become it."""
        return self.process.pid

    def end(self):
        """Its exit status; the log stays in the build."""
        self.process.terminate()
        try:
            status = self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            status = "none within 30 s"
        shutil.copy(self.log_file, self.folder / "log")
        return status
