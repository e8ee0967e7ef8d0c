"""The subcommands that ask a daemon, in front of a stand-in for it that speaks
the protocol of the plugin unixsock and always says the same."""

import socket
import threading
from functools import partial

from same_history import block, inputs
from same_pair import SOME_TIME
from same_usage import FIXTURES

INCIDENTS = ["syn_flood", "accept_overflow", "outbound_stall", "close_wait_leak",
             "time_wait_pressure", "state_shift"]
STATES = ["ESTABLISHED", "SYN_SENT", "SYN_RECV", "FIN_WAIT1", "FIN_WAIT2",
          "TIME_WAIT", "CLOSED", "CLOSE_WAIT", "LAST_ACK", "LISTEN", "CLOSING"]
RATIOS = ["completion", "syn_recv", "syn_recv_aged", "handshake", "inbound",
          "syn_queue", "syn_queue_aged", "accept_queue", "time_wait",
          "syn_recv_top_source"]
COUNTERS = ["PassiveOpens", "ActiveOpens", "AttemptFails", "EstabResets",
            "SyncookiesSent", "SyncookiesRecv", "SyncookiesFailed",
            "ListenOverflows", "ListenDrops", "TCPReqQFullDoCookies",
            "TCPReqQFullDrop", "TCPSynRetrans", "EmbryonicRsts"]
# HOST: the age of its reading, the severities of its incidents, its scale.
HOSTS = {"web1": (3, [0] * 6, 1), "web2": (3, [2, 1, 0, 1, 0, 0], 1000),
         "mail": (19, [1, 0, 2, 0, 1, 1], 123456), "old": (400, [2] * 6, 7),
         "ahead": (-60, [0] * 6, 7), "odd\x1b[31m": (2, [1] * 6, 3.3e9)}


