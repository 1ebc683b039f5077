#!/usr/bin/python3
"""Runs a command the way systemd runs the service, as far as a kernel can be asked for it without systemd: the unit's
filters of system calls, its address families, no new privileges, no capability but the unit's, and, as root, its user
and its view of the file system.

usage: packaging/confine.py [--root FOLDER] [--user NAME] [--writable FOLDER]... COMMAND...

The sets of calls are those of the systemd that is installed (systemd-analyze syscall-filter). Needs python3-seccomp.
"""

import argparse
import ctypes
import errno
import os
import pathlib
import pwd
import signal
import socket
import stat
import subprocess
import sys

import seccomp

UNIT = pathlib.Path(__file__).parent / "portolan.service"
LIBC = ctypes.CDLL(None, use_errno=True)
# prctl(2), capabilities(7), clone(2), sched(7), mmap(2): numbers of the kernel's ABI.
PR_SET_NO_NEW_PRIVS, PR_CAPBSET_READ, PR_CAPBSET_DROP = 38, 23, 24
CAPABILITIES = {"CAP_NET_BIND_SERVICE": 10}
NAMESPACES = [0x00000080, 0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000]
POLICIES_ALLOWED, POLICIES = {0, 3, 5}, range(8)  # other, batch, idle; deadline is 6
PROT_WRITE, PROT_EXEC, SHM_EXEC = 2, 4, 0o100000
DENY = seccomp.ERRNO(errno.EPERM)


def service(path=UNIT):
    """The keys of the unit's [Service], each with all its values."""
    keys, section = {}, ""
    for line in path.read_text().splitlines():
        if line.startswith("["):
            section = line
        elif section == "[Service]" and "=" in line and line[0] not in "#;":
            key, value = line.split("=", 1)
            keys.setdefault(key, []).append(value.strip())
    return keys


def call_sets():
    said = subprocess.check_output(["systemd-analyze", "--no-pager", "syscall-filter"], text=True)
    sets, name = {}, None
    for line in said.splitlines():
        if line.startswith("@"):
            name = line.strip()
            sets[name] = []
        elif name and line.startswith("    ") and line.strip()[0] != "#":
            sets[name].append(line.strip())
    return sets


def calls_of(word, sets):
    """A call, or all of a set and of the sets in it."""
    if ":" in word or word.startswith("@") and word not in sets:
        sys.exit(f"packaging/confine.py: SystemCallFilter={word} is not known here")
    return {word} if word[0] != "@" else {call for name in sets[word] for call in calls_of(name, sets)}


def permitted(lines, sets):
    """The first line lists what may be called; the others add to that or, with ~, take away (systemd.exec(5))."""
    if lines[0].startswith("~"):
        sys.exit("packaging/confine.py: the unit's first SystemCallFilter= does not say what may be called")
    calls = calls_of("@default", sets)
    for line in lines:
        named = {call for word in line.lstrip("~").split() for call in calls_of(word, sets)}
        calls = calls - named if line.startswith("~") else calls | named
    return calls


class Filter:
    """One of the filters that systemd installs: whatever no rule names gets `rest`."""

    def __init__(self, rest=seccomp.ALLOW):
        self.filter = seccomp.SyscallFilter(rest)

    def add(self, action, call, *conditions):
        # Names of other architectures have no number here.
        if seccomp.resolve_syscall(seccomp.Arch(), call) >= 0:
            self.filter.add_rule(action, call, *conditions)

    def mask(self, call, argument, bits):
        self.add(DENY, call, seccomp.Arg(argument, seccomp.MASKED_EQ, bits, bits))

    def load(self):
        self.filter.load()


def restrict_calls(keys, sets):
    """What systemd does not know gets ENOSYS, as from an older kernel; what it knows and the unit does not allow, the
    unit's error."""
    calls = permitted(keys["SystemCallFilter"], sets)
    error = seccomp.ERRNO(getattr(errno, keys["SystemCallErrorNumber"][-1]))
    made = Filter(seccomp.ERRNO(errno.ENOSYS))
    for call in sorted(calls_of("@known", sets) | calls):
        made.add(seccomp.ALLOW if call in calls else error, call)
    made.load()


def restrict_families(keys):
    allowed = {getattr(socket, name).value for name in keys["RestrictAddressFamilies"][-1].split()}
    made, refusal = Filter(), seccomp.ERRNO(errno.EAFNOSUPPORT)
    for family in range(64):
        if family not in allowed:
            made.add(refusal, "socket", seccomp.Arg(0, seccomp.EQ, family))
    made.add(refusal, "socket", seccomp.Arg(0, seccomp.GE, 64))
    made.load()


