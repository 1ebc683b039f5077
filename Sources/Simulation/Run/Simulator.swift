import Model
import Policy

/// One world, run from its beginning to its end or to the first thing that does not hold.
///
/// Real: `Steering`, all that it is made of, and `decide` with one `DecisionState` a worker. Made up: the network, the
/// endpoints, the clients, the operators, and as little of the data plane as gives a request its second chances:
/// - what reached nobody is sent elsewhere, at most to four endpoints, then looks again every 100 ms for 3 s;
/// - a safe request gets the route's retries after a reset or a 502, on another endpoint, without a budget;
/// - when an endpoint is marked down, the safe requests that wait there leave it within 200 ms;
/// - a hold is what the last decision that said `holdsSession` said, in an array by producer, without expiry;
/// - a publication reaches every worker at once; what requests met reaches the steering every 250 ms.
/// Connections, bodies, bytes, limits, tokens and their wall clock are not here: those have tests of their own.
///
/// One clock: nanoseconds from the start of the edge's process, which begins at one second.
struct Simulator: ~Copyable {
    static let startNanoseconds: UInt64 = 1_000_000_000
    static let observeNanoseconds: UInt64 = 250_000_000

    let scene: Scene
    let schedule: Schedule
    let dice: Dice
    let traffic: Traffic
    let end: UInt64
    let workers: [SimulatedWorker]
    /// Hash of each producer's name: what keys its requests.
    let keys: [KeyHash]

    var ground: Ground
    var steering: Steering
    var snapshot: Snapshot
    var queue = EventQueue(capacity: 4_096)
    var now = Simulator.startNanoseconds
    /// The process stands still until then.
    var blockedUntil: UInt64 = 0
    /// Next of `schedule.faults`, `.operations` and of the visits.
    var (nextFault, nextOperation, nextVisit) = (0, 0, 0)
    var flights = FlightTable(capacity: 8_192)
    var holds: [SessionHold]
    var sightings: Sightings
    var referee: Referee
    var report = SimulationReport()
    var violation: Violation?
    /// What the steering asks for, in an array that is used again.
    var actions: [Steering.Action] = []
    /// Wake-ups without time going on.
    var idleWakes = 0

    init(_ scene: Scene, _ schedule: Schedule) throws {
        (self.scene, self.schedule) = (scene, schedule)
        dice = Dice(seed: schedule.seed)
        traffic = Traffic(scene, dice)
        end = Simulator.startNanoseconds + schedule.milliseconds * 1_000_000
        ground = Ground(scene, dice)
        steering = try Steering(
            scene.configuration, resolved: scene.resolved, seed: dice.word(0x5EED, 0),
            now: LoopTime(nanoseconds: Simulator.startNanoseconds))
        snapshot = steering.snapshot
        let hashKey = steering.snapshot.hashKey
        keys = scene.producers.map { KeyHash(SipHash.hash($0.view, key: hashKey)) }
        workers = (0..<2).map { [dice] in SimulatedWorker(seed: dice.word(0x304C, $0)) }
        holds = Array(repeating: .none, count: Scene.producerCount)
        sightings = Sightings(count: scene.first.endpoints.count)
        referee = Referee(scene, workers: 2)
        report.cells = Array(repeating: 0, count: scene.first.cells.count)
        report.milliseconds = schedule.milliseconds
        for worker in workers { worker.prepare(for: snapshot) }
    }

    /// Runs to the end, or to the first violation.
    mutating func run() {
        scheduleNextFault()
        scheduleNextOperation()
        scheduleNextVisit()
        for number in schedule.rushes.indices {
            push(.rushVisit, at: schedule.rushes[number].start, number: UInt32(number), detail: 0)
        }
        while violation == nil {
            let wake = max(steering.nextWake.nanoseconds, blockedUntil)
            let first = queue.firstTime
            if min(wake, first) > end { break }
            // Who comes first after a standstill is the kernel's choice: it is drawn.
            let isTie = wake == first && dice.word(now, UInt64(truncatingIfNeeded: report.probes)) & 1 == 0
            if wake <= first, !isTie { wakeUp(wake) } else { handleNextEvent() }
        }
    }

    private mutating func wakeUp(_ wake: UInt64) {
        if wake > now { (now, idleWakes) = (wake, 0) } else { idleWakes += 1 }
        if idleWakes > 1_000 { fail(.progress, "woken \(idleWakes) times at one instant") }
        steering.advance(now: LoopTime(nanoseconds: now), into: &actions)
        perform()
    }

