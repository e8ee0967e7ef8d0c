#!/usr/bin/env python3
"""The options of each subcommand of collectd-baseline, as its code takes them,
as its --help lists them and as collectd-baseline(1) has them in the synopsis and
in the list: all four must be the same, with the same letters and arguments.
Run by `make check` in the build."""
import os
import re
import subprocess
import unittest

SOURCES = os.environ.get("srcdir", ".")
COMMAND = "./collectd-baseline"
FOLDER = {"check": "nagios", "bench-read": "bench_read"}  # else its name


def read(*path):
    with open(os.path.join(SOURCES, *path)) as text:
        return text.read()


def run(*arguments):
    done = subprocess.run([COMMAND, *arguments], capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def subcommands():
    return re.findall(r"^  ([\w-]+) ", run("--help")[1], re.M)


def code_of(name):
    folder = os.path.join("tools", FOLDER.get(name, name.replace("-", "_")))
    files = sorted(os.listdir(os.path.join(SOURCES, folder)))
    return "".join(read(folder, file) for file in files if file.endswith(".c"))


def shared_rows():
    """Rows that several subcommands take: macros of (type, member)."""
    headers = [("daemon", "daemon_options.h"), ("history", "history.h")]
    text = "".join(read("tools", *header) for header in headers)
    found = re.findall(r"^#define (\w+)\(type, \w+\)((?:.*\\\n)+.*\n)", text, re.M)
    return {macro: rows.replace("\\\n", "\n") for macro, rows in found}


# Each gives {long name: (letter or None, has an argument)}.


def of_code(name):
    """Rows as tools/lib/options.h has them: {"socket", 's', "SOCKET", ...}."""
    row = r'\{\s*"([\w-]+)",\s*(?:0|\'(.)\'),\s*(?:NULL|("[^"]+")),'
    text = code_of(name)
    text += "".join(rows for macro, rows in shared_rows().items() if f"{macro}(" in text)
    return {m[0]: (m[1] or None, m[2] != "") for m in re.findall(row, text)}


def of_help(name):
    line = r"^  (?:-(\w), |    )--([\w-]+)( [A-Z]\w*)?(?=$|  )"
    found = re.findall(line, run(name, "--help")[1], re.M)
    return {m[1]: (m[0] or None, m[2] != "") for m in found}


def section(name):
    page = read("man", "collectd-baseline.1")
    return page.split(f"\n.Ss {name}\n")[1].split("\n.Ss ")[0].split("\n.Sh ")[0]


def of_page(name):
    line = r"^\.It Fl (?:(\w) , )?-([\w-]+)( Ar \w+)?$"
    return {m[1]: (m[0] or None, m[2] != "") for m in re.findall(line, section(name), re.M)}


def of_synopsis(name):
    """Letters and long names only, as one may write either."""
    page = read("man", "collectd-baseline.1")
    synopsis = page.split(".Sh SYNOPSIS")[1].split(".Sh ")[0]
    parts = [p for p in synopsis.split(".Nm\n") if p.startswith(f".Cm {name}\n")]
    return set(re.findall(r"(?:Fl|\|) (-?[\w-]+)", "\n".join(parts).replace("| Fl", "Fl")))


class CommandManual(unittest.TestCase):
    def test_every_subcommand_has_a_section(self):
        names = subcommands()
        self.assertGreaterEqual(len(names), 7)
        for name in names:
            self.assertTrue(section(name), name)

    def test_help_lists_what_the_code_takes(self):
        for name in subcommands():
            with self.subTest(name):
                self.assertIn("help", of_code(name))
                self.assertEqual(of_help(name), of_code(name))

    def test_the_page_lists_what_the_code_takes(self):
        for name in subcommands():
            with self.subTest(name):
                self.assertEqual(of_page(name), of_code(name))

    def test_the_synopsis_names_every_option(self):
        for name in subcommands():
            with self.subTest(name):
                wanted = of_code(name)
                wanted.pop("help")
                written = {letter or f"-{long}" for long, (letter, _) in wanted.items()}
                self.assertEqual(of_synopsis(name), written)

    def test_what_is_listed_is_taken_and_nothing_else_is(self):
        for name in subcommands():
            with self.subTest(name):
                for option in of_help(name):
                    said = run(name, f"--{option}", "--help")[1]
                    self.assertNotRegex(said, "unrecognized|unknown|invalid option")
                code, said = run(name, "--no-such-option")
                self.assertNotEqual(code, 0)
                self.assertIn("no-such-option", said)


# --- commands in all that is read -------------------------------------------------

READ = ["README.md", *sorted(f"docs/{name}" for name in os.listdir(os.path.join(SOURCES, "docs")) if name.endswith(".md")),
        "quickstart", "systemd/tcpstates.conf", "handlers/incident_log",
        "handlers/incident_to_alertmanager"] + [f"man/{page}" for page in
                                                ("collectd-baseline.1", "collectd-baseline.5", "collectd-tcpstates.5")]


def shown(name):
    """Its text without a manual page's requests, joined where a line goes on."""
    text = re.sub(r"^\.(?:Ql|Dl|Li) ", "", read(name), flags=re.M)
    text = text.replace(r"\e", "\\").replace(r"\(aq", "'").replace(r"\&", "")
    return re.sub(r"\\\n\s*", "", text)


def commands(name):
    """The words behind each `collectd-baseline`, up to what ends a command."""
    for found in re.finditer(r"collectd-baseline((?: +[^\s|;&<>`\"')]+)+)", shown(name)):
        yield found[1].split()


class Commands(unittest.TestCase):
    def test_each_names_a_subcommand_and_options_that_it_has(self):
        names, count = subcommands(), 0
        for page in READ:
            for words in commands(page):
                if words[0] not in names:
                    # Prose: of the command, not one; a single lower-case word behind it is no option.
                    self.assertFalse(words[0].startswith("-") and words[0] not in ("--help", "--version"),
                                     f"{page}: collectd-baseline {' '.join(words)}")
                    continue
                count += 1
                known = of_code(words[0])
                taken = {f"--{long}" for long in known} | {f"-{letter}" for letter, _ in known.values() if letter}
                for word in words[1:]:
                    if re.match(r"--?[a-z]", word, re.I) and not re.match(r"-\d", word):
                        self.assertIn(word.split("=")[0], taken, f"{page}: {' '.join(words)}")
        self.assertGreater(count, 20)


class ByHand(unittest.TestCase):
    def test_the_readme_names_every_package_that_quickstart_builds_with(self):
        table = re.search(r"^needs='\n(.*?)'$", read("quickstart"), re.M | re.S)[1]
        needed = {line.split()[0] for line in table.splitlines() if "build" in line.split()[1].split(",")}
        line = re.search(r"sudo apt-get install (collectd-core .*)", shown("README.md"))[1]
        self.assertEqual(set(line.split()), needed)
        self.assertGreater(len(needed), 10)


if __name__ == "__main__":
    unittest.main()
