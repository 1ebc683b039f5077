import Foundation

/// A program that was started, its output in files. Killed and reaped at the latest with its owner.
final class ChildProcess: @unchecked Sendable {
    let name: String
    let pid: pid_t
    private let folder: TemporaryFolder
    private let lock = NSLock()
    private var status: Int32?

    /// - Parameters:
    ///   - folder: where its output goes, and its working directory.
    ///   - namespace: the network it lives in; nil: the machine's.
    init(
        _ program: String, _ arguments: [String], name: String, in folder: TemporaryFolder,
        environment: [String: String] = [:], namespace: String? = nil
    ) throws {
        self.name = name
        self.folder = folder
        // `env` becomes the program: spawning cannot change the folder everywhere.
        let path = Programs.find("env")
        let all = ProcessInfo.processInfo.environment.merging(environment) { $1 }.map { "\($0)=\($1)" }
        // So does `ip netns exec`: the child's number is the program's.
        let inside = namespace.map { [Programs.find("ip"), "netns", "exec", $0] } ?? []
        let words = [path, "--chdir=\(folder.path)"] + inside + [Programs.find(program)] + arguments
        var argv = words.map { strdup($0) } + [nil]
        var envp = all.map { strdup($0) } + [nil]
        defer { for text in argv + envp { free(text) } }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        for (descriptor, file) in [(Int32(1), "\(name).out"), (2, "\(name).err")] {
            let flags = O_WRONLY | O_CREAT | O_TRUNC | O_APPEND
            posix_spawn_file_actions_addopen(&actions, descriptor, folder.file(file), flags, 0o600)
        }
        var attributes = ChildProcess.cleanSignals()
        defer { posix_spawnattr_destroy(&attributes) }
        var child = pid_t()
        let code = posix_spawn(&child, path, &actions, &attributes, &argv, &envp)
        guard code == 0 else { throw HarnessError("cannot start \(program): errno \(code)") }
        pid = child
    }

    /// The test runner's own mask and ignored signals are not the child's.
    private static func cleanSignals() -> posix_spawnattr_t {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        return attributes
    }

    deinit { kill() }

    var output: String { folder.read("\(name).out") }
    var errors: String { folder.read("\(name).err") }
    var outputFile: String { folder.file("\(name).out") }

    /// Nil while it runs; 128 + signal when one ended it.
    var exitStatus: Int32? {
        lock.withLock {
            if let status { return status }
            var raw: Int32 = 0
            guard waitpid(pid, &raw, WNOHANG) == pid else { return nil }
            status = raw & 0x7F == 0 ? raw >> 8 & 0xFF : 128 + raw & 0x7F
            return status
        }
    }

    func signal(_ number: Int32) {
        guard exitStatus == nil else { return }
        _ = Glibc.kill(pid, number)
    }

    @discardableResult
    func wait(within seconds: Double) throws -> Int32 {
        try Patience.wait(for: "\(name) to end", within: seconds) { exitStatus != nil }
        return exitStatus ?? -1
    }

    /// SIGKILL, and waits until it is gone.
    func kill() {
        signal(SIGCONT)
        signal(SIGKILL)
        while exitStatus == nil { Patience.rest(0.002) }
    }

    /// Octets of its memory that are in RAM (`VmRSS`).
    var residentBytes: Int { kilobytes("VmRSS") * 1_024 }
    /// The most there ever were.
    var peakResidentBytes: Int { kilobytes("VmHWM") * 1_024 }

    private func kilobytes(_ key: String) -> Int {
        let text = (try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix(key + ":") }
        return line.flatMap { $0.split(separator: " ").dropLast().last }.flatMap { Int($0.filter(\.isNumber)) } ?? 0
    }
}
