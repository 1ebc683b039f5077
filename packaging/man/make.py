#!/usr/bin/env python3
"""Makes portolan.1 out of the commands' own declarations.

usage: portolan --experimental-dump-help | packaging/man/make.py > packaging/man/portolan.1
"""

import collections
import json
import re
import sys
import textwrap

# Of a line of the page's source.
WIDTH = 78
DATE = "2026-11-21"
# Options that so many commands have are described once.
COMMON = 8

EXITS = [
    ("0", "Done."),
    ("1", "Refused, or invalid: the reason is on standard error, with its code."),
    ("2", "The command line is not understood."),
    ("3", "The admin API cannot be reached. Nothing is known to have changed."),
]

ENVIRONMENT = [
    ("PORTOLAN_ADMIN", "Where the admin API is, unless --admin says it."),
    ("PORTOLAN_TOKEN", "The token, unless --token-file names a file with it. The Unix socket needs none."),
    ("PORTOLAN_CACERT", "The authority of the API's certificate, unless --cacert says it."),
    ("NO_COLOR", "No colours when it is not empty. There are none outside a terminal, nor where TERM is dumb."),
]

FILES = [
    ("./var/portolan.sock, /run/portolan/portolan.sock", "The sockets tried without --admin and PORTOLAN_ADMIN."),
]

EXAMPLES = [
    ("See what draining a cell would do, then do it, and wait until nothing is left in it:",
     ["portolan drain use-a --reason 'kernel update' --dry-run",
      "portolan drain use-a --reason 'kernel update' --wait"]),
    ("Give a cell one percent of its region's traffic for two hours:",
     ["portolan weight use-b 1 --reason canary --expires-in 2h"]),
    ("Keep a token for a script:",
     ["portolan token create --role viewer --quiet > token", "portolan status --json --token-file token"]),
    ("Follow one cell:", ["portolan events --follow --subject use-a"]),
    ("Complete commands, options and the names of cells and regions in a shell:",
     ["portolan --generate-completion-script bash > /etc/bash_completion.d/portolan",
      "portolan --generate-completion-script zsh > /usr/local/share/zsh/site-functions/_portolan",
      "portolan --generate-completion-script fish > ~/.config/fish/completions/portolan.fish"]),
]


