import Glibc

/// Finds programs as a shell does, and daemons also where a user's PATH does not lead.
struct ProgramSearch: Sendable, Hashable {
  let directories: [String]

  /// Looks in these only.
  init(directories: [String]) { self.directories = directories }

  /// Looks along a PATH, and then where programs usually are.
  init(path: String?) {
    let usual = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"]
    let listed = (path ?? "").split(separator: ":").map(String.init).filter { $0.hasPrefix("/") }
    // PostgreSQL's own are in a place for each version, the newest first.
    let versions = (12...30).reversed().map { "/usr/lib/postgresql/\($0)/bin" }
    directories = listed + usual.filter { !listed.contains($0) } + versions.filter { access($0, X_OK) == 0 }
  }

  /// The path of `program`.
  ///
  /// - Throws: `missingProgram`.
  func path(of program: String) throws(LabError) -> String {
    // A wrapper of a version manager that comes first takes longer to start than all of the lab; and of Python
    // nothing is needed that the system's own does not have.
    let first = program == "python3" ? ["/usr/bin"] : []
    for directory in first + directories {
      let path = directory + "/" + program
      if access(path, X_OK) == 0 { return path }
    }
    throw .missingProgram(program)
  }
}
