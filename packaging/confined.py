#!/usr/bin/python3
"""Runs an edge as the unit confines it (confine.py): it serves over TLS, obeys an operator, reloads, backs up, stops.

usage: packaging/confined.py [BINARY]   default: .build/debug/portolan

As root all of the confinement is in force; else the file system and the user stay as they are.
"""

import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
PATIENCE = 30
BODY = "from behind\n"
CONFIGURATION = """\
version: 1
edge: {{name: confined, region: here, workers: {workers}, expose_decision: true, grace: 2s}}
listeners:
  - name: public
    address: "127.0.0.1:0"
    tls: {{certificates: [{{certificate: edge.crt, key: edge.key}}]}}
admin: {{socket: run/admin.sock}}
state: {{sqlite: portolan.db}}
access_log: {{path: access.log}}
regions:
  here:
    jurisdiction: local
    cells:
      by-address: {{endpoints: ["127.0.0.1:{upstream}"]}}
      by-name: {{endpoints: ["localhost:{upstream}"]}}
routes:
  - {{name: default, match: {{}}}}
"""
# What must be refused, by what it would take; and what must not.
REFUSED = {
    "a netlink socket": "import socket; socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)",
    "real time": "import os; os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))",
    "memory that is written and run": "import mmap; mmap.mmap(-1, 4096, prot=mmap.PROT_WRITE | mmap.PROT_EXEC)",
    "another user": "import os; os.setresuid(0, 0, 0)",
    "a nicer process": "import os; os.setpriority(os.PRIO_PROCESS, 0, 1)",
    "a file that runs as its owner": "import os; open('own', 'w').close(); os.chmod('own', 0o4755)",
    "a user namespace": "import ctypes; ctypes.CDLL(None).unshare(0x10000000) == 0 or 1 / 0",
}
REFUSED_TO_ROOT = {
    "a file outside its folders": "open('/usr/written', 'w')",
    "what the kernel says of the machine": "open('/proc/cpuinfo')",
}
ALLOWED = {
    "a core of its own": "import os; os.sched_setaffinity(0, os.sched_getaffinity(0))",
    "a place behind others": "import os; os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))",
}


def say(what):
    print(f"{what:<64} ok", flush=True)


def fail(what):
    sys.exit(f"packaging/confined.py: {what}")


def until(what, holds, process=None):
    """Asks again until it is true."""
    deadline = time.monotonic() + PATIENCE
    while not (value := holds()):
        if process is not None and process.poll() is not None:
            fail(f"the edge ended with {process.returncode} before {what}")
        if time.monotonic() > deadline:
            fail(f"{what}: not within {PATIENCE} s")
        time.sleep(0.05)
    return value


