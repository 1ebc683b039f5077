import Model
import Policy
import Store

/// What an operator asks for that is durable before it is in force.
protocol OperatorChange: Sendable {
    associatedtype Answer: Encodable & Sendable
    /// The cell, region or tenant that it is about.
    func subject(_ steering: Steering) -> String
    var reason: String { get }
    /// Carries it out: once on a copy, to see what is to be written, then on what is in force by then. Nothing has
    /// changed when it throws.
    func apply(
        to steering: inout Steering, asked: Moment, now: Moment
    ) throws(ChangeError) -> (actions: [Steering.Action], answer: Answer)
    /// Whose pin it changes; nil: nobody's.
    var tenant: String? { get }
}

extension OperatorChange {
    var tenant: String? { nil }
}

extension OperatorCommand {
    /// What it names; a drain's id becomes its target.
    func subject(_ steering: Steering) -> String {
        switch change {
        case .setWeight(let name, _), .resetWeight(let name), .setDial(let name, _), .resetDial(let name),
            .drain(let name, _, _), .undrain(let name):
            name
        case .undrainID(let id): steering.intent.drains.first { $0.id == id }?.name ?? "drain \(id)"
        }
    }

    /// Times count from when it was asked for: what is written down by then stays true. After a disk that took long
    /// they count from now, and are written again: a ramp must not begin with a leap.
    fileprivate func perform(
        on steering: inout Steering, asked: Moment, now: Moment
    ) throws(ChangeError) -> [Steering.Action] {
        let isLate = now.loop.milliseconds(since: asked.loop) > 1_000
        do throws(OperatorRefusal) {
            return try steering.perform(self, asked: isLate ? now.loop : asked.loop, now: now.loop)
        } catch { throw .refused(error) }
    }
}

/// A weight, a dial, an undrain.
struct ShareChange: OperatorChange {
    let command: OperatorCommand
    var reason: String { command.reason }
    func subject(_ steering: Steering) -> String { command.subject(steering) }

    func apply(
        to steering: inout Steering, asked: Moment, now: Moment
    ) throws(ChangeError) -> (actions: [Steering.Action], answer: Status.Change) {
        let preview: OperatorPreview
        do throws(OperatorRefusal) { preview = try steering.preview(command, now: now.loop) } catch {
            throw .refused(error)
        }
        let actions = try command.perform(on: &steering, asked: asked, now: now)
        let generation = steering.snapshot.generation
        return (actions, Status.Change(generation: generation, dryRun: false, moves: preview.moves))
    }
}

/// A drain that begins.
struct DrainChange: OperatorChange {
    let command: OperatorCommand
    var reason: String { command.reason }
    func subject(_ steering: Steering) -> String { command.subject(steering) }

    func apply(
        to steering: inout Steering, asked: Moment, now: Moment
    ) throws(ChangeError) -> (actions: [Steering.Action], answer: Status.Drain) {
        guard case .drain = command.change else { throw .invalid("this is no drain: send it as a change of shares") }
        let actions = try command.perform(on: &steering, asked: asked, now: now)
        guard let drain = steering.intent.drains.last else { preconditionFailure("a drain that left no trace") }
        return (actions, Status.Drain(drain, generation: steering.snapshot.generation, at: now))
    }
}

/// A tenant's home, said over the file.
struct PinChange: OperatorChange {
    let pin: Configuration.Pin
    let reason: String
    let who: String
    var tenant: String? { pin.tenant }
    func subject(_ steering: Steering) -> String { pin.tenant }

    func apply(
        to steering: inout Steering, asked: Moment, now: Moment
    ) throws(ChangeError) -> (actions: [Steering.Action], answer: Status.Tenant) {
        if let problem = PinCheck.problem(with: pin, steering.configuration) { throw .invalid(problem) }
        do throws(OperatorRefusal) { try steering.checkRoom(forPinOf: pin.tenant) } catch { throw .refused(error) }
        let actions = steering.pin(OperatorPin(pin, reason: reason, who: who, setAt: asked.wall))
        guard let answer = Status.Tenant(pin.tenant, steering) else { preconditionFailure("a pin that is not there") }
        return (actions, answer)
    }
}

/// Back to the file's word on a tenant.
struct UnpinChange: OperatorChange {
    /// Where the tenant belongs now; nothing is there to say where nobody pins it any more.
    struct Answer: Encodable, Sendable { var tenant: Status.Tenant? }

    let unpinned: String
    let reason: String
    let who: String
    var tenant: String? { unpinned }
    func subject(_ steering: Steering) -> String { unpinned }

    func apply(
        to steering: inout Steering, asked: Moment, now: Moment
    ) throws(ChangeError) -> (actions: [Steering.Action], answer: Answer) {
        guard steering.operatorPin(of: unpinned) != nil else {
            let rest = steering.pin(of: unpinned) == nil ? "nobody pinned it" : "its pin is the file's: change it there"
            throw .unknown("no operator pinned the tenant “\(unpinned)”; \(rest)")
        }
        let actions = steering.unpin(tenant: unpinned, reason: reason, who: who)
        return (actions, Answer(tenant: Status.Tenant(unpinned, steering)))
    }
}

extension Steering {
    /// What the store must say of the tenant's pin, where this is in force; of nobody's nothing.
    func stored(pinOf tenant: String?) -> [StoreTransaction.Change] {
        guard let tenant else { return [] }
        return [operatorPin(of: tenant).map { .setPin(StoredPin($0)) } ?? .removePin(tenant: tenant)]
    }
}
