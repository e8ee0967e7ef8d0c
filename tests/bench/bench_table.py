"""The table that is printed: what was measured, held against its bar."""
import os
import platform
import subprocess


class Table:
    def __init__(self):
        self.rows = []
        self.failed = 0

    def add(self, what, where, found, bar="printed", good=None):
        """found: text. good: None where there is no bar."""
        verdict = "" if good is None else "ok" if good else "FAIL"
        self.failed += good is False
        self.rows.append((what, where, found, bar, verdict))

    def ratio(self, what, where, part_s, whole_s, most=None, bar=None):
        """How many times whole part is, with both in milliseconds."""
        if not part_s or not whole_s:
            return self.missing(what, where)
        value = part_s / whole_s
        found = f"{value:.2f} ({1e3 * part_s:.2f} / {1e3 * whole_s:.2f} ms)"
        if most is None:
            return self.add(what, where, found)
        return self.add(what, where, found, bar or f"<= {most}", value <= most)

    def at_most(self, what, where, value, unit, most):
        if value is None:
            return self.missing(what, where)
        return self.add(what, where, f"{value:.4g} {unit}", f"<= {most} {unit}",
                        value <= most)

    def at_least(self, what, where, value, unit, least):
        if value is None:
            return self.missing(what, where)
        return self.add(what, where, f"{value:,.0f} {unit}",
                        f">= {least:,} {unit}", value >= least)

    def missing(self, what, where, why="not measured"):
        self.add(what, where, why, "-", False)

    def print(self):
        heads = ("what", "where", "measured", "bar", "")
        widths = [max(len(row[i]) for row in self.rows + [heads])
                  for i in range(len(heads))]
        for row in [heads, tuple("-" * width for width in widths)] + self.rows:
            print("  ".join(text.ljust(width)
                            for text, width in zip(row, widths)).rstrip())


def first_line(command):
    try:
        return subprocess.run(command, capture_output=True, text=True,
                              check=True).stdout.splitlines()[0]
    except (OSError, subprocess.CalledProcessError, IndexError):
        return "unknown"


def processor():
    with open("/proc/cpuinfo") as file:
        for line in file:
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.machine()


def memory_kb(what):
    with open("/proc/meminfo") as file:
        return next(int(line.split()[1]) for line in file
                    if line.startswith(what + ":"))


def print_conditions(sizes, compiler):
    print(f"kernel {platform.release()}; {os.cpu_count()} cores, "
          f"{processor()}; {memory_kb('MemTotal') / 1048576:.0f} GB, "
          f"{memory_kb('MemAvailable') / 1048576:.0f} free; load "
          f"{os.getloadavg()[0]:.1f}")
    print(f"{first_line(compiler.split() + ['--version'])}; collectd "
          f"{collectd_version()}; sockets {', '.join(f'{n:,}' for n in sizes)}")
    print("CPU time of user and system together; what is compared was measured "
          "in turn or at once; medians\n")


def collectd_version():
    environment = {**os.environ, "PATH": os.environ["PATH"] + ":/usr/sbin"}
    out = subprocess.run(["collectd", "-h"], capture_output=True, text=True,
                         env=environment, check=False).stdout
    return next((word.rstrip(",") for line in out.splitlines()
                 if line.startswith("collectd ")
                 for word in line.split()[1:2]), "unknown")
