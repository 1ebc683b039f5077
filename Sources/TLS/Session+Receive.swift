import COpenSSL

extension Session {
    /// Consumes all of `input`, takes the handshake as far as it goes, decrypts into `plaintext` (give input.count + 17
    /// KiB: a record that was partly here may complete), and writes what the peer must get into `ciphertext` (give 64
    /// KiB). A client starts with no input. After `failed` every call says the same and writes nothing.
    public func receive(
        _ input: UnsafeRawBufferPointer, plaintext: UnsafeMutableRawBufferPointer,
        ciphertext: UnsafeMutableRawBufferPointer
    ) -> Progress {
        if let failure { return Progress(status: .failed(failure)) }
        if isClosedByPeer { return Progress(status: .closedByPeer) }
        if !held.isEmpty { return receiveHeld(input, plaintext: plaintext, ciphertext: ciphertext) }
        attach(input, ciphertext)
        var progress = Progress(status: .open)
        if !isEstablished { progress.status = shakeHands(input) }
        if isEstablished, progress.status == .open { progress.status = decrypt(into: plaintext, &progress) }
        if wire.pointee.inputCount > 0 { hold(progress.status) }
        progress.ciphertextCount = ciphertext.count - wire.pointee.outputRoom
        detach()
        return progress
    }

    /// The transport ended. Nil: in order, after close_notify or before the first byte. Otherwise the error, which also
    /// ends the session: the peer may have been cut off.
    public func transportEnded() -> TLSError? {
        if failure == nil, !isClosedByPeer, hasReceived { failure = TLSError(.peerClosedUncleanly) }
        return failure
    }

    private func shakeHands(_ input: UnsafeRawBufferPointer) -> Status {
        // Lookups inside may leave harmless errors on the thread's queue, for which the next failure would be blamed.
        // Cleared here alone: it costs too much for every record, and nothing but a handshake leaves any.
        ERR_clear_error()
        let result = SSL_do_handshake(ssl)
        isEstablished = result == 1
        let status = isEstablished ? .open : stalled(result, whenStarved: .handshaking, input)
        ERR_clear_error()
        hasReceived = hasReceived || !input.isEmpty
        return status
    }

    private func decrypt(into plaintext: UnsafeMutableRawBufferPointer, _ progress: inout Progress) -> Status {
        var count = 0
        defer { progress.plaintextCount = count }
        while true {
            // Saves the read that would find nothing: most inputs end with a record's end.
            if wire.pointee.inputCount == 0, SSL_has_pending(ssl) == 0 { return .open }
            let room = min(plaintext.count - count, Int(Int32.max))
            guard room > 0, let base = plaintext.baseAddress else { return .outputFull }
            let result = SSL_read(ssl, base + count, Int32(truncatingIfNeeded: room))
            if result <= 0 { return stalled(result, whenStarved: .open, UnsafeRawBufferPointer(start: nil, count: 0)) }
            count += Int(result)
        }
    }

    /// Why OpenSSL went no further. `input` is what the call began with, to tell plain HTTP from other noise.
    func stalled(_ result: Int32, whenStarved: Status, _ input: UnsafeRawBufferPointer) -> Status {
        switch SSL_get_error(ssl, result) {
        case SSL_ERROR_WANT_READ: return whenStarved
        case SSL_ERROR_WANT_WRITE: return .outputFull
        case SSL_ERROR_ZERO_RETURN:
            isClosedByPeer = true
            return .closedByPeer
        default:
            let error = makeError(input)
            failure = error
            return .failed(error)
        }
    }

    private func makeError(_ input: UnsafeRawBufferPointer) -> TLSError {
        let code = TLSError.takeCode()
        let verified = SSL_get_verify_result(ssl)
        let reason = TLSError.reason(of: code, isEstablished: isEstablished)
        if reason == .certificateUntrusted, verified != Int(X509_V_OK) {
            return TLSError.verification(
                verified, code: code, serverName: serverName.isEmpty ? "a client" : serverName)
        }
        if reason == .notTLS, !hasReceived, TLSError.looksLikeHTTP(input) { return TLSError(.plainHTTP, code: code) }
        return TLSError(reason, code: code)
    }

    /// Only a buffer below the promised size comes here.
    private func hold(_ status: Status) {
        guard status == .outputFull else { return }
        held.append(contentsOf: UnsafeBufferPointer(start: wire.pointee.input, count: wire.pointee.inputCount))
    }

    private func receiveHeld(
        _ input: UnsafeRawBufferPointer, plaintext: UnsafeMutableRawBufferPointer,
        ciphertext: UnsafeMutableRawBufferPointer
    ) -> Progress {
        let joined = held + input
        held = []
        return joined.withUnsafeBytes { receive($0, plaintext: plaintext, ciphertext: ciphertext) }
    }

    /// The buffers are the session's for one call only.
    func attach(_ input: UnsafeRawBufferPointer, _ ciphertext: UnsafeMutableRawBufferPointer) {
        wire.pointee = COpenSSLWire(
            input: input.baseAddress?.assumingMemoryBound(to: UInt8.self), inputCount: input.count,
            output: ciphertext.baseAddress?.assumingMemoryBound(to: UInt8.self), outputRoom: ciphertext.count)
    }

    func detach() { wire.pointee = COpenSSLWire() }
}
