#!/usr/bin/env python3
"""The mails that came, against the notifications that the lab's handler was given
and the mail that the docs show. A fault is a line.
usage: email_mails.py MAILDIR HEARD EXAMPLE"""
import mailbox
import re
import sys

import heard


def normal(text):
    return "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").splitlines()).strip()


def form(text):
    """A text without what differs from one incident to the next."""
    text = re.sub(r"(?m)^(Message: ).*$", r"\1", text)
    text = re.sub(r"WARNING|FAILURE|OKAY", "SEVERITY", text)
    text = re.sub(r"\bweb1\b|\blab\b", "HOST", text)
    return re.sub(r"\d+", "0", text)


def check(mail, notice, example):
    severity, host = notice.severity, notice.fields["Host"]
    if mail["Subject"] != f"[collectd] {severity} on {host}":
        print(f"the subject is {mail['Subject']!r}")
    if mail["X-MailFrom"] != "collectd@example.org" or mail["X-RcptTo"] != "admin@example.org":
        print(f"from {mail['X-MailFrom']} to {mail['X-RcptTo']}")
    body = normal(mail.get_payload())
    if not body.endswith(f"Message: {notice.message}"):
        print(f"the body ends otherwise than the notification: {body!r}")
    for line in (f"Host: {host}", "Plugin: baseline", "Plugin instance: syn_flood"):
        if line not in body.splitlines():
            print(f"the body lacks {line!r}: {body!r}")
    seen = form(f"Subject: {mail['Subject']}\n\n{body}")
    if seen != form(example):
        print(f"not as the docs show it: {seen!r}, {form(example)!r}")


def main():
    folder, told, example = sys.argv[1:]
    with open(example) as text:
        example = normal(text.read())
    mails = sorted(mailbox.Maildir(folder, create=False), key=lambda mail: normal(mail.get_payload()))
    notices = heard.read(told)
    if len(mails) != len(notices) or not notices:
        print(f"{len(mails)} mails for {len(notices)} notifications")
    for notice in notices:
        fitting = [mail for mail in mails if notice.message in normal(mail.get_payload())]
        if len(fitting) != 1:
            print(f"{len(fitting)} mails for {notice.message!r}")
        for mail in fitting:
            check(mail, notice, example)


if __name__ == "__main__":
    main()
