import Config
import Foundation
import Model
import Testing

/// Whatever an editor leaves behind, loading says what is wrong and returns: no trap, no failure in silence.
struct DocumentTests {
    @Test func neverTraps() throws {
        let seed = ProcessInfo.processInfo.environment["PORTOLAN_SEED"].flatMap { UInt64($0) }
        var random = SplitMix64(seed: seed ?? UInt64.random(in: 0...UInt64.max))
        let loader = ConfigurationLoader(environment: SampleTests.environment, checksFiles: false)
        let samples = try ["demo.yaml", "production.yaml"].map { name in
            try String(contentsOfFile: "\(SampleTests.folder)/\(name)", encoding: .utf8)
                .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        }
        var refused = 0
        for round in 0..<400 {
            let sample = samples[Int(random.next(below: UInt32(samples.count)))]
            let text = DocumentTests.mutated(sample, &random)
            do throws(ConfigurationError) {
                _ = try loader.load(text: text, file: "edge.yaml")
            } catch {
                refused += 1
                let lines = text.split(separator: "\n", omittingEmptySubsequences: false).count
                let arePlaces = error.problems.allSatisfy { (1...lines + 1).contains($0.line) && $0.column >= 1 }
                try #require(!error.problems.isEmpty && arePlaces, "seed \(random.seed), round \(round): \(error)")
                try #require(error.problems.contains { $0.severity == .error }, "seed \(random.seed), round \(round)")
            }
        }
        #expect(refused > 100, "seed \(random.seed): the mutations are too gentle to show anything")
    }

    /// One to four lines deleted, doubled, swapped, or garbled.
    private static func mutated(_ lines: [String], _ random: inout SplitMix64) -> String {
        var lines = lines
        for _ in 0...random.next(below: 4) {
            let index = Int(random.next(below: UInt32(lines.count)))
            switch random.next(below: 5) {
            case 0: lines.remove(at: index)
            case 1: lines.insert(lines[index], at: index)
            case 2: lines.swapAt(index, Int(random.next(below: UInt32(lines.count))))
            case 3: lines[index] = String(lines[index].dropFirst(Int(random.next(below: 8))))
            default: lines[index] = garbled(lines[index], &random)
            }
        }
        return lines.joined(separator: "\n")
    }

    private static func garbled(_ line: String, _ random: inout SplitMix64) -> String {
        let alphabet = Array("{}[]:,#&*!|>'\"%@`\\-? \t${}0a\u{E9}\u{1F600}\u{0}\u{85}\u{2028}")
        var characters = Array(line)
        for _ in 0...random.next(below: 3) {
            let character = alphabet[Int(random.next(below: UInt32(alphabet.count)))]
            let index = Int(random.next(below: UInt32(characters.count + 1)))
            if index < characters.count, random.next(below: 2) == 0 {
                characters[index] = character
            } else {
                characters.insert(character, at: index)
            }
        }
        return String(characters)
    }
}
