// Config — the configuration file's YAML to `Model.Configuration`, checked whole.
// In     a file (or its text), the environment for `${NAME}`, the files it names: certificates, keys, tenant pins.
// Out    a `Configuration` with every default filled in, or every mistake as FILE:LINE:COLUMN; never half of either.
//        Also what changed between two configurations, in the words that a reload prints.
// Never  the present: no health, no state, no network. Applying is App's. Yams stops at this module's edge.
// Cost   at start and on reload only.
// Start  ConfigurationLoader.swift, then Reading/Section.swift, then Sections/Value+Route.swift: how a section reads.
//        Keys, units, ranges, reasons: docs/configuration.md.
