import Model

extension Value {
    /// `edge:` — who this edge is.
    func edge(_ regions: KnownNames) -> Configuration.Edge {
        var edge = Configuration.Edge()
        section { section in
            section.require("name", .edgeName, into: &edge.name)
            section.require("region", .known(regions), into: &edge.region)
            section.read("expose_decision", .flag, into: &edge.exposesDecision)
            section.read("grace", .duration(0...hour), into: &edge.graceMilliseconds)
            if let workers = section["workers"] { edge.workers = workers.read(.count(1...1_024)) }
        }
        return edge
    }

    /// `state:` — where what must survive is kept.
    func statePath() -> String? {
        var path: String?
        section { section in
            section.read("sqlite", .path(reading), into: &path)
            section["etcd"]?.report("is not supported yet", right: "sqlite: and a path")
            if path == nil, !section.has("sqlite"), !section.has("etcd") {
                section.value.report("lacks \"sqlite\"", right: Kind.path(reading).expected)
            }
        }
        return path
    }

    /// `sessions:` — how long a client keeps its region and cell.
    func sessions() -> Configuration.Sessions {
        var sessions = Configuration.Sessions()
        section { section in
            section.read("idle", .duration(second...7 * day), into: &sessions.idleMilliseconds)
            section.read("life", .duration(second...90 * day), into: &sessions.lifeMilliseconds)
            section.read("key_rotation", .duration(minute...90 * day), into: &sessions.keyRotationMilliseconds)
            section.read("producer_header", .keyHeader, into: &sessions.producerHeader)
            let idle = Units.duration(sessions.idleMilliseconds)
            if sessions.idleMilliseconds > sessions.lifeMilliseconds {
                let life = Units.duration(sessions.lifeMilliseconds)
                section.value.report("has idle \(idle) longer than life \(life)", right: "idle of at most \(life)")
            }
            // Two keys are valid at any time, the last and the one before it.
            if sessions.idleMilliseconds > sessions.keyRotationMilliseconds {
                let rotation = Units.duration(sessions.keyRotationMilliseconds)
                section.value.report(
                    "has idle \(idle) longer than key_rotation \(rotation), so idle sessions would outlive their key",
                    right: "idle of at most \(rotation)")
            }
        }
        return sessions
    }

    /// `access_log:` — one line a request.
    func accessLog() -> Configuration.AccessLog {
        var log = Configuration.AccessLog()
        section { section in
            section.read("path", .logPath(reading), into: &log.path)
            section.read("sample", .fraction(), into: &log.sample)
        }
        return log
    }
}

extension Kind where T == String {
    /// A path, or `-` for standard output.
    fileprivate static func logPath(_ reading: Reading) -> Kind {
        let path = Kind.path(reading)
        return Kind("- for standard output, or \(path.expected)") { $0 == "-" ? .value($0) : path.parse($0) }
    }
}