class Confined:
    def __init__(self, folder, binary):
        self.folder, self.binary = pathlib.Path(folder), str(pathlib.Path(binary).resolve())
        self.is_root = os.geteuid() == 0
        (self.folder / "index.html").write_text(BODY)
        (self.folder / "healthz").touch()
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.behind = subprocess.Popen(["nghttpd", "--no-tls", "--address=127.0.0.1", "-d", folder, str(self.port)])
        self.manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        self.manager.bind(str(self.folder / "notify.sock"))
        (self.folder / "run").mkdir(0o700)
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
                        "-keyout", self.folder / "edge.key", "-out", self.folder / "edge.crt"],
                       check=True, capture_output=True)
        self.configure(workers=1)
        if self.is_root:
            subprocess.run(["chown", "-R", "nobody", folder], check=True)
        self.edge = None
        self.admin = ["--admin", f"unix:{self.folder}/run/admin.sock"]

    def configure(self, workers):
        text = CONFIGURATION.format(workers=workers, upstream=self.port)
        (self.folder / "edge.yaml").write_text(text)

    def command(self, *words):
        return [sys.executable, HERE / "confine.py", "--writable", self.folder, *words]

    def confined(self, *words):
        return subprocess.run(self.command(*words), cwd=self.folder, capture_output=True, text=True, timeout=PATIENCE)

    def portolan(self, *words):
        said = self.confined(self.binary, *words)
        if said.returncode != 0:
            fail(f"portolan {' '.join(words)}: exit code {said.returncode}\n{said.stdout}{said.stderr}")
        return said.stdout

    def told(self, line):
        """Whether systemd was told so since the last time."""
        try:
            while True:
                if line in self.manager.recv(4096).decode().split("\n"):
                    return True
        except BlockingIOError:
            return False

    def log(self):
        return (self.folder / "log").read_text()

    def start(self):
        environment = dict(os.environ, NOTIFY_SOCKET=str(self.folder / "notify.sock"), WATCHDOG_USEC="2000000")
        with open(self.folder / "log", "w") as log:
            self.edge = subprocess.Popen(self.command(self.binary, "serve", "--config", "edge.yaml"), cwd=self.folder,
                                         env=environment, stderr=log)
        until("it says that it is ready", lambda: self.told("READY=1"), self.edge)

    def get(self):
        port = re.search(r"listening on 127\.0\.0\.1:(\d+) \(public", self.log()).group(1)
        said = subprocess.run(["curl", "-sSfi", "--cacert", self.folder / "edge.crt", f"https://localhost:{port}/"],
                              capture_output=True, text=True, timeout=PATIENCE)
        if said.returncode != 0 or not said.stdout.endswith(BODY):
            fail(f"curl: exit code {said.returncode}, {said.stdout}{said.stderr}")
        return re.search(r"x-portolan-cell: (\S+)", said.stdout).group(1)

    def check_confinement(self):
        refused = REFUSED | (REFUSED_TO_ROOT if self.is_root else {})
        for what, code in refused.items():
            said = self.confined("/usr/bin/python3", "-c", code)
            if said.returncode == 0 or "Error" not in said.stderr:
                fail(f"nothing refuses {what}: exit code {said.returncode}\n{said.stderr}")
        say(f"the confinement refuses {len(refused)} things that it should")
        for what, code in ALLOWED.items():
            said = self.confined("/usr/bin/python3", "-c", code)
            if said.returncode != 0:
                fail(f"the unit refuses {what}\n{said.stderr}")
        say("and lets a thread choose its core and stand back")

    def check_edge(self):
        self.portolan("check", "edge.yaml")
        self.start()
        status = pathlib.Path(f"/proc/{self.edge.pid}/status").read_text()
        if not re.search(r"^Seccomp:\s*2$", status, re.M) or not re.search(r"^NoNewPrivs:\s*1$", status, re.M):
            fail("no filter is in force")
        say("check, serve; systemd is told that it is ready")
        cells = {self.get() for _ in range(8)}
        if cells != {"by-address", "by-name"}:
            fail(f"only {cells} served: is the name not resolved?")
        say("requests over TLS, to an endpoint by its address and one by its name")
        self.portolan("drain", "by-name", "--now", "--reason", "test", "--wait", *self.admin)
        if {self.get() for _ in range(4)} != {"by-address"}:
            fail("the drain is not followed")
        say("a drain, written to the state and followed")
        until("a sign of life", lambda: self.told("WATCHDOG=1"), self.edge)
        self.configure(workers=2)
        self.edge.send_signal(signal.SIGHUP)
        until("it says that it has reloaded", lambda: self.told("READY=1"), self.edge)
        until("two workers go by it", self.has_two_workers, self.edge)
        self.get()
        until("event loops are scheduled before the rest",
              lambda: self.policies() == ({os.SCHED_OTHER}, {os.SCHED_BATCH}), self.edge)
        say("a reload with one worker more; workers are scheduled before the rest")
        (self.folder / "access.log").rename(self.folder / "access.log.1")
        self.edge.send_signal(signal.SIGUSR1)
        self.get()
        until("the access log is opened anew", lambda: (self.folder / "access.log").exists(), self.edge)
        self.portolan("backup", str(self.folder / "copy.db"), "--config", "edge.yaml")
        self.portolan("audit", "verify", *self.admin)
        say("a log rotated, a backup made, the audit log verified")
        self.edge.send_signal(signal.SIGTERM)
        if self.edge.wait(PATIENCE) != 0:
            fail(f"it ended with exit code {self.edge.returncode}")
        say("a stop with exit code 0")

    def policies(self):
        """How the kernel schedules event loops, and all other threads."""
        loops, others = set(), set()
        for task in pathlib.Path(f"/proc/{self.edge.pid}/task").iterdir():
            kind = loops if (task / "comm").read_text().startswith(("worker-", "probes")) else others
            kind.add(os.sched_getscheduler(int(task.name)))
        return loops, others

    def has_two_workers(self):
        status = json.loads(self.portolan("status", "--json", *self.admin))
        return status["acknowledged_generations"] == [status["generation"]] * 2


def main():
    binary = sys.argv[1] if len(sys.argv) > 1 else HERE.parent / ".build/debug/portolan"
    with tempfile.TemporaryDirectory(prefix="portolan-confined-") as folder:
        confined = Confined(folder, binary)
        if not confined.is_root:
            print("not root: user and file system stay as they are", file=sys.stderr)
        try:
            confined.check_confinement()
            confined.check_edge()
        except BaseException:
            if (log := pathlib.Path(folder) / "log").exists():
                sys.stderr.write(log.read_text())
            raise
        finally:
            for process in (confined.edge, confined.behind):
                if process is not None and process.poll() is None:
                    process.kill()
                    process.wait()


if __name__ == "__main__":
    main()
