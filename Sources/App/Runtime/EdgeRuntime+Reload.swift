import Config
import ControlPlane

extension EdgeRuntime {
    /// SIGHUP: reads the file again and applies it whole or not at all; says in the log what changed, or what is wrong.
    func reload(_ loader: ConfigurationLoader) async {
        let file = options.configurationFile
        let loaded: LoadedConfiguration
        do { loaded = try loader.load(path: file) } catch {
            for problem in error.problems { options.logger.error("\(problem)") }
            let errors = error.problems.filter { $0.severity == .error }
            await controller.rejected(ApplyError(reasons: errors.map(\.description)), file: file)
            return
        }
        for warning in loaded.warnings { options.logger.warning("\(warning)") }
        do throws(ApplyError) {
            for change in try await apply(loaded.configuration) {
                options.logger.notice("configuration: \(change)", metadata: ["file": .string(file)])
            }
        } catch {
            for reason in error.reasons {
                options.logger.error(
                    "configuration not applied, nothing changed: \(reason)", metadata: ["file": .string(file)])
            }
        }
    }
}
