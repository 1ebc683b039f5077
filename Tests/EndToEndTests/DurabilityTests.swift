import Foundation
import Testing

/// What the admin API answered is there after SIGKILL, whenever that comes: `bench/control.py kill` kills, in
/// `make control` 50 times.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct DurabilityTests {
    @Test func nothingThatWasAnsweredIsLost() throws {
        let script = Programs.repository + "/bench/control.py"
        let said = try Command.run(
            "/usr/bin/python3", [script, "kill", "--rounds", "4", "--edge", Programs.portolan], within: 150)
        #expect(said.status == 0, "\(said.output)\(said.errors)")
        #expect(said.output.contains("4 kills") && said.output.contains(" 0 lost"), "\(said.output)")
    }
}
