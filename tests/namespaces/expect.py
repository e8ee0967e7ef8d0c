"""Counting of expectations, for the checks of this folder."""
import sys
import traceback

counts = {"passed": 0, "failed": 0}


def expect(what, good, found=""):
    """found: what is shown where it is not so."""
    counts["passed" if good else "failed"] += 1
    print("ok  " if good else "FAIL", what, "" if good else f": {found}", flush=True)
    return good


def at_most(what, found, limit):
    expect(f"{what}: {found}, at most {limit}", found <= limit)


def run(*checks):
    """Each in turn; one that cannot go on is a failure."""
    for check in checks:
        try:
            check(sys.argv[1])
        except Exception:  # pylint: disable=broad-except
            traceback.print_exc(file=sys.stdout)
            expect(f"{check.__name__} to its end", False)
    print(f"{counts['passed']} passed, {counts['failed']} failed")
    sys.exit(counts["failed"] > 0)