def plain(text):
    """Text as roff shows it literally."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    text = text.replace("“", "\\(lq").replace("”", "\\(rq").replace("…", "\\&...")
    text = "".join(c if ord(c) < 128 else "\\[u%04X]" % ord(c) for c in text)
    return re.sub(r"^([.'])", r"\\&\1", text, flags=re.M)


def prose(text):
    """Hyphens in words stay hyphens; what stands in backquotes is bold, options too."""
    parts = re.split(r"`([^`]*)`", text)
    out = []
    for index, part in enumerate(parts):
        if index % 2:
            out.append("\\fB" + plain(part) + "\\fR")
        else:
            part = plain(part).replace("\\-", "-")
            out.append(re.sub(r"(?<![\w-])--[a-z][a-z-]*", lambda m: "\\fB" + m[0].replace("-", "\\-") + "\\fR", part))
    lines = textwrap.wrap("".join(out), WIDTH, break_long_words=False, break_on_hyphens=False)
    return "\n".join(re.sub(r"^([.'])", r"\\&\1", line) for line in lines)


def named(name):
    return ("--" if name["kind"] == "long" else "-") + name["name"]


def option_key(argument):
    return named(argument["preferredName"]) + "\0" + argument.get("abstract", "")


def heading(argument):
    if argument["kind"] == "positional":
        return "\\fI" + plain(argument["valueName"]) + "\\fR"
    names = sorted((named(name) for name in argument["names"]), key=len)
    text = ", ".join("\\fB" + plain(name) + "\\fR" for name in names)
    return text + (" \\fI" + plain(argument["valueName"]) + "\\fR" if argument["kind"] == "option" else "")


def entry(argument):
    text = argument.get("abstract", "")
    default = argument.get("defaultValue")
    if default is not None and argument["kind"] != "flag" and default != "[]":
        text += " Default: %s." % default
    return [".TP", heading(argument), prose(text) or "\\&"]


def shown(command):
    hidden = {"--help", "--version"}
    return [
        a for a in command.get("arguments", [])
        if a.get("shouldDisplay", True) and (a["kind"] == "positional" or named(a["preferredName"]) not in hidden)
    ]


def leaves(command, words=()):
    """Commands that do something, with the words that call them."""
    words = words + (command["commandName"],)
    below = [c for c in command.get("subcommands", []) if c["commandName"] != "help" and c.get("shouldDisplay", True)]
    if not below:
        return [(words, command)]
    return [leaf for child in below for leaf in leaves(child, words)]


def synopsis(words, command, common):
    parts = ["\\fB" + plain(" ".join(words)) + "\\fR"]
    for argument in shown(command):
        if argument["kind"] != "positional" and option_key(argument) in common:
            continue
        text = heading(argument).split(", ")[-1]
        if argument["isOptional"]:
            text = "[" + text + "]"
        parts.append(text + ("\\&..." if argument["isRepeating"] else ""))
    return " ".join(parts)


def page(tool):
    root = tool["command"]
    commands = leaves(root)
    counts = collections.Counter(
        option_key(a) for _, command in commands for a in shown(command) if a["kind"] != "positional")
    common = {key for key, count in counts.items() if count >= COMMON}
    described = {}
    out = [
        ".\\\" Made by packaging/man/make.py from the commands' declarations; change those.",
        ".TH PORTOLAN 1 " + DATE + " portolan \"User Commands\"",
        ".SH NAME", "portolan \\- " + prose(root["abstract"][0].lower() + root["abstract"][1:].rstrip(".")),
        ".SH SYNOPSIS", ".B portolan", ".I COMMAND", "[\\fIOPTIONS\\fR]", ".br", ".B portolan help", ".I COMMAND",
        ".SH DESCRIPTION",
        prose("Portolan stands in front of regional clusters and decides for every request which region, cell and "
              "endpoint serves it. `portolan serve` runs an edge; most other commands talk to a running one through "
              "its admin API, by a Unix socket on the same machine or by HTTPS."),
        ".PP",
        prose("Output is text for people, at most as wide as the terminal (80 columns into a pipe), or with --json "
              "what the API said. Errors are one line on standard error. A change that the network broke is asked for "
              "once more with the same key, so that it is made once."),
        ".SH COMMANDS",
    ]
    for words, command in commands:
        aliases = command.get("aliases", [])
        out += [".SS " + plain(" ".join(words[1:])), synopsis(words, command, common), ".PP",
                prose(command.get("abstract", ""))]
        if aliases:
            out += [prose("Also: " + ", ".join("`portolan %s`" % a for a in aliases) + ".")]
        if command.get("discussion"):
            out += [".PP", prose(" ".join(command["discussion"].split()))]
        rest = []
        for argument in shown(command):
            if argument["kind"] != "positional" and option_key(argument) in common:
                described[option_key(argument)] = argument
                rest.append(argument)
            else:
                out += entry(argument)
        if rest:
            names = [named(a["preferredName"]) for a in rest]
            out += [".PP", prose("Common options: " + ", ".join(names) + ".")]
    out += [".SH COMMON OPTIONS"]
    for argument in described.values():
        out += entry(argument)
    out += [".SH EXIT STATUS"]
    for title, rows in ((None, EXITS), ("ENVIRONMENT", ENVIRONMENT), ("FILES", FILES)):
        out += [".SH " + title] if title else []
        for name, text in rows:
            out += [".TP", "\\fB" + plain(name) + "\\fR", prose(text)]
    out += [".SH EXAMPLES"]
    for index, (text, lines) in enumerate(EXAMPLES):
        out += ([".PP"] if index else []) + [prose(text), ".PP", ".RS 4", ".nf"] + [plain(l) for l in lines] + [".fi", ".RE"]
    return "\n".join(line for line in out if line) + "\n"


if __name__ == "__main__":
    sys.stdout.write(page(json.load(sys.stdin)))
