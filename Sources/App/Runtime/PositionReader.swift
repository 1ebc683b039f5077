import ControlPlane
import Model

/// Keeps the controller told of how far the copies of datasets are. Nothing of it is on the way of a request.
struct PositionReader: Sendable {
    private let client = PositionClient()
    private let watch: PositionWatch

    init(_ controller: Controller) {
        watch = PositionWatch(
            read: { [client] source in await client.read(source) },
            report: { dataset, region, outcome, asked in
                await controller.positionRead(dataset: dataset, region: region, outcome, asked: asked)
            },
            judge: { await controller.judgeLag() })
    }

    /// Before `run`, and whenever another configuration is in force.
    func adopt(_ configuration: Configuration) async { await watch.adopt(configuration.datasets) }

    /// Until the task is cancelled.
    func run() async {
        await watch.run()
        await client.stop()
    }
}
