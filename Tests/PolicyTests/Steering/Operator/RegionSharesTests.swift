import Model
import Support
import Testing

@testable import Policy

struct RegionSharesTests {
    typealias Cell = RegionShares.Cell
    static let half = Cell(configuredPercent: 50)

    struct Row: Sendable {
        let what: String
        let cells: [Cell]
        let weights: [Int]
        let shares: [Int]
        var kept = 10_000
    }

    static let rows: [Row] = [
        Row(what: "as configured", cells: [half, half], weights: [5_000, 5_000], shares: [5_000, 5_000]),
        Row(
            what: "a set cell gets exactly what it was set to",
            cells: [Cell(configuredPercent: 50, setPercent: 37), half],
            weights: [3_700, 6_300], shares: [3_700, 6_300]),
        Row(
            what: "the others share the rest in proportion to the file",
            cells: [
                .init(configuredPercent: 40, setPercent: 1), .init(configuredPercent: 40), .init(configuredPercent: 20),
            ],
            weights: [100, 6_600, 3_300], shares: [100, 6_600, 3_300]),
        Row(
            what: "odd rests are cut to 10,000ths",
            cells: [
                .init(configuredPercent: 34, setPercent: 1), .init(configuredPercent: 33), .init(configuredPercent: 33),
            ],
            weights: [100, 4_950, 4_950], shares: [100, 4_950, 4_950]),
        Row(
            what: "set cells that sum to 100 leave nothing",
            cells: [
                .init(configuredPercent: 50, setPercent: 99), .init(configuredPercent: 25, setPercent: 1),
                .init(configuredPercent: 25),
            ],
            weights: [9_900, 100, 0], shares: [9_900, 100, 0]),
        Row(
            what: "nobody left to take the rest: set cells share it",
            cells: [.init(configuredPercent: 100, setPercent: 30)],
            weights: [10_000], shares: [10_000]),
        Row(
            what: "all set to nothing is nothing", cells: [.init(configuredPercent: 100, setPercent: 0)], weights: [0],
            shares: [0], kept: 0),
        Row(what: "no cells", cells: [], weights: [], shares: [], kept: 0),
        Row(
            what: "a drain at 40 % takes 40 % of the weight, the rest goes to the others in proportion",
            cells: [
                .init(configuredPercent: 50, admissionPercent: 40), .init(configuredPercent: 30),
                .init(configuredPercent: 20),
            ], weights: [5_000, 3_000, 2_000], shares: [2_000, 4_800, 3_200]),
        Row(
            what: "drained", cells: [.init(configuredPercent: 50, admissionPercent: 0), half], weights: [5_000, 5_000],
            shares: [0, 10_000]),
        Row(
            what: "cells without weight take nothing of a drained one",
            cells: [.init(configuredPercent: 100, admissionPercent: 40), .init(configuredPercent: 0)],
            weights: [10_000, 0], shares: [10_000, 0], kept: 4_000),
        Row(
            what: "a region that drains keeps less, its cells their proportions",
            cells: [
                .init(configuredPercent: 60, admissionPercent: 37), .init(configuredPercent: 40, admissionPercent: 37),
            ],
            weights: [6_000, 4_000], shares: [6_000, 4_000], kept: 3_700),
        Row(
            what: "all cells drained: so is the region",
            cells: [
                .init(configuredPercent: 60, admissionPercent: 0), .init(configuredPercent: 40, admissionPercent: 0),
            ],
            weights: [6_000, 4_000], shares: [0, 0], kept: 0),
    ]

    @Test("weights and drains become shares", arguments: rows)
    func shares(row: Row) {
        let result = RegionShares(row.cells)
        #expect(result.weights == row.weights, "\(row.what)")
        #expect(result.shares == row.shares, "\(row.what)")
        #expect(result.keptShare == row.kept, "\(row.what)")
    }

    @Test("a cell with a little weight is never shown without any")
    func percents() {
        let cells =
            [Cell(configuredPercent: 100, setPercent: 99)] + Array(repeating: Cell(configuredPercent: 1), count: 3)
        #expect(RegionShares(cells).weights == [9_900, 34, 33, 33])
        #expect(RegionShares(cells).weightPercents == [99, 1, 1, 1])
        #expect(RegionShares(RegionSharesTests.rows[2].cells).weightPercents == [1, 66, 33])
    }

    private func randomCells(_ random: inout SplitMix64) -> [Cell] {
        var left = 100
        return (0...Int(random.next(below: 15))).map { _ in
            let set = random.next(below: 3) == 0 ? Int(random.next(below: UInt32(left + 1))) : nil
            left -= set ?? 0
            let drains = random.next(below: 3) == 0
            return Cell(
                configuredPercent: Int(random.next(below: 101)), setPercent: set,
                admissionPercent: drains ? Int(random.next(below: 101)) : 100)
        }
    }

    @Test("whatever is set and drained, shares sum to 10,000 or 0 and none is negative")
    func sums() throws {
        var random = SplitMix64.fromEnvironmentOrFresh()
        for round in 0..<1_000 {
            let cells = randomCells(&random)
            let result = RegionShares(cells)
            let said = Comment(rawValue: "seed \(random.seed), round \(round): \(cells)")
            let (weight, share) = (result.weights.reduce(0, +), result.shares.reduce(0, +))
            try #require(weight == 10_000 || (weight == 0 && share == 0), said)
            try #require(share == 10_000 || (share == 0 && result.keptShare == 0), said)
            try #require(result.shares.allSatisfy { $0 >= 0 } && (0...10_000).contains(result.keptShare), said)
            for place in cells.indices where cells[place].admissionPercent == 0 {
                try #require(result.shares[place] == 0, said)
            }
        }
    }

    @Test("as a cell's admission falls its share falls or stays, and nobody else's does")
    func monotone() throws {
        var random = SplitMix64.fromEnvironmentOrFresh()
        for round in 0..<40 {
            var cells = randomCells(&random).map {
                Cell(configuredPercent: $0.configuredPercent, setPercent: $0.setPercent)
            }
            var before = RegionShares(cells)
            let weights = before.weights
            guard weights.dropFirst().contains(where: { $0 > 0 }) else { continue }
            for admission in stride(from: 99, through: 0, by: -1) {
                cells[0].admissionPercent = admission
                let after = RegionShares(cells)
                let said = Comment(rawValue: "seed \(random.seed), round \(round), \(admission) %: \(cells)")
                try #require(after.shares[0] <= before.shares[0], said)
                try #require(after.shares[0] == (weights[0] * admission + 99) / 100, said)
                // Cut to whole 10,000ths, one may lose the unit that it had gained by rounding.
                try #require(zip(after.shares, before.shares).dropFirst().allSatisfy { $0 >= $1 - 1 }, said)
                before = after
            }
        }
    }
}