def restrict_namespaces(_):
    made = Filter()
    # Its flags are in memory, where no filter can look.
    made.add(seccomp.ERRNO(errno.ENOSYS), "clone3")
    made.add(DENY, "setns")
    for flag in NAMESPACES:
        made.mask("clone", 0, flag)
        made.mask("unshare", 0, flag)
    made.load()


def restrict_modes(_):
    made = Filter()
    made.add(seccomp.ERRNO(errno.ENOSYS), "openat2")
    places = {"chmod": 1, "fchmod": 1, "fchmodat": 2, "mkdir": 1, "mkdirat": 2, "mknod": 1, "mknodat": 2, "creat": 1}
    for bit in (stat.S_ISUID, stat.S_ISGID):
        for call, argument in places.items():
            made.mask(call, argument, bit)
        for call, flags in (("open", 1), ("openat", 2)):
            made.add(DENY, call, seccomp.Arg(flags, seccomp.MASKED_EQ, os.O_CREAT, os.O_CREAT),
                     seccomp.Arg(flags + 1, seccomp.MASKED_EQ, bit, bit))
    made.load()


def restrict_scheduling(_):
    made = Filter()
    for policy in POLICIES:
        if policy not in POLICIES_ALLOWED:
            made.add(DENY, "sched_setscheduler", seccomp.Arg(1, seccomp.EQ, policy))
    made.add(DENY, "sched_setscheduler", seccomp.Arg(1, seccomp.GE, len(POLICIES)))
    made.load()


def restrict_memory(_):
    made, both = Filter(), PROT_WRITE | PROT_EXEC
    made.mask("mmap", 2, both)
    made.mask("mprotect", 2, PROT_EXEC)
    made.mask("pkey_mprotect", 2, PROT_EXEC)
    made.mask("shmat", 2, SHM_EXEC)
    made.load()


def prctl(option, value):
    if LIBC.prctl(option, value, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), f"prctl({option}, {value})")


def drop_privileges(user, keys):
    """To the user, with the unit's capabilities as the most that can ever be had."""
    kept = {CAPABILITIES[name] for name in keys["CapabilityBoundingSet"][-1].split()}
    for capability in range(64):
        if capability not in kept and LIBC.prctl(PR_CAPBSET_READ, capability, 0, 0, 0) == 1:
            prctl(PR_CAPBSET_DROP, capability)
    os.setgroups([])
    os.setresgid(user.pw_gid, user.pw_gid, user.pw_gid)
    os.setresuid(user.pw_uid, user.pw_uid, user.pw_uid)


def mount(*arguments):
    subprocess.run(["mount", *arguments], check=True)


def mount_view(root, writable):
    """ProtectSystem=strict, ProcSubset=pid, ProtectProc=invisible and, in a root of its own, PrivateTmp."""
    if root != "/":
        mount("--bind", root, root)
        mount("-t", "tmpfs", "-o", "mode=1777,nosuid,nodev", "tmpfs", root + "/tmp")
    for folder in writable:
        mount("--bind", folder, folder)
    mount("-t", "proc", "-o", "subset=pid,hidepid=invisible", "proc", root.rstrip("/") + "/proc")
    mount("-o", "remount,bind,ro", root)


def restrict(keys, sets):
    """The filter of calls comes last: it forbids to install more."""
    on = lambda key: keys[key][-1] == "yes"
    if on("NoNewPrivileges"):
        prctl(PR_SET_NO_NEW_PRIVS, 1)
    restrict_families(keys)
    for key, restriction in [("RestrictNamespaces", restrict_namespaces), ("RestrictSUIDSGID", restrict_modes),
                             ("RestrictRealtime", restrict_scheduling), ("MemoryDenyWriteExecute", restrict_memory)]:
        if on(key):
            restriction(keys)
    restrict_calls(keys, sets)


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("usage: ")[1].splitlines()[0])
    parser.add_argument("--root", default="/")
    parser.add_argument("--user", default="nobody")
    parser.add_argument("--writable", action="append", default=[])
    parser.add_argument("--is-alone", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    if os.geteuid() == 0 and not options.is_alone:
        os.execvp("unshare", ["unshare", "--mount", "--propagation", "private", sys.executable, __file__, "--is-alone",
                              *sys.argv[1:]])
    # Read while all of the machine is to be seen.
    keys, sets = service(), call_sets()
    os.umask(int(keys["UMask"][-1], 8))
    # As systemd leaves it, not as this interpreter has set it.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    if options.is_alone:
        mount_view(options.root, options.writable)
        if options.root != "/":
            os.chroot(options.root)
            os.chdir("/")
        drop_privileges(pwd.getpwnam(options.user), keys)
    restrict(keys, sets)
    os.execvp(options.command[0], options.command)


if __name__ == "__main__":
    main()
