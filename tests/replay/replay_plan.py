"""Which hosts the acceptance simulates: part by part, classes, seeds, limits."""

from replay_run import Spec

CLASSES = ("idle", "quiet", "medium", "busy", "mobile", "keepalive")
SMALL = ("idle", "quiet", "keepalive")
SERVING = ("quiet", "medium", "busy", "mobile", "keepalive")

# Large shares of a large table do not fit into any backlog: the mix of classes
# and backlogs is such that every share is seen often enough in the table.
FLOODED = ("quiet", "medium", "mobile", "quiet", "medium", "keepalive",
           "quiet", "busy", "idle", "medium")
BACKLOGS = (4096, 4096, 1024, 4096, 511, 4096, 128)
COOKIES = (1, 1, 0)


def spec(part, host_class, seed, profile=None, **options):
    arguments = ["--class", host_class, "--seed", str(seed),
                 "--profile", profile or part]
    for key, value in options.items():
        arguments += ["--" + key.replace("_", "-"), str(value)]
    return Spec(part, arguments)


def per_class(part, first_seed, count, classes=CLASSES, **options):
    return [spec(part, host_class, first_seed + i, **options)
            for i in range(count) for host_class in classes]


def floods(count):
    return [spec("floods", FLOODED[i % len(FLOODED)], 3000 + i,
                 backlog=BACKLOGS[i % len(BACKLOGS)],
                 cookies=COOKIES[i // 2 % len(COOKIES)])
            for i in range(count)]


def beyond(count):
    limits = (128, 511, 1024, 4096)
    return [spec("beyond", SERVING[i % len(SERVING)], 4000 + i,
                 backlog=limits[i % 4], cookies=(1, 0, 1, 2)[i // 4 % 4])
            for i in range(count)]


def twins(count):
    """The same host twice: with the two-hour flood, and without."""
    return [spec("long", SERVING[i % len(SERVING)], 5000 + i, profile=profile,
                 backlog=4096, cookies=1)
            for i in range(count) for profile in ("long", "long-twin")]


def at_intervals(part, first_seed, classes, counts, **options):
    """counts: of hosts, by the seconds between two readings."""
    return [spec(part, classes[i % len(classes)], first_seed + i,
                 interval=interval, backlog=16384, **options)
            for interval, count in counts.items() for i in range(count)]


def patient(times):
    """What takes its time, or hides beside something else."""
    roomy = {"backlog": 65536, "max_syn_backlog": 65536}
    serving = len(SERVING)
    return [
        *[spec("again", SERVING[i % serving], 9000 + i, backlog=16384,
               cookies=1) for i in range(times(18))],
        *[spec("creep", ("medium", "busy", "mobile", "keepalive")[i % 4],
               9100 + i + i // 8, **roomy) for i in range(times(40))],
        *at_intervals("pulsed", 9200, CLASSES,
                      {10: times(24), 60: times(24), 1: times(6)}, cookies=1),
        *at_intervals("pulsed-cookies", 9300, SMALL,
                      {10: times(9), 60: times(9), 1: times(3)}, cookies=2),
        *[spec("retries", FLOODED[i % len(FLOODED)], 9400 + i,
               profile="floods", retries=retries, backlog=16384)
          for retries in range(6) for i in range(times(6))],
        *[spec("beside", SERVING[i % serving], 9500 + i, profile=profile,
               backlog=(4096, 1024)[i % 2], cookies=i // 2 % 2)
          for i in range(times(16)) for profile in ("beside", "beside-twin")],
        *scans(times),
        *per_class("growth", 9700, times(2)),
        *[spec("beneath", SERVING[i % serving], 9800 + i, backlog=16384)
          for i in range(times(10))],
    ]


def scans(times):
    return [*per_class("scans", 9600, times(8)),
            *[Spec("scans-source", one.arguments + ["--top-source"])
              for one in per_class("scans", 9630, times(4), backlog=1024)],
            *[Spec("scans-cookies", one.arguments)
              for one in per_class("scans", 9660, times(4), cookies=2)]]


def with_held(specs):
    return [Spec(one.part, one.arguments + ["--held"]) for one in specs]


def held(times):
    """Connections that are held: attacks, innocent twins, ordinary months."""
    return with_held([
        *per_class("held", 9900, times(6)),
        *per_class("held", 9950, times(2), interval=1),
        *[Spec("held-proc", one.arguments + ["--proc"]) for one in
          per_class("held-proc", 9970, times(4), profile="held")],
        *per_class("held-small", 9980, times(4)),
        *per_class("held-twins", 10000, times(20)),
        *per_class("held-twins", 10060, times(4), round_trip=0.3),
        *[Spec("held-twins", one.arguments + ["--proc"]) for one in
          per_class("held-twins", 10070, times(4))],
        *per_class("held-twins", 10050, times(2), interval=1),
        *per_class("held-month", 10100, times(6))])


def plan(scale):
    """scale: 1 for the acceptance, less for a quick look."""
    def times(count):
        return max(1, round(count * scale))

    return [
        *per_class("month", 1000, times(6)),
        *per_class("first48", 2000, times(12)),
        *floods(times(80)),
        *beyond(times(32)),
        *twins(times(20)),
        *per_class("shift", 6000, times(5)),
        *per_class("roundtrip", 6500, times(10)),
        *per_class("first", 7000, times(12)),
        *per_class("leak", 7500, times(5)),
        *per_class("pulses", 8000, times(3)),
        *per_class("resets", 8200, times(2)),
        *per_class("stall", 8400, times(3), classes=SERVING),
        *per_class("outbound", 8600, times(2)),
        *patient(times),
        *held(times),
    ]


def other_hosts(specs, shift):
    """The same plan over hosts that nobody has seen: seeds shift further on."""
    def moved(arguments):
        at = arguments.index("--seed") + 1
        return [*arguments[:at], str(int(arguments[at]) + shift),
                *arguments[at + 1:]]
    return [Spec(one.part, moved(one.arguments)) for one in specs]