    private mutating func handleNextEvent() {
        var event = queue.pop()
        if event.time < blockedUntil, event.kind.isOfProcess {
            event.time = blockedUntil
            return queue.push(event)
        }
        now = max(now, event.time)
        switch event.kind {
        case .probeEnds: probeEnded(event)
        case .visit: visitDue()
        case .rushVisit: rushVisitDue(event)
        case .requestArrives: arrived(event)
        case .answer: answered(event)
        case .timeout: timedOut(event)
        case .again: tryAgain(event)
        case .observe: observe()
        case .faultBegins: faultBegan(Int(event.number))
        case .faultEnds: turn(schedule.faults[Int(event.number)], isOn: false)
        case .command: operationDue()
        case .expectDown: expectDown(event)
        case .expectUp: expectUp(event)
        }
    }

    // MARK: Queueing

    /// - Parameter milliseconds: since the simulation's start.
    mutating func push(_ kind: Event.Kind, at milliseconds: UInt64, number: UInt32, detail: UInt64) {
        let time = Simulator.startNanoseconds + milliseconds * 1_000_000
        queue.push(Event(time: time, kind: kind, number: number, detail: detail))
    }

    /// Milliseconds since the simulation's start.
    var milliseconds: UInt64 { (now - Simulator.startNanoseconds) / 1_000_000 }

    private mutating func scheduleNextFault() {
        guard nextFault < schedule.faults.count else { return }
        push(.faultBegins, at: schedule.faults[nextFault].start, number: UInt32(nextFault), detail: 0)
        nextFault += 1
    }

    private mutating func scheduleNextOperation() {
        guard nextOperation < schedule.operations.count else { return }
        push(.command, at: schedule.operations[nextOperation].at, number: UInt32(nextOperation), detail: 0)
    }

    private mutating func scheduleNextVisit() {
        if let visits = schedule.visits {
            guard nextVisit < visits.count else { return }
            push(.visit, at: visits[nextVisit].at, number: 0, detail: 0)
        } else {
            push(.visit, at: traffic.time(ofVisit: UInt64(nextVisit)), number: 0, detail: 0)
        }
    }

    private mutating func visitDue() {
        let number = nextVisit
        nextVisit += 1
        begin(schedule.visits?[number] ?? traffic.visit(at: traffic.time(ofVisit: UInt64(number))))
        scheduleNextVisit()
    }

    private mutating func rushVisitDue(_ event: Event) {
        // Listed visits have those of the rushes among them.
        guard schedule.visits == nil else { return }
        let rush = schedule.rushes[Int(event.number)]
        guard let time = traffic.time(ofVisit: event.detail, in: rush) else { return }
        begin(traffic.visit(at: time))
        guard let next = traffic.time(ofVisit: event.detail + 1, in: rush) else { return }
        push(.rushVisit, at: next, number: event.number, detail: event.detail + 1)
    }

    // MARK: Trouble

    private mutating func faultBegan(_ number: Int) {
        let fault = schedule.faults[number]
        if fault.kind == .stall {
            blockedUntil = max(blockedUntil, now + fault.milliseconds * 1_000_000)
            referee.stalled(until: blockedUntil)
        } else {
            turn(fault, isOn: true)
            push(.faultEnds, at: fault.start + fault.milliseconds, number: UInt32(number), detail: 0)
        }
        scheduleNextFault()
    }

    private mutating func turn(_ fault: Fault, isOn: Bool) {
        switch fault.target {
        case .edge: break
        case .endpoint(let index): turn(fault.kind, endpoint: index, isOn)
        case .cell(let cell): for index in scene.endpointsOfCell[cell] { turn(fault.kind, endpoint: index, isOn) }
        case .region(let region):
            if fault.kind.isOfRegion {
                let before = ground.endpoints.map(\.epoch)
                ground.turn(fault.kind, region: region, isOn: isOn, now: now)
                for index in before.indices where before[index] != ground.endpoints[index].epoch { expect(index) }
            } else {
                for cell in scene.cellsOfRegion[region] {
                    for index in scene.endpointsOfCell[cell] { turn(fault.kind, endpoint: index, isOn) }
                }
            }
        }
    }

    private mutating func turn(_ kind: FaultKind, endpoint index: Int, _ isOn: Bool) {
        let epoch = ground.endpoints[index].epoch
        ground.turn(kind, endpoint: index, isOn: isOn, now: now)
        if ground.endpoints[index].epoch != epoch { expect(index) }
    }

    private mutating func operationDue() {
        let operation = schedule.operations[nextOperation]
        nextOperation += 1
        operate(operation)
        scheduleNextOperation()
    }

    mutating func fail(_ invariant: Invariant, _ text: String) {
        if violation == nil { violation = Violation(invariant: invariant, at: milliseconds, text: text) }
    }
}
