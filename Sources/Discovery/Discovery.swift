// Discovery — turns the names in a configuration into addresses.
// In     host names. (Files of endpoints and re-resolution while running come with later issues.)
// Out    IP addresses per name, or one error that says of every name why it has none.
// Never  a snapshot, health, a port: whoever asks puts the addresses where the names stood.
// Cost   one thread a name while it is looked up (getaddrinfo blocks); only at load and reload.
// Start  Resolver.swift
