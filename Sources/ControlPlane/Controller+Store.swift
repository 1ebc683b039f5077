import Model
import Policy
import Store

/// How what operators want becomes durable. Commands are written ahead: tried on a copy, written down, then carried
/// out, one after another. What time does to the intent is written behind.
///
/// While the store is busy the actor is not: probes, steps and a configuration go on. So a command meets another world
/// when it is carried out than when it was tried, and where that refuses it, what is in force is written back.
extension Controller {
    /// So many changes may wait for the store; more are turned away, each waits seconds already.
    static let mostWaiting = 16

    /// Makes a change; when it returns the change is durable and in force, when it throws neither.
    func make<Asked: OperatorChange>(
        _ asked: Asked, _ context: ChangeContext
    ) async throws(ChangeError) -> Asked.Answer {
        // Generations only grow: what is out of date has no need of a turn to be told so.
        if let stale = staleness(context) { throw await noted(stale, asked, context) }
        try await takeTurn()
        let moment = Moment(clock)
        var trial = steering
        let foreseen: Asked.Answer
        do throws(ChangeError) {
            if let stale = staleness(context) { throw stale }
            foreseen = try asked.apply(to: &trial, asked: moment, now: moment).answer
        } catch {
            // The others do not wait until it is written who was refused.
            endTurn()
            throw await noted(error, asked, context)
        }
        defer { endTurn() }
        let intent = trial.intent.durable
        let transaction = StoreTransaction(
            intent.changes(since: ledger.intent, moment) + trial.stored(pinOf: asked.tenant),
            audit: draft(asked, context, trial, outcome: "done"), answer: context.remember(foreseen))
        do throws(StoreError) { try await commit(transaction) } catch { throw .notStored(error) }
        ledger.intent = intent
        do throws(ChangeError) {
            let (actions, answer) = try asked.apply(to: &steering, asked: moment, now: Moment(clock))
            perform(actions)
            wakeSooner()
            await correct(transaction.answer, context.remember(answer))
            return answer
        } catch {
            await takeBack(transaction, error, asked, context)
            throw error
        }
    }

    /// A snapshot came between, so the change is in another one than was written down: whoever asks again with the same
    /// key must not wait for the wrong one.
    private func correct(_ written: StoredAnswer?, _ right: StoredAnswer?) async {
        guard let right, var same = written else { return }
        same.at = right.at
        // Should this fail, the answer names an older generation that no harm comes of.
        if same != right { try? await commit(StoreTransaction([], answer: right)) }
    }

    /// It was written down, but cannot be carried out any more: what is in force goes back into the store, and the
    /// audit log says so. Should that fail, it is written behind.
    private func takeBack(
        _ written: StoreTransaction, _ error: ChangeError, _ asked: some OperatorChange, _ context: ChangeContext
    ) async {
        steering.retireDrainIDs(upTo: ledger.intent.lastDrainID)
        let intent = steering.intent.durable
        // As old as this it is never given again.
        var answer = written.answer
        answer?.at = 0
        let undone = Ledger.Undone(
            tenant: asked.tenant, audit: draft(asked, context, steering, outcome: error.code), answer: answer)
        let changes = intent.changes(since: ledger.intent, Moment(clock)) + steering.stored(pinOf: asked.tenant)
        do throws(StoreError) {
            try await commit(StoreTransaction(changes, audit: undone.audit, answer: undone.answer))
            ledger.intent = intent
        } catch {
            ledger.undone.append(undone)
            // Whatever the store has of the intent now, it is not this.
            ledger.turns = .max
        }
        keepBehind()
    }

    /// Nil: the caller has seen what is in force, or does not mind.
    private func staleness(_ context: ChangeContext) -> ChangeError? {
        guard let seen = context.ifMatch, seen != snapshot.generation else { return nil }
        return .stale(inForce: snapshot.generation)
    }

