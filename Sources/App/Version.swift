/// Of this program, as `--version`, the admin API and the metrics tell it.
enum Version { static let current = "0.1.0" }
