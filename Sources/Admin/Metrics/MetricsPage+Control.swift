import ControlPlane

/// What the control plane makes of regions and cells, what operators asked of it, and what it could not keep.
extension MetricsPage {
    mutating func addLosses(_ reading: MetricsReading) {
        writer.family(
            "portolan_store_writable", .gauge,
            "0 from the first change that the store refused until it takes one again.")
        writer.sample(reading.isStoreWritable)
        writer.counter(
            "portolan_events_lost_total", reading.losses.events,
            "Events that were let go before the store could take them: they are in the process log alone.")
        writer.counter(
            "portolan_audit_entries_lost_total", reading.losses.auditEntries,
            "Refusals that the audit log does not have: too many at once, or a store that took none.")
        writer.counter(
            "portolan_log_lines_lost_total", reading.losses.logLines,
            "Lines of the process log that whatever takes them was too slow for, or had no room for.")
    }

    mutating func addShares(_ reading: MetricsReading) {
        writer.family(
            "portolan_region_round_trip_seconds", .gauge,
            "Smoothed round trip to the region over probes and requests; absent before the first answer.")
        for region in reading.regions where region.rttMicroseconds > 0 {
            writer.sample(microseconds: region.rttMicroseconds, [("region", region.name)])
        }
        writer.family(
            "portolan_region_kept_ratio", .gauge,
            "Of the requests that choose the region it keeps so many: less than 1 with a dial, a drain, or ill cells.")
        for region in reading.regions { writer.sample(region.keptPercent / 100, [("region", region.name)]) }
        writer.family(
            "portolan_cell_share_ratio", .gauge, "The cell's share of its region's new work as drains leave it.")
        for cell in reading.cells { writer.sample(Double(cell.share) / 10_000, MetricsPage.labels(cell)) }
        writer.family("portolan_cell_requests_in_flight", .gauge, "Requests at the cell that have not ended.")
        for cell in reading.cells {
            if let count = cell.requestsInFlight { writer.sample(count, MetricsPage.labels(cell)) }
        }
        writer.family(
            "portolan_cell_sessions", .gauge, "Producers that the cell holds, as of at most 10 seconds ago.")
        for cell in reading.cells { if let count = cell.sessions { writer.sample(count, MetricsPage.labels(cell)) } }
    }

    /// By the configuration's datasets and regions.
    mutating func addReplication(_ reading: MetricsReading) {
        let copies = reading.regions.flatMap(\.replication)
        func labels(_ copy: Status.Replication) -> MetricsWriter.Labels {
            [("dataset", copy.dataset), ("region", copy.region)]
        }
        writer.family(
            "portolan_replication_lag_seconds", .gauge,
            "How far the region's copy is behind the dataset's owner; absent while that is not known.")
        for copy in copies {
            if let lag = copy.lagMilliseconds { writer.sample(microseconds: lag * 1_000, labels(copy)) }
        }
        writer.family(
            "portolan_replication_known", .gauge, "1 while the lag of the region's copy is known; 0 counts as broken.")
        for copy in copies { writer.sample(!copy.isUnknown, labels(copy)) }
        writer.family(
            "portolan_replication_tier", .gauge,
            "The copy's tier as the dataset's tiers have it: 0 fresh, 1 near, 2 stale, 3 broken.")
        for copy in copies { writer.sample(copy.tierNumber, labels(copy)) }
    }

    /// Drains in force: at most one a cell and one a region.
    mutating func addDrains(_ reading: MetricsReading) {
        let drains = reading.drains.filter { $0.state != "ended" }
        func labels(_ drain: Status.Drain) -> MetricsWriter.Labels { [("target", drain.target), ("kind", drain.kind)] }
        writer.family(
            "portolan_drain_admission_ratio", .gauge, "Of its share of new work a draining target still takes so much.")
        for drain in drains { writer.sample(Double(drain.admissionPercent) / 100, labels(drain)) }
        writer.family(
            "portolan_drain_overdue", .gauge,
            "1 while a drain does not come to its end: it is held, or requests outlast its deadline.")
        for drain in drains { writer.sample(drain.isOverdue, labels(drain)) }
    }

    mutating func addStore(_ reading: MetricsReading) {
        writer.family(
            "portolan_store_bytes", .gauge,
            "Of the file of the state on the disk, with its log; absent without `state`.")
        if let store = reading.store { writer.sample(store.bytes) }
        writer.family(
            "portolan_audit_entries_total", .counter,
            "Entries of the audit log, which is never cut; absent without `state`.")
        if let store = reading.store { writer.sample(store.auditEntries) }
    }

    mutating func addCertificates(_ reading: MetricsReading) {
        writer.family(
            "portolan_certificate_remaining_seconds", .gauge,
            "Until a certificate ends that a listener shows; negative afterwards.")
        for certificate in reading.certificates {
            writer.sample(
                certificate.secondsLeft, [("listener", certificate.listener), ("subject", certificate.subject)])
        }
    }
}
