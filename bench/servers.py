"""The proxies and the backend: their configurations, their processes, what they cost."""

import ctypes
import os
import pathlib
import resource
import shutil
import signal
import socket
import ssl
import subprocess
import time

import http2

PROXY_CORE, LOAD_CORE = 0, 1
ROOT = pathlib.Path(__file__).resolve().parent.parent
FILES = {"small": 128, "medium": 10 * 1024, "large": 1024 * 1024}
PR_SET_PDEATHSIG = 1


class Failure(Exception):
    """Something that ends the run, in one line for people."""


def program(name):
    """Debian keeps daemons in sbin, which is not on everybody's path."""
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")
    if not found:
        raise Failure(f"{name} is not installed: run `make deps`")
    return found


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def prepared(core):
    """What a child does before it becomes its program: its core, enough descriptors, not outliving this process."""
    libc = ctypes.CDLL(None)

    def prepare():
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        os.sched_setaffinity(0, {core})
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 65_536), hard))

    return prepare


def family(pid):
    """The process and all that descend from it: nghttpx forks its worker."""
    found = [pid]
    for parent in found:
        try:
            for thread in os.listdir(f"/proc/{parent}/task"):
                children = pathlib.Path(f"/proc/{parent}/task/{thread}/children").read_text()
                found += [int(child) for child in children.split()]
        except FileNotFoundError:
            continue
    return found


class Process:
    """A server that was started here, in a process group of its own, and that is ended here by its id."""

    def __init__(self, name, command, log, core):
        self.name, self.log = name, log
        with open(log, "ab") as output:
            self.child = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True,
                preexec_fn=prepared(core))

    @property
    def pid(self):
        return self.child.pid

    def cpu_nanoseconds(self):
        """User and system time of all threads, by the scheduler's own count where it is kept, else in clock ticks."""
        total = 0
        for pid in family(self.pid):
            tasks = pathlib.Path(f"/proc/{pid}/task")
            try:
                total += sum(int((task / "schedstat").read_text().split()[0]) for task in tasks.iterdir())
            except FileNotFoundError:
                fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
                total += (int(fields[11]) + int(fields[12])) * 1_000_000_000 // os.sysconf("SC_CLK_TCK")
        return total

    def proportional_bytes(self):
        """PSS: what the process holds, shared pages counted by their share."""
        total = 0
        for pid in family(self.pid):
            for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1]) * 1024
        return total

    def kill(self, number=signal.SIGKILL):
        self.child.send_signal(number)

    def stop(self):
        if self.child.poll() is None:
            for pid in reversed(family(self.pid)):
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
        self.child.wait(10)

    def complaint(self):
        tail = pathlib.Path(self.log).read_text(errors="replace").splitlines()[-5:]
        return f"{self.name} does not serve; its last words:\n  " + "\n  ".join(tail or ["(none)"])


