import Cluster
import FuzzerKit
import Wire

/// What stands before the load balancers says: name servers, keepalived, firewalls.
extension Fuzzer {
  static let entry = [names, resolver, routerDump, routerNotices, firewall]

  /// The question that all answers are to.
  private static let question = NameQuestion("www.example.org", kind: .ipv4, id: 0x1234)

  private static let names = Fuzzer(
    name: "dns", longest: 300,
    seeds: {
      var answer = question?.message ?? []
      answer[2] = 0x81
      answer[3] = 0x80
      answer[7] = 2
      let alias: [UInt8] = [0xC0, 12, 0, 5, 0, 1, 0, 0, 0, 60, 0, 6, 3, 0x77, 0x65, 0x62, 0xC0, 16]
      let address: [UInt8] = [0xC0, 45, 0, 1, 0, 1, 0, 0, 0, 30, 0, 4, 10, 0, 0, 1]
      var refused = Array(answer.prefix(12))
      refused[3] = 0x85
      refused[5] = 0
      refused[7] = 0
      return [answer + alias + address, answer, refused]
    },
    make: {
      guard let question = question else { fatalError("no question") }
      return { bytes in
        _ = NameReply.streamLength(bytes)
        guard let reply = try? NameReply(parsing: bytes, to: question) else { return }
        for address in reply.addresses { requireShown(address.description) }
      }
    })

  private static let resolver = Fuzzer(
    name: "resolv-conf", longest: 256,
    seeds: texts(
      "# x\nnameserver 10.0.0.1\nsearch a b\nnameserver\tfe80::1%eth0\nnameserver ::ffff:1.2.3.4\n"),
    make: {
      return { bytes in
        for server in ResolverFile(parsing: bytes).servers { requireShown(server.description) }
      }
    })

  private static let routerDump = Fuzzer(
    name: "keepalived-json", longest: 1536, captures: ["WireTests/Fixtures/keepalived"],
    make: {
      return { bytes in
        guard let status = try? RouterStatus(parsingDump: bytes) else { return }
        for instance in status.instances {
          requireShown(instance.name)
          instance.addresses.forEach(requireShown)
        }
      }
    })

  private static let routerNotices = Fuzzer(
    name: "keepalived-notices", longest: 384,
    seeds: texts(
      "INSTANCE \"VI_1\" MASTER 110\nGROUP \"G\" BACKUP 1\nINSTANCE \"VI_1\" BACKUP_PRIORITY 90\n",
      "1795271400 INSTANCE VI_2 FAULT 100\nINSTANCE \"VI_1\" DELETED 0\nINSTANCE \"VI_2\" STOP 0\r\nINST"),
    make: {
      return { bytes in
        for isCut in [false, true] {
          let changed = isCut ? nil : WallTime(nanoseconds: 5)
          let status = RouterStatus(notices: bytes, isCut: isCut, changed: changed)
          for instance in status.instances { requireShown(instance.name) }
        }
      }
    })

  private static let firewall = Fuzzer(
    name: "nftables-json", longest: 1280, captures: ["WireTests/Fixtures/nftables"],
    make: {
      return { bytes in
        guard let status = try? FirewallCounters(parsing: bytes) else { return }
        for counter in status.counters { requireShown(counter.name) }
      }
    })
}
