"""What the lab's exec handler was given (tests/lab/handler): for the checks of
pipelines that carry notifications."""
import glob
from collections import namedtuple

Notice = namedtuple("Notice", "severity time message fields")


def read(folder):
    """The notifications of the plugin baseline, oldest first."""
    found = []
    for path in glob.glob(f"{folder}/*.heard"):
        with open(path) as text:
            head, _, message = text.read().partition("\n\n")
        fields = dict(line.split(": ", 1) for line in head.splitlines())
        if fields.get("Plugin") == "baseline":
            found.append(Notice(fields["Severity"], float(fields["Time"]), message.rstrip("\n"), fields))
    return sorted(found, key=lambda notice: notice.time)