class Bench:
    """A folder of generated files and the processes that use it. Leaving it ends them all."""

    def __init__(self, folder, edge):
        self.folder, self.edge = pathlib.Path(folder), pathlib.Path(edge)
        self.processes, self.started = [], 0
        self.context = http2.tls_context()
        self._make_files()
        self._make_certificate()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop_all()

    def stop_all(self):
        for process in self.processes:
            process.stop()
        self.processes = []

    def start(self, name, command, core=PROXY_CORE):
        process = Process(name, [str(part) for part in command], self.folder / f"{name}.log", core)
        self.processes.append(process)
        return process

    def backend(self, name="backend"):
        port = free_port()
        command = [
            program("nghttpd"), "--no-tls", "--workers=1", "--window-bits=20", "--connection-window-bits=24",
            "--address=127.0.0.1", f"--htdocs={self.folder / 'htdocs'}", port,
        ]
        process = self.start(name, command, LOAD_CORE)
        process.port = port
        self._await(process, lambda: socket.create_connection(("127.0.0.1", port), 1).close())
        return process

    def proxy(self, name, *backends, under=(), port=None, stages=False):
        """Starts a proxy in front of the backends, as an argument of the command `under`, until it answers 200.

        With the port of one that runs already, the two share it (SO_REUSEPORT). `stages`: ours gets a configuration
        in which every stage of a decision has work to do; the others forward as ever.
        """
        port = port or free_port()
        self.started += 1
        command = {
            "portolan": self._portolan_stages if stages else self._portolan, "edge-bench": self._edge_bench, "haproxy": self._haproxy,
            "nghttpx": self._nghttpx,
        }[name]
        process = self.start(name, [*under, *command(port, [backend.port for backend in backends])])
        process.port = port
        self._await(process, lambda: self._ask(port))
        if name == "portolan":  # where the port is shared, the answer may have been the other's
            self._await(process, lambda: self._admin_is_ready(self.admin_socket))
        return process

    @property
    def admin_socket(self):
        """Of the edge started last."""
        return self.folder / f"admin.{self.started}"

    def _admin_is_ready(self, path):
        with socket.socket(socket.AF_UNIX) as admin:
            admin.settimeout(2)
            admin.connect(str(path))
            admin.sendall(b"GET /readyz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
            answer = admin.recv(4096).split(b"\r\n")[0]
        if b" 200" not in answer:
            raise ConnectionError(f"/readyz: {answer.decode(errors='replace')}")

    def _ask(self, port):
        connection = http2.Connection(port, self.context, timeout=2)
        try:
            seen, _ = connection.ask("/small")
            if seen != 200:
                raise ConnectionError(f"status {seen}")
        finally:
            connection.close()

    def _await(self, process, attempt):
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and process.child.poll() is None:
            try:
                return attempt()
            except (OSError, ssl.SSLError, http2.ProtocolFailure):
                time.sleep(0.05)
        raise Failure(process.complaint())

    def _make_files(self):
        htdocs = self.folder / "htdocs"
        htdocs.mkdir()
        for name, size in FILES.items():
            (htdocs / name).write_bytes(os.urandom(size))
        (self.folder / "upload").write_bytes(os.urandom(64 * 1024))

    def _make_certificate(self):
        self.key, self.certificate = self.folder / "key.pem", self.folder / "certificate.pem"
        command = [
            program("openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
            "-keyout", self.key, "-out", self.certificate,
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=30)
        both = self.certificate.read_text() + self.key.read_text()
        (self.folder / "both.pem").write_text(both)

    def _write(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return path

    def configuration(self, name, port, admin, rest, edge="", listener="", tls=True):
        """Writes a file of ours: one listener on the port, the admin socket, probes of /small, then the rest."""
        keys = f"tls: {{certificates: [{{certificate: {self.certificate}, key: {self.key}}}]}}" if tls else ""
        return self._write(name, f"""\
version: 1
edge: {{name: bench, region: here{edge}}}
listeners:
  - name: public
    address: "127.0.0.1:{port}"
    protocols: [h2]
    {keys}
    {listener}
admin: {{socket: {admin}}}
health: {{path: /small}}
{rest}""")

    def _portolan(self, port, backends):
        endpoints = ", ".join(f'"127.0.0.1:{backend}"' for backend in backends)
        return self._serve(port, "x_region: true", f"""\
regions:
  here:
    jurisdiction: us
    cells:
      only: {{endpoints: [{endpoints}]}}
routes:
  - {{name: default, match: {{}}}}
""")

    def _serve(self, port, trust, rest):
        """The command that serves on the port: what all configurations of ours have in common, then the rest."""
        if not self.edge.exists():
            raise Failure(f"{self.edge} is missing: run `make release`")
        file = self.configuration(
            f"portolan.{self.started}.yaml", port, self.admin_socket, "upstream: {protocol: h2c}\n" + rest,
            listener=f'trust: {{{trust}, from: ["127.0.0.0/8"]}}')
        return [self.edge, "serve", "--config", file, "--workers", 1]

    def _portolan_stages(self, port, backends):
        """1,000,000 pinned tenants, sessions by token, a dataset with an owner, weights, three regions."""
        pins = self.folder / "tenants.csv"
        if not pins.exists():
            with open(pins, "w") as file:
                file.writelines(f"tenant-{number},here,us\n" for number in range(1_000_000))
        endpoint = f'["127.0.0.1:{backends[0]}"]'
        cells = f"{{a: {{weight: 50, endpoints: {endpoint}}}, b: {{weight: 50, endpoints: {endpoint}}}}}"
        others = "\n".join(
            f"  {name}: {{jurisdiction: {place}, cells: {{{name}-a: {{endpoints: {endpoint}}}}}}}"
            for name, place in [("there", "eu"), ("yonder", "us")])
        return self._serve(port, "x_region: true, tenant: true", f"""\
regions:
  here: {{jurisdiction: us, cells: {cells}, replication: {{backend: {endpoint}}}}}
{others}
tenants: {{header: x-tenant-id, pins_file: {pins}}}
datasets:
  orders: {{owner: here}}
routes:
  - {{name: default, match: {{}}, sticky: token, dataset: orders, class: read}}
""")

    def session_token(self, port, tenant):
        """What the edge gives a client that asks for the first time."""
        answer = subprocess.run(
            [program("curl"), "-sk", "--http2", "-D", "-", "-o", "/dev/null", "-H", f"x-tenant-id: {tenant}",
             f"https://127.0.0.1:{port}/small"],
            check=True, capture_output=True, text=True, timeout=10).stdout
        for line in answer.splitlines():
            if line.lower().startswith("x-portolan-session:"):
                return line.split(":", 1)[1].strip()
        raise Failure("the edge gave no session token:\n" + answer)

    def _edge_bench(self, port, backends):
        """The data plane alone with a snapshot that never changes."""
        if not self.edge.exists():
            raise Failure(f"{self.edge} is missing: run `swift build -c release --product edge-bench`")
        # Debian 12's valgrind gives up on Swift's debug information; names of functions are enough.
        stripped = self.folder / "edge-bench"
        if not stripped.exists():
            subprocess.run(["strip", "-g", "-o", stripped, self.edge], check=True)
        return [
            stripped, "--listen", f"127.0.0.1:{port}", "--upstream", f"127.0.0.1:{backends[0]}",
            "--certificate", self.certificate, "--key", self.key,
        ]

    def _haproxy(self, port, backends):
        servers = "\n".join(
            f"    server s{index} 127.0.0.1:{backend} proto h2 pool-max-conn -1"
            for index, backend in enumerate(backends))
        file = self._write("haproxy.cfg", f"""\
global
    nbthread 1
    maxconn 4000
    ssl-default-bind-options ssl-min-ver TLSv1.2
defaults
    mode http
    timeout connect 1s
    timeout client 180s
    timeout server 60s
frontend public
    bind 127.0.0.1:{port} ssl crt {self.folder}/both.pem alpn h2
    default_backend here
backend here
    http-reuse always
{servers}
""")
        return [program("haproxy"), "-db", "-f", file]

    def _nghttpx(self, port, backends):
        file = self._write("nghttpx.conf", "".join(
            [f"backend=127.0.0.1,{backend};;proto=h2\n" for backend in backends]
            + [
                f"frontend=127.0.0.1,{port}\n",
                f"private-key-file={self.key}\ncertificate-file={self.certificate}\n",
                "workers=1\nno-ocsp=yes\nerrorlog-file=/dev/stderr\naccesslog-file=\n",
            ]))
        return [program("nghttpx"), f"--conf={file}"]
