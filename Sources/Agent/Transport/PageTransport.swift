import CCurl
import Cluster
import Glibc
import Platform

/// A page over HTTP: libcurl's way, with one connection that is kept open from poll to poll.
final class PageTransport: Transport {
  private(set) var reply: ReplyBuffer

  private let endpoint: HTTPEndpoint
  private let secrets: SecretStore
  private let loop: EventLoop
  private let client: Result<PageClient, ReadFailure>
  private let certificateFile: String?
  private let namespace: NetworkNamespace?
  private var page: OpaquePointer?

  private var deadline: Deadline?
  private var ended: ((Result<Void, ReadFailure>) -> Void)?
  /// A failure that was found while `begin` was still at work.
  private var early: ReadFailure?
  private lazy var deadlineTimer = loop.timer { [unowned self] _ in deadlineHasCome() }

  init(
    to endpoint: HTTPEndpoint, client: Result<PageClient, ReadFailure>, secrets: SecretStore,
    certificateFile: String?, limit: Int, loop: EventLoop, within namespace: NetworkNamespace? = nil
  ) {
    self.endpoint = endpoint
    self.namespace = namespace
    self.client = client
    self.secrets = secrets
    self.certificateFile = certificateFile
    self.loop = loop
    reply = ReplyBuffer(limit: limit)
  }

  deinit {
    if let page { tt_page_destroy(page) }
  }

  func begin(deadline: Deadline, _ ended: @escaping (Result<Void, ReadFailure>) -> Void) {
    abandon()
    reply.clear()
    self.deadline = deadline
    self.ended = ended
    deadlineTimer.arm(at: deadline.at)
    do {
      try start()
    } catch {
      early = error
      loop.later { [weak self] in
        if let self, let early { end(.failure(early)) }
      }
    }
  }

  func abandon() {
    ended = nil
    early = nil
    deadlineTimer.disarm()
    if let page { tt_page_cancel(page) }
  }

  private func start() throws(ReadFailure) {
    // Read for each poll and kept nowhere: a secret may be changed while this runs.
    var password: String?
    if let credentials = endpoint.credentials { password = try secrets.read(credentials.password) }
    if page == nil { page = try makePage() }
    let began: Int32
    if let credentials = endpoint.credentials, let password {
      began = tt_page_begin(page, credentials.user, password)
    } else {
      began = tt_page_begin(page, nil, nil)
    }
    if began == 0 { throw .transfer(words: "libcurl does not take the request") }
  }

  private func makePage() throws(ReadFailure) -> OpaquePointer {
    let curl = try client.get().curl
    var handlers = tt_page_handlers()
    handlers.context = Unmanaged.passUnretained(self).toOpaque()
    handlers.take = { context, bytes, count in
      guard let context, let bytes else { return 0 }
      let transport = Unmanaged<PageTransport>.fromOpaque(context).takeUnretainedValue()
      return transport.reply.append(UnsafeRawBufferPointer(start: bytes, count: count)) ? 1 : 0
    }
    handlers.ended = { context, end in
      guard let context else { return }
      Unmanaged<PageTransport>.fromOpaque(context).takeUnretainedValue().transferEnded(end)
    }
    if namespace != nil {
      handlers.make_socket = { context, domain, type, number in
        guard let context else { return -1 }
        let transport = Unmanaged<PageTransport>.fromOpaque(context).takeUnretainedValue()
        let made = try? transport.namespace?.within {
          // libcurl makes it non-blocking itself.
          socket(domain, type | Int32(SOCK_CLOEXEC.rawValue), number)
        }
        return made ?? -1
      }
    }
    var made: OpaquePointer?
    endpoint.url.withCString { url in
      withOptionalCString(endpoint.socketPath) { socketPath in
        withOptionalCString(certificateFile) { certificateFile in
          var request = tt_page_request(
            url: url, socket_path: socketPath, certificate_file: certificateFile)
          made = tt_page_create(curl, &request, &handlers)
        }
      }
    }
    guard let made else { throw .transfer(words: "libcurl does not take the address") }
    return made
  }

  // MARK: The end

  private func deadlineHasCome() {
    guard let deadline else { return }
    end(.failure(.timedOut(after: deadline.after, received: reply.count)))
  }

  private func transferEnded(_ how: tt_page_end) {
    guard let page else { return }
    end(result(of: page, how))
  }

  private func result(of page: OpaquePointer, _ how: tt_page_end) -> Result<Void, ReadFailure> {
    let errno = tt_page_errno(page)
    switch how {
    case TT_PAGE_COMPLETE:
      let status = tt_page_status(page)
      return status == 200 ? .success(()) : .failure(.http(status: status))
    case TT_PAGE_NOT_CONNECTED where errno != 0:
      let address = endpoint.socketPath.map { StreamAddress.unix(path: $0) } ?? .tcp(host: "", port: 0)
      return .failure(ReadFailure(connecting: address, errno: errno))
    case TT_PAGE_NOT_CONNECTED: return .failure(.refused)
    case TT_PAGE_NOT_RESOLVED: return .failure(.unresolved(host: printable(endpoint.host)))
    case TT_PAGE_CUT: return .failure(.truncated(received: reply.count))
    case TT_PAGE_REFUSED: return .failure(.tooLarge(limit: reply.limit))
    default:
      if errno == ECONNRESET { return .failure(.truncated(received: reply.count)) }
      return .failure(.transfer(words: printable(String(cString: tt_page_words(page)))))
    }
  }

  private func end(_ result: Result<Void, ReadFailure>) {
    let ended = ended
    abandon()
    ended?(result)
  }
}
