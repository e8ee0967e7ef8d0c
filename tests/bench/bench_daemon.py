"""A real collectd, and what its reader thread spends on each reading."""
import glob
import os
import shutil
import subprocess
import time

STOCK = next((f for f in ("/usr/lib/collectd", "/usr/lib64/collectd",
                          "/usr/local/lib/collectd") if os.path.isdir(f)), "")
PATH = os.environ["PATH"] + ":/usr/sbin:/sbin"


def spent_s(task):
    """CPU time of a thread, exactly: the scheduler's own count."""
    with open(f"{task}/schedstat") as file:
        return int(file.read().split()[0]) / 1e9


def process_s(pid):
    return sum(spent_s(task) for task in glob.glob(f"/proc/{pid}/task/*"))


class Daemon:
    """plugins: what is loaded beside `load`, so that every one has a reader
    thread. settings: more lines of collectd.conf."""

    def __init__(self, build, folder, name, plugins, settings, interval_s):
        self.name = name
        self.folder = os.path.join(folder, name)
        os.makedirs(self.folder + "/plugins")
        for plugin in ["load", "logfile"] + plugins:
            own = f"{build}/.libs/{plugin}.so"
            shutil.copy(own if os.path.exists(own) else
                        f"{STOCK}/{plugin}.so", self.folder + "/plugins")
        lines = [f'Hostname "bench"', "FQDNLookup false", "ReadThreads 1",
                 f"Interval {interval_s}", f'BaseDir "{self.folder}"',
                 f'PIDFile "{self.folder}/pid"',
                 f'PluginDir "{self.folder}/plugins"', "LoadPlugin logfile",
                 f'<Plugin logfile>\nLogLevel info\nFile "{self.folder}/log"',
                 "</Plugin>", "LoadPlugin load"]
        lines += [f"LoadPlugin {plugin}" for plugin in plugins] + [settings]
        with open(self.folder + "/collectd.conf", "w") as file:
            file.write("\n".join(lines) + "\n")
        self.process = subprocess.Popen(
            ["collectd", "-f", "-C", self.folder + "/collectd.conf"],
            env={**os.environ, "PATH": PATH}, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)
        self.reader = self.find_reader()

    def find_reader(self):
        for _ in range(100):
            for task in glob.glob(f"/proc/{self.process.pid}/task/*"):
                with open(task + "/comm") as file:
                    if file.read().startswith("reader"):
                        return task
            time.sleep(0.1)
        self.stop()
        raise RuntimeError(f"collectd with {self.name} does not read: see "
                           f"{self.folder}/log")

    def memory_kb(self):
        with open(f"/proc/{self.process.pid}/status") as file:
            return next(int(line.split()[1]) for line in file
                        if line.startswith("VmRSS"))

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Readings:
    """The CPU time of each reading of several daemons, looked at together. A
    reading is over when the reader thread has stood still for a while: they are
    told apart as long as there is a pause between them. quiet_s: such a pause;
    least_s: less is no reading, but a thread that woke up."""

    def __init__(self, daemons, quiet_s, least_s):
        self.daemons = daemons
        self.quiet_s = quiet_s
        self.least_s = least_s
        now = time.monotonic()
        self.costs_s = {daemon.name: [] for daemon in daemons}
        self.before = {daemon.name: spent_s(daemon.reader)
                       for daemon in daemons}
        self.seen = dict(self.before)
        self.moved = {daemon.name: now for daemon in daemons}

    def look(self):
        now = time.monotonic()
        for daemon in self.daemons:
            name, spent = daemon.name, spent_s(daemon.reader)
            if spent != self.seen[name]:
                self.seen[name] = spent
                self.moved[name] = now
            elif (spent != self.before[name] and
                  now - self.moved[name] >= self.quiet_s):
                if spent - self.before[name] >= self.least_s:
                    self.costs_s[name].append(spent - self.before[name])
                self.before[name] = spent

    def gather(self, count, limit_s):
        """Until each has so many. Returns whether they have in time."""
        end = time.monotonic() + limit_s
        while min(map(len, self.costs_s.values())) < count:
            if time.monotonic() > end:
                return False
            time.sleep(self.quiet_s / 8)
            self.look()
        return True
