// Reactor — one thread's epoll loop, its sockets and timers, and mailboxes that other threads post to.
// In     descriptors with a token each, deadlines with a token each, messages.
// Out    calls of an `EventLoopDelegate`, tick by tick: begun, woken, ready, timers, ended.
// Never  TLS, HTTP, routing, Foundation. A token means nothing here: who gives it out must know a stale one.
// Cost   one epoll_wait and one clock reading a tick; no allocation an event; a timer is O(1) to set and to cancel.
// Start  EventLoop.swift, then Socket.swift and TimerWheel.swift.
