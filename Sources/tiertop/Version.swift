/// The version of the program, as `--version` says it.
let version = "0.1.0"
