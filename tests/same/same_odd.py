"""Odd values, and texts that are damaged the same way each time."""

import random
import zlib

WORDS = ["", "x", "a/b", "a\x1b[31mb\n", "-", "x" * 300]
NUMBERS = ["-1", "0", "1", "2.5", "+5", "1e3", "1e999", "nan", "0x10", "10 ",
           "99999999999999999999"]
TIMES = ["2026-09-21", "2026-09-21T14", "2026-09-21T14:20",
         "2026-09-21T14:20:30Z", "2026-09-21T14:20:30+01:00", "2026-02-30",
         "1789999000", "1789999000.5", "-1h", "-30m", "-2w", "-3x", "2h"]
SIZES = ["800x600", "800", "10x10", "800x", "99999x99999"]
HERE = ["web1", "flooded", "x.png", "h.csv", "close_wait_leak", "ascii", "all",
        "tcpstates-all/tcp_connections-SYN_RECV"]
# By what the help calls an option's argument; others get words.
BY_KIND = {"S": NUMBERS, "SECONDS": NUMBERS, "TIME": TIMES + NUMBERS[:3],
           "WxH": SIZES + NUMBERS}

PIECES = [b"nan", b"-0", b"1e400", b"-1", b"", b",", b"\n", b'"', b"\\", b"\0",
          b"\xff", b"0x1", b"18446744073709551616", b"<", b">", b" ", b"\r\n",
          b"#", b"{", b"1e-320", b"9" * 400, b"\x1b[2J"]


def damaged(text, count, seed=15):
    """Yields count copies of a text, each with one to four damages."""
    dice = random.Random(seed)
    for _ in range(count):
        copy = bytearray(text)
        for _ in range(dice.randint(1, 4)):
            at = dice.randrange(len(copy) + 1)
            end = min(len(copy), at + dice.choice((0, 1, 1, 5, 40)))
            kind = dice.randrange(4)
            if kind == 0:
                copy[at:end] = dice.choice(PIECES)
            elif kind == 1:
                copy[at:at] = copy[at:end]
            elif kind == 2:
                del copy[at:end]
            elif at < len(copy):
                copy[at] ^= 1 << dice.randrange(8)
        yield bytes(copy)


def sealed(state):
    """A saved state with the checksum that its text has."""
    body, mark, end = state.rpartition(b"\nend ")
    if not mark or b" " not in end:
        return state
    counts = end.rsplit(b" ", 1)[0]
    return body + mark + counts + b" %08x\n" % zlib.crc32(body + b"\n")
