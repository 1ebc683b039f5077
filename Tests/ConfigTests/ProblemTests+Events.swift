extension ProblemTests {
    /// `events:` — neither a secret nor a receiver's URL is ever quoted.
    static let events = #"""
        # events kept for a moment
        events: {keep: 5m}
        > edge.yaml:1:16: error: events.keep is "5m" (a duration from 1h to 2160h, such as 1h)

        # webhooks by name
        events: {webhooks: {a: 1}}
        > edge.yaml:1:20: error: events.webhooks is a mapping (a list, each {url: URL, secret: ${NAME}, events:
        >   [DRAIN_*]})

        # a webhook without anything
        events: {webhooks: [{}]}
        > edge.yaml:1:21: error: events.webhooks[0] lacks "url" (an https URL such as
        >   https://hooks.example.com/portolan, or http to 127.0.0.1)
        > edge.yaml:1:21: error: events.webhooks[0] lacks "secret" (a text of 16 to 256 visible characters, best
        >   from the environment: ${HOOK_SECRET})

        # a webhook over plain http
        events: {webhooks: [{url: "http://hooks.example.com/T0", secret: 0123456789abcdef}]}
        > edge.yaml:1:27: error: events.webhooks[0].url is a text that is not quoted here, of plain http beyond
        >   loopback (https)

        # a webhook of another scheme
        events: {webhooks: [{url: "ftp://127.0.0.1/a", secret: 0123456789abcdef}]}
        > edge.yaml:1:27: error: events.webhooks[0].url is a text that is not quoted here (an https URL such as
        >   https://hooks.example.com/portolan, or http to 127.0.0.1)

        # a webhook with a password
        events: {webhooks: [{url: "https://me:pw@a.example", secret: 0123456789abcdef}]}
        > edge.yaml:1:27: error: events.webhooks[0].url is a text that is not quoted here, with a user (none: what is
        >   sent is signed with secret)

        # a webhook with a fragment
        events: {webhooks: [{url: "https://a.example/#x", secret: 0123456789abcdef}]}
        > edge.yaml:1:27: error: events.webhooks[0].url is a text that is not quoted here, with a fragment (none: it
        >   would not be sent)

        # a webhook's secret that can be guessed
        events: {webhooks: [{url: "https://a.example", secret: hunter2}]}
        > edge.yaml:1:56: error: events.webhooks[0].secret is a text that is not quoted here (a text of 16 to 256
        >   visible characters, best from the environment: ${HOOK_SECRET})

        # a webhook's secret that is not there
        events: {webhooks: [{url: "https://a.example", secret: "${HOOK}"}]}
        > edge.yaml:1:56: error: events.webhooks[0].secret needs ${HOOK}, which the environment does not have (set
        >   HOOK, or write $${ for a plain ${)

        # a webhook twice
        events:
          webhooks:
            - {url: "https://a.example", secret: 0123456789abcdef}
            - {url: "https://a.example", secret: 0123456789abcdeg}
        > edge.yaml:4:13: error: events.webhooks[1].url is there already, in line 3 (each URL once: what was
        >   delivered is remembered by URL)

        # misspelt events
        events: {webhooks: [{url: "https://a.example", secret: 0123456789abcdef, events: [DRAIN_STARTD, DRAINS_*]}]}
        > edge.yaml:1:83: error: events.webhooks[0].events[0] is "DRAIN_STARTD", which is no event (did you mean
        >   "DRAIN_STARTED"?)
        > edge.yaml:1:97: error: events.webhooks[0].events[1] is "DRAINS_*", which is no event (did you mean
        >   "DRAIN_*"?)

        # a webhook of webhooks
        events:
          webhooks: [{url: "https://a.example", secret: 0123456789abcdef, events: [WEBHOOK_*, CELL_UP, CELL_UP]}]
        > edge.yaml:2:76: error: events.webhooks[0].events[0] is "WEBHOOK_*", of which webhooks are never told
        >   (another: each would make the next)
        > edge.yaml:2:96: error: events.webhooks[0].events[2] repeats an earlier one (each once)
        """#
}
