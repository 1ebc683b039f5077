import Foundation
import Glibc

/// A file system over a folder, for a superuser who may mount one.
public struct SmallDisk {
    public static let isPossible: Bool = {
        let folder = "/tmp/portolan-disk-\(getpid())"
        guard mkdir(folder, 0o700) == 0 else { return false }
        defer { rmdir(folder) }
        guard let disk = SmallDisk(folder, "size=64k") else { return false }
        disk.unmount()
        return true
    }()

    private let path: String

    /// An empty one in memory.
    public init?(_ path: String, _ options: String) {
        self.path = path
        guard geteuid() == 0, SmallDisk.run("mount", "-t", "tmpfs", "-o", options, "tmpfs", path) else { return nil }
    }

    /// The folder as it is, for readers alone.
    public init?(readOnly path: String) {
        self.path = path
        guard SmallDisk.run("mount", "--bind", path, path) else { return nil }
        if SmallDisk.run("mount", "-o", "remount,ro,bind", path) { return }
        unmount()
        return nil
    }

    /// Of a folder for readers alone: now everybody may write.
    public func allowWriting() -> Bool { SmallDisk.run("mount", "-o", "remount,rw,bind", path) }

    /// Of one in memory: other options.
    public func allow(_ options: String) -> Bool { SmallDisk.run("mount", "-o", "remount,\(options)", path) }

    public func unmount() { _ = SmallDisk.run("umount", "-l", path) }

    private var filler: String { "\(path)/filler" }

    /// False: it has room left.
    public func fill() -> Bool {
        let descriptor = open(filler, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        if descriptor < 0 { return false }
        defer { close(descriptor) }
        let page = [UInt8](repeating: 1, count: 4_096)
        while write(descriptor, page, page.count) > 0 {}
        return errno == ENOSPC
    }

    public func empty() { unlink(filler) }

    private static func run(_ words: String...) -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
