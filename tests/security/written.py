#!/usr/bin/env python3
"""Which files a traced program made, opened to write, renamed, removed or
changed, or tried to: one path a line.
usage: written.py FOLDER TRACE...   (of strace -f -y; FOLDER: where the program
was when it named a file without its folder)"""
import os
import re
import sys

CALL = re.compile(r"(?:\d+ +)?(\w+)\((.*)")
PATH = re.compile(r'(?:(?:AT_FDCWD|\d+)<([^>]*)>, )?"((?:[^"\\]|\\.)*)"')
WRITES = re.compile(r"O_(WRONLY|RDWR|CREAT|TRUNC|TMPFILE|APPEND)")
OPENS = {"open", "openat", "openat2"}
CHANGES = re.compile(
    r"(creat|mkdir|mknod|rename|link|symlink|unlink|rmdir|chmod|fchmod|chown|lchown|fchown|truncate|utimes?|utimens|"
    r"futimes|setxattr|removexattr)(at2?)?|bind"
)


def paths(line, folder):
    call = CALL.match(line)
    if not call:
        return
    name, arguments = call.groups()
    if name in OPENS:
        found = PATH.search(arguments)
        if found and WRITES.search(arguments[found.end():]):
            yield os.path.join(found[1] or folder, found[2])
    elif CHANGES.fullmatch(name):
        for found in PATH.finditer(arguments):
            yield os.path.join(found[1] or folder, found[2])


def main():
    folder, *traces = sys.argv[1:]
    written = set()
    for trace in traces:
        with open(trace, errors="replace") as lines:
            for line in lines:
                written.update(os.path.normpath(path) for path in paths(line, folder))
    print("\n".join(sorted(written)))


if __name__ == "__main__":
    main()
