import Model
import Policy

/// Operators' wishes, as the admin API would pass them on.
extension Simulator {
    mutating func operate(_ operation: Operation) {
        report.operations += 1
        if let region = region(of: operation.intervention) { referee.operates(region: region) }
        let command = OperatorCommand(
            change(operation.intervention), reason: "simulated", who: "simulator", isForced: operation.isForced)
        do throws(OperatorRefusal) {
            actions = try steering.perform(command, now: LoopTime(nanoseconds: now))
        } catch {
            report.operationsRefused += 1
            return
        }
        perform()
        accepted(operation.intervention)
    }

    private func change(_ intervention: Intervention) -> OperatorCommand.Change {
        switch intervention {
        case .weigh(let cell, let percent): .setWeight(cell: name(ofCell: cell), percent: percent)
        case .dial(let region, let percent): .setDial(region: scene.regionName(region), percent: percent)
        case .drainCell(let cell, let isNow):
            .drain(target: "cell/\(name(ofCell: cell))", mode: isNow ? .now : .ramp, overMilliseconds: nil)
        case .drainRegion(let region, let isNow):
            .drain(target: "region/\(scene.regionName(region))", mode: isNow ? .now : .ramp, overMilliseconds: nil)
        case .undrainCell(let cell): .undrain(target: "cell/\(name(ofCell: cell))")
        case .undrainRegion(let region): .undrain(target: "region/\(scene.regionName(region))")
        }
    }

    /// The region whose requests it sends elsewhere.
    private func region(of intervention: Intervention) -> Int? {
        switch intervention {
        case .weigh: nil
        case .dial(let region, _), .drainRegion(let region, _), .undrainRegion(let region): region
        case .drainCell(let cell, _), .undrainCell(let cell): snapshot.cells[cell].region.index
        }
    }

    private func name(ofCell index: Int) -> String { name(CellID(rawValue: UInt16(index))) }

    /// What must follow from it.
    private mutating func accepted(_ intervention: Intervention) {
        let ramp = Referee.rampNanoseconds(scene.configuration.drains)
        switch intervention {
        case .weigh(let cell, let percent):
            let weight = Int(snapshot.cells[cell].weightPercent)
            if weight != percent { fail(.shares, "\(name(ofCell: cell)) was given \(percent) % and has \(weight) %") }
        case .dial(let region, 0):
            let isOpen = snapshot.open.contains(RegionID(rawValue: UInt16(region)))
            if isOpen { fail(.shares, "\(scene.regionName(region)) is open with a dial of 0") }
        case .dial: break
        case .drainCell(let cell, let isNow): referee.drained(cell: cell, since: isNow ? now - min(now, ramp) : now)
        case .drainRegion(let region, let isNow):
            referee.drained(region: region, since: isNow ? now - min(now, ramp) : now)
        case .undrainCell(let cell): referee.drained(cell: cell, since: .max)
        case .undrainRegion(let region): referee.drained(region: region, since: .max)
        }
    }
}