class Standin:
    """Listens at a path. talk(connection) is what it does with each."""

    def __init__(self, talk, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.bind(str(path))
        self.socket.listen(8)
        self.talk = talk
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            with connection:
                try:
                    self.talk(connection)
                except OSError:
                    pass  # the command has gone

    def close(self):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self.thread.join(10)


def listing(hosts):
    """{identifier: (time, value)} of what both plugins dispatch."""
    values = {}
    for host in hosts:
        age, severities, scale = HOSTS[host]
        mine = {f"tcpstates-all/tcp_connections-{name}": scale * (number % 5)
                for number, name in enumerate(STATES)}
        mine |= {f"tcpstates-all/percent-{name}": 97.25 / (number + 1)
                 for number, name in enumerate(RATIOS)}
        mine |= {f"tcpstates-all/protocol_counter-{name}": scale * number / 3
                 for number, name in enumerate(COUNTERS)}
        mine |= {"tcpstates-all/current_connections-active": 9 * scale,
                 "tcpstates-all/current_connections-syn_recv_aged": scale / 2,
                 "tcpstates-all/gauge-state_entropy": 0.4567,
                 "tcpstates-all/gauge-state_stddev": float("nan"),
                 "tcpstates-all/duration-read": 0.000321,
                 "tcpstates-80-local/tcp_connections-SYN_RECV": 5,
                 "tcpstates-80-local/queue_length-accept": 3,
                 "cpu-0/cpu-idle": 99}
        for number, (name, severity) in enumerate(zip(INCIDENTS, severities)):
            figures = {"severity": severity, "observed": scale * number,
                       "expected": scale / 3, "lower": float("nan"),
                       "upper": scale / 2 if number else float("nan"),
                       "score": number * 1.5}
            mine |= {f"baseline-{name}/gauge-{key}": value
                     for key, value in figures.items()}
            mine[f"baseline-{name}/duration-open"] = \
                severity * 12 ** (number + 1) * 3
            if number == 1:
                mine[f"baseline-{name}/duration-unmeasured"] = 45
        values |= {f"{host}/{key}": (SOME_TIME - age, value)
                   for key, value in mine.items()}
    return values


def model(values, flush, connection):
    with connection.makefile("rwb") as talk:
        for line in talk:
            words = line.decode().split(None, 1)
            if words[0] == "LISTVAL":
                said = [f"{len(values)} Values found"]
                said += [f"{time:.3f} {name}"
                         for name, (time, _) in sorted(values.items())]
            elif words[0] == "GETVAL":
                name = words[1].strip().strip('"')
                said = ["-1 No such value"]
                if name in values:
                    said = ["1 Value found", f"value={values[name][1]:e}"]
            elif words[0] == "FLUSH":
                said = [flush]
            else:
                said = ["-1 Unknown command"]
            talk.write("".join(f"{line}\n" for line in said).encode())
            talk.flush()


def recorded(text, path):
    """A conversation after the other, a form feed between them."""
    pieces = iter(text.split(b"\f"))

    def talk(connection):
        connection.sendall(next(pieces, b""))
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(4096):
            pass
    return Standin(talk, path)


def silent(connection):
    while connection.recv(4096):
        pass


def lists(hosts):
    """What can be asked for."""
    calls = [["status"], ["status", "--json"], ["status", "--hosts"],
             ["status", "--hosts", "--json"], ["check"], ["check", "--all-hosts"],
             ["check", "--all-hosts", "-i", "10"]]
    for host in [*hosts, "absent", "localhost"]:
        calls += [["status", "-H", host], ["status", "-H", host, "--json"],
                  ["status", "-H", host, "-i", "10"], ["check", "-H", host],
                  ["check", "-H", host, "-i", "5"]]
        calls += [["check", "-H", host, "--incident", name]
                  for name in [*INCIDENTS, "absent"]]
    calls.append(["check", "--incident", INCIDENTS[1], "--incident",
                  INCIDENTS[3], "--all-hosts"])
    return calls


def asked(hosts, pair):
    serve = partial(Standin, partial(model, listing(hosts), ""))
    for arguments in lists(hosts):
        pair.run(f"{len(hosts)} hosts: {arguments}", [*arguments, "-s", "s"],
                 serve=serve)


def odd_answers(pair):
    talks = {name: partial(recorded, text)
             for name, text in inputs("unixsock").items()}
    talks["silent"] = partial(Standin, silent)
    talks["gone"] = partial(Standin, lambda connection: None)
    for name, serve in talks.items():
        for arguments in (["status"], ["status", "--json"], ["status", "--hosts"],
                          ["status", "-H", "h"], ["check"], ["check", "-H", "h"],
                          ["check", "--all-hosts"], ["explain", "-C", "conf"]):
            pair.run(f"answers {name}: {arguments}",
                     [*arguments, "-s", "s", "-t", "0.2"], serve=serve,
                     files={"conf": block([])}, clock=1700000000)
    for arguments in ["status"], ["check"], ["check", "--all-hosts"], \
            ["explain", "-C", "conf"]:
        pair.run(f"no socket: {arguments}", [*arguments, "-s", "s"],
                 files={"conf": block([])})
        pair.run(f"no socket but a file: {arguments}", [*arguments, "-s", "s"],
                 files={"conf": block([]), "s": b""})


def explain(pair):
    state = (FIXTURES / "simulated").read_bytes()
    done = "0 Done: 1 successful, 0 errors"
    for flush in done, "-1 No such plugin", "0 Done: 0 successful, 1 errors":
        serve = partial(Standin, partial(model, {}, flush))
        for host in "idle", "busy", "flooded", "absent":
            for more in [], ["--json"], ["--incident", "syn_flood"]:
                for clock in 1768107000, 1768109000:
                    pair.run(f"explain -s, {flush}, {host} {more} {clock}",
                             ["explain", "-s", "s", "-C", "conf", "-H", host,
                              *more], serve=serve, clock=clock,
                             files={"conf": b'BaseDir "."\n' + block([]),
                                    "baseline.state": state})


def daemon(pair):
    for hosts in ["web1"], ["old"], list(HOSTS):
        yield partial(asked, hosts)
    yield odd_answers
    yield explain
