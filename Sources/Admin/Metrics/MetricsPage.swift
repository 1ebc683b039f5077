import ControlPlane
import Model

/// `GET /metrics`. Names and labels are an interface: dashboards and alerts are written against them. Labels come from
/// the configuration and from fixed lists alone, so that their number is bounded.
struct MetricsPage {
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"
    var writer = MetricsWriter()
    var text: String { writer.text }

    init(_ reading: MetricsReading) {
        addProcess(reading)
        addSnapshot(reading)
        addTraffic(reading.workers)
        addLatency(reading)
        addRecords(reading)
        addLosses(reading)
        addHealth(reading)
        addShares(reading)
        addReplication(reading)
        addDrains(reading)
        addCertificates(reading)
        addStore(reading)
    }

    private mutating func addProcess(_ reading: MetricsReading) {
        writer.family("portolan_build_info", .gauge, "Always 1; the version is a label.")
        writer.sample(1, [("version", reading.version)])
        writer.family("portolan_ready", .gauge, "1 while /readyz answers 200.")
        writer.sample(reading.isReady && !reading.isDraining)
        writer.family("portolan_draining", .gauge, "1 from the signal to stop until the end.")
        writer.sample(reading.isDraining)
        writer.family("process_start_time_seconds", .gauge, "When the process started, in seconds since 1970.")
        writer.sample(microseconds: reading.startedAtMicroseconds)
        writer.family("process_cpu_seconds_total", .counter, "User and system time of all threads.")
        writer.sample(microseconds: reading.process.cpuMicroseconds)
        writer.gauge("process_resident_memory_bytes", reading.process.residentBytes, "Resident memory.")
        writer.gauge("process_open_fds", UInt64(reading.process.openDescriptors), "Open descriptors.")
        writer.gauge("process_max_fds", reading.process.maxDescriptors, "The most descriptors that may be open.")
    }

    private mutating func addSnapshot(_ reading: MetricsReading) {
        writer.gauge("portolan_snapshot_generation", reading.generation, "Generation of the snapshot in force.")
        writer.family(
            "portolan_worker_acknowledged_generation", .gauge,
            "Generation that the worker acts on; absent once it ended.")
        for (index, generation) in reading.acknowledgedGenerations.enumerated() where generation != .max {
            writer.sample(generation, [("worker", "\(index)")])
        }
        writer.family("portolan_worker_ticks_total", .counter, "Turns of the worker's loop.")
        for (index, worker) in reading.workers.enumerated() { writer.sample(worker.ticks, [("worker", "\(index)")]) }
        writer.family("portolan_worker_requests_total", .counter, "Requests that the worker took.")
        for (index, worker) in reading.workers.enumerated() { writer.sample(worker.requests, [("worker", "\(index)")]) }
    }

    private mutating func addLatency(_ reading: MetricsReading) {
        let histograms = reading.records.histograms
        writer.family(
            "portolan_request_duration_seconds", .histogram,
            "From a request's complete head to the end of its answer; region and cell - where none was chosen.")
        for (key, series) in zip(histograms.keys, histograms.series) {
            let labels = [
                ("route", reading.names.text(of: key.route)), ("region", reading.names.text(of: key.region)),
                ("cell", reading.names.text(of: key.cell)),
            ]
            writer.histogram(
                labels, bounds: LatencyHistograms.bounds, buckets: series.buckets,
                sumMicroseconds: series.sumMicroseconds)
        }
    }

    private mutating func addRecords(_ reading: MetricsReading) {
        let records = reading.records
        writer.counter(
            "portolan_records_dropped_total", records.dropped,
            "Records of requests that found a worker's ring full: missing in the access log and in durations.")
        writer.counter("portolan_records_malformed_total", records.malformed, "Records that could not be read.")
        writer.counter("portolan_access_log_lines_total", records.logged, "Lines given to the access log.")
        writer.counter(
            "portolan_access_log_write_failures_total", records.writeFailures,
            "Writes to the access log that failed, each losing some lines.")
        writer.family("portolan_events_total", .counter, "Events by name.")
        for kind in Event.Kind.allCases { writer.sample(reading.events[kind] ?? 0, [("event", kind.rawValue)]) }
        writer.counter(
            "portolan_region_fallback_events_suppressed_total", records.fallbacksSuppressed,
            "REGION_FALLBACK that were counted into the next event instead of being one.")
    }

    private mutating func addHealth(_ reading: MetricsReading) {
        writer.family("portolan_region_fit", .gauge, "1 while the region can serve.")
        for region in reading.regions { writer.sample(region.isFit, [("region", region.name)]) }
        writer.family("portolan_region_open", .gauge, "1 while the region can serve and takes new work.")
        for region in reading.regions { writer.sample(region.isOpen, [("region", region.name)]) }
        writer.family("portolan_cell_healthy", .gauge, "1 while at least half of the cell's endpoints are up.")
        for cell in reading.cells { writer.sample(cell.health == "healthy", MetricsPage.labels(cell)) }
        writer.family("portolan_cell_weight_ratio", .gauge, "The cell's share of its region's new work, in force.")
        for cell in reading.cells { writer.sample(Double(cell.weightEffective) / 100, MetricsPage.labels(cell)) }
        writer.family(
            "portolan_endpoint_up", .gauge, "1 while probes of the endpoint succeed; 0 also before the first.")
        for cell in reading.cells {
            for endpoint in cell.endpoints {
                writer.sample(endpoint.health == "up", MetricsPage.labels(cell) + [("endpoint", endpoint.address)])
            }
        }
        writer.family(
            "portolan_endpoint_probe_duration_seconds", .gauge,
            "Smoothed time of the endpoint's successful probes; absent before the first.")
        for cell in reading.cells {
            for endpoint in cell.endpoints where endpoint.rttMicroseconds > 0 {
                let labels = MetricsPage.labels(cell) + [("endpoint", endpoint.address)]
                writer.sample(microseconds: endpoint.rttMicroseconds, labels)
            }
        }
    }

    static func labels(_ cell: Status.Cell) -> MetricsWriter.Labels {
        [("region", cell.region), ("cell", cell.name)]
    }
}
