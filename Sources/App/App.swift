// App — the `portolan` executable: its commands, and the wiring of all modules into a running edge.
// In     the command line, the environment, signals.
// Out    an exit code (0 done, 1 refused or invalid, 2 usage, 3 unreachable); errors as one line that says what to do.
// Never  logic of its own: what can be decided is decided in the module that knows it.
// Cost   nothing on the request path; while serving, a log reader that wakes 10–50 times a second and the probes.
// Start  Runtime/EdgeRuntime.swift: how the modules meet. Then Commands/ServeCommand.swift.
