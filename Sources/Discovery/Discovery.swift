// Discovery — turns names and files into addresses, and finds out when they say something else.
// In     host names, paths, the loop time; what a reader of files made of one.
// Out    addresses with how long they are good for; what came and went since the last answer, or why there is none.
// Never  a snapshot, health, a port: whoever asks puts the addresses where the names stood. No file format: Config's.
// Cost   one thread a name while it is looked up (the system's resolver blocks); one stat a file and second.
// Start  Resolver.swift and SystemLookup.swift for one lookup; NameTable.swift and FileTable.swift for the schedule.