    /// The same error, once the audit log has it: within its budget, or who repeats a refused change fills the disk.
    private func noted(
        _ error: ChangeError, _ asked: some OperatorChange, _ context: ChangeContext
    ) async -> ChangeError {
        await audit.refused(
            context, subject: asked.subject(steering), reason: asked.reason, outcome: error.code,
            generation: snapshot.generation)
        return error
    }

    private func draft(
        _ asked: some OperatorChange, _ context: ChangeContext, _ steering: Steering, outcome: String
    ) -> AuditDraft {
        AuditDraft(
            context, subject: asked.subject(self.steering), reason: asked.reason, outcome: outcome,
            generation: steering.snapshot.generation, time: clock.wallNanoseconds())
    }

    // MARK: One after another

    private func takeTurn() async throws(ChangeError) {
        if !isChanging {
            isChanging = true
            return
        }
        guard changesWaiting.count < Controller.mostWaiting else {
            throw .notStored(
                StoreError(path: "changes", "\(Controller.mostWaiting) others wait for the store already; try again"))
        }
        await withCheckedContinuation { changesWaiting.append($0) }
    }

    private func endTurn() {
        if changesWaiting.isEmpty { isChanging = false } else { changesWaiting.removeFirst().resume() }
    }

    /// Writes, and tells when the store begins to fail and when it is back. A caller that gives up does not stop it:
    /// what is in the store and what is in force must not part.
    private func commit(_ transaction: StoreTransaction) async throws(StoreError) {
        let result = await Task { [store] () -> StoreError? in
            do throws(StoreError) { try await store.commit(transaction) } catch { return error }
            return nil
        }.value
        guard let error = result else {
            if ledger.hasFailed { emit(.storeRecovered, subject: "store", cause: "it takes changes again") }
            ledger.hasFailed = false
            return
        }
        if !ledger.hasFailed { storeFailed(error) }
        ledger.hasFailed = true
        throw error
    }

    func storeFailed(_ error: StoreError) {
        emit(
            .storeFailed, subject: error.path,
            cause: "\(error.what): traffic goes on, operators' changes are refused until the store takes them")
    }

    // MARK: Written behind

    /// Sees to it that the store gets what it lacks: called whenever something may have changed.
    func keepBehind() {
        if writer != nil { return }
        let isCurrent = ledger.turns == steering.intentTurns || steering.intent.durable == ledger.intent
        ledger.turns = steering.intentTurns
        if isCurrent, ledger.owners.isEmpty, ledger.undone.isEmpty, !ledger.isShortOfGenerations(steering) { return }
        writer = Task { [weak self] in await self?.writeBehind() }
    }

    private func writeBehind() async {
        var pause: UInt64 = 1_000
        while await !writeOutstanding(), !Task.isCancelled {
            await clock.sleep(clock.now().advanced(milliseconds: pause))
            pause = min(30_000, pause * 2)
        }
        writer = nil
        if !Task.isCancelled { keepBehind() }
    }

    /// False: there is still something to write.
    private func writeOutstanding() async -> Bool {
        do throws(ChangeError) { try await takeTurn() } catch { return false }
        defer { endTurn() }
        repeat {
            let (intent, owners, undone) = (steering.intent.durable, ledger.owners, ledger.undone.first)
            let reservation = Ledger.reservation(steering)
            let changes = ledger.outstanding(steering, Moment(clock))
            if changes.isEmpty, undone == nil { return true }
            let transaction = StoreTransaction(changes, audit: undone?.audit, answer: undone?.answer)
            do throws(StoreError) { try await commit(transaction) } catch { return false }
            ledger.intent = intent
            ledger.owners.removeFirst(owners.count)
            if undone != nil { ledger.undone.removeFirst() }
            if changes.contains(.reserveGenerations(upTo: reservation)) { ledger.reservedGeneration = reservation }
        } while !ledger.undone.isEmpty
        return true
    }

    /// What is left to write, before the process ends.
    func writeRest() async {
        writer?.cancel()
        _ = await Task { await self.writeOutstanding() }.value
    }
}
