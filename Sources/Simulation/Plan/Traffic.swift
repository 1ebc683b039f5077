import Model

/// The requests that a seed stands for.
struct Traffic: Sendable {
    let scene: Scene
    let dice: Dice

    init(_ scene: Scene, _ dice: Dice) { (self.scene, self.dice) = (scene, dice) }

    /// When the regular visit of that number comes, one in each second, in milliseconds.
    func time(ofVisit number: UInt64) -> UInt64 { 1_000 * number + dice.number(below: 1_000, 0x7E57, number) }

    /// When a rush's visit of that number comes; nil: after its end.
    func time(ofVisit number: UInt64, in rush: Rush) -> UInt64? {
        let offset = number * 1_000 / max(1, rush.rate)
        return offset < rush.milliseconds ? rush.start + offset : nil
    }

    /// The visit at that time. A producer has one tenant for good, as people do.
    func visit(at milliseconds: UInt64) -> Visit {
        let producer = dice.number(below: UInt64(Scene.producerCount), 1, milliseconds)
        let route = dice.number(below: UInt64(scene.routes.count), 2, milliseconds)
        let hasTenant = dice.number(below: 10, 3, producer) < 6
        let tenant = dice.number(below: UInt64(scene.tenants.count), 4, producer)
        return Visit(
            at: milliseconds, route: UInt16(route), method: method(Int(route), milliseconds),
            tenant: hasTenant ? Int32(tenant) : -1, producer: UInt32(producer), region: region(milliseconds))
    }

    private func method(_ route: Int, _ moment: UInt64) -> Method {
        let wanted = scene.routes[route].methods
        if !wanted.isEmpty { return wanted[Int(dice.number(below: UInt64(wanted.count), 5, moment))] }
        switch dice.number(below: 20, 5, moment) {
        case 0..<14: return .get
        case 14: return .head
        case 15..<19: return .post
        default: return .put
        }
    }

    private func region(_ moment: UInt64) -> Int16 {
        let draw = dice.number(below: 100, 6, moment)
        if draw < 2 { return -2 }
        return draw < 14 ? Int16(dice.number(below: UInt64(scene.regionNames.count), 7, moment)) : -1
    }

    /// Every visit before that time, the rushes' among them, in order.
    func visits(before milliseconds: UInt64, _ rushes: [Rush]) -> [Visit] {
        var times: [UInt64] = []
        var number: UInt64 = 0
        while time(ofVisit: number) < milliseconds {
            times.append(time(ofVisit: number))
            number += 1
        }
        for rush in rushes {
            number = 0
            while let time = time(ofVisit: number, in: rush), time < milliseconds {
                times.append(time)
                number += 1
            }
        }
        return times.sorted().map(visit)
    }
}
