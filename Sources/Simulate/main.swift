import Glibc
import Simulation

// The simulator without the rest of Portolan, for CI and for `make simulate`: it builds in a minute. For a
// configuration file there is `portolan simulate`.

let usage = """
    usage: simulate [--seeds N] [--seed N] [--hours N] [--fault KIND]… [--check] [--json] [--fast]
      --check   200 seeds of an hour, as CI asks
      --fast    print a failing seed without looking for its shortest trace
    Kinds of faults: \(FaultKind.allCases.map(\.name).joined(separator: ", "))
    """

func stop(_ text: String, _ code: Int32) -> Never {
    let line = "\(text)\n"
    _ = line.withCString { write(code == 0 ? STDOUT_FILENO : STDERR_FILENO, $0, strlen($0)) }
    exit(code)
}

func number(_ text: String?) -> UInt64 {
    guard let text, let number = UInt64(text) else { stop(usage, 2) }
    return number
}

var campaign = Campaign()
var kinds: [FaultKind] = []
var printsJSON = false
var arguments = CommandLine.arguments.dropFirst()
while let argument = arguments.popFirst() {
    switch argument {
    case "--seeds": campaign.seeds = Int(clamping: number(arguments.popFirst()))
    case "--seed": campaign.seed = number(arguments.popFirst())
    case "--hours": campaign.hours = Int(clamping: number(arguments.popFirst()))
    case "--check": campaign.seeds = 200
    case "--json": printsJSON = true
    case "--fast": campaign.shrinks = false
    case "--fault":
        guard let kind = arguments.popFirst().flatMap({ FaultKind(name: $0) }) else { stop(usage, 2) }
        kinds.append(kind)
    default: stop(usage, argument == "--help" ? 0 : 2)
    }
}
if !kinds.isEmpty { campaign.kinds = kinds }
do {
    let scene = try Scene(BuiltInWorld.configuration)
    let result = try campaign.run(scene)
    print(printsJSON ? result.json(scene) : result.text(scene), terminator: "")
    exit(result.failure == nil ? 0 : 1)
} catch {
    stop("\(error)", 2)
}
