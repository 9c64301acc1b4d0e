import Cluster
import Platform

extension LabError: CustomStringConvertible {
  /// What happened, what the program said, and what to do about it; several lines, ready to be shown.
  public var description: String {
    switch self {
    case .cannotRun(let node, let program?):
      "\(node) runs \(program.rawValue): a lab does not have that\nTake it out of the layout, or change its `runs:`."
    case .cannotRun(let node, nil):
      "the layout does not say what \(node) runs\nAdd `runs: haproxy`, `runs: nginx` or `runs: gunicorn` to it."
    case .elsewhere(let node):
      "\(node) is on another host (`via:`): a lab runs everything on this one\nTake its `via:` out of the layout."
    case .loadBalancerBehind(let node, let tier):
      "\(node) is a load balancer behind the tier \(tier)\nPut the tier of the load balancers first in the layout."
    case .nothingToRun(let program):
      "no node of the layout runs \(program.rawValue)\nA lab needs at least one load balancer and one tier behind it; Layouts/demo.yaml is an example."
    case .tooManyNodes(let limit):
      "the layout has more nodes than a lab has addresses (\(limit))\nUse a smaller layout."
    case .unusableName(let name):
      "the name \(printable(name)) cannot be used for files\nUse at most 32 letters, digits, - and _."
    case .unwritable(let text):
      "\(printable(text)) cannot stand in a configuration file\nUse letters, digits and . - _ / only."
    case .noAddress(let node):
      "the layout does not say where \(node) is, and others have to reach it\nAdd its `address:`."
    case .notEmpty(let path):
      "\(printable(path)) is there already, and is not an empty directory\nName another, or write over it with --force."
    case .noFreeNetwork:
      "no free addresses were found in 127.0.0.0/8\nSee what listens on this machine: ss -ltn"
    case .noDirectory(let tried):
      "no private directory could be made in \(tried.joined(separator: " or "))\nSet XDG_RUNTIME_DIR or TMPDIR to a short path of a directory that you may write to."
    case .cannotWrite(let path, let errno):
      "\(path) could not be written: \(systemWords(for: errno))"
    case .unknownFault(let words):
      "\(printable(words)) cannot be played\nThere are: kill, hang, slow 300ms, errors 5%, loss 20%, cut, lag 30s, stop-replication, split-brain."
    case .noLab:
      "no such lab runs\nStart one: tiertop lab up LAYOUT"
    case .severalLabs(let paths):
      "several labs run; say which: \(paths.joined(separator: " "))"
    case .silentLab(let path):
      "the lab in \(path) does not answer"
    case .missingProgram(let program):
      "\(program) is not installed\nInstall it (\(Self.installing(program))), or start this with Scripts/demo, which does."
    case .cannotStart(let name, let error):
      "\(name) could not be started: \(error.doing): \(error.words)"
    case .cannotWatch(let descriptor, let error):
      "descriptor \(descriptor) cannot be waited for: \(error.words)\nGive --while-fd a pipe or a terminal."
    case .system(let error):
      "\(error.doing): \(error.words)"
    case .ended(let name, let how, let said):
      "\(name) \(how.words) before the cluster served" + Self.quoted(said)
    case .notServing(let name, let what, let said):
      "\(name) did not serve in time: \(what)" + Self.quoted(said)
        + "\nIf this machine is very busy, try again."
    }
  }

  private static func installing(_ program: String) -> String {
    switch program {
    case "nginx": "apt install nginx-light"
    case "apache2": "apt install apache2-bin"
    case "dnsmasq": "apt install dnsmasq-base"
    case "node": "apt install nodejs"
    case "mariadbd", "mariadb-install-db", "mariadb": "apt install mariadb-server"
    case "php-fpm8.2": "apt install php-fpm"
    case "initdb", "postgres": "apt install postgresql"
    case "nft": "apt install nftables"
    default: "apt install \(program)"
    }
  }

  private static func quoted(_ said: [String]) -> String {
    said.isEmpty ? "; it said nothing" : "; it said:" + said.map { "\n    \(printable($0))" }.joined()
  }
}

extension ExitStatus {
  /// As the end of a sentence about a program.
  var words: String {
    switch self {
    case .exited(let code): "ended with status \(code)"
    case .killed(let signal): "was ended by signal \(signal)"
    case .unknown: "ended"
    }
  }
}
