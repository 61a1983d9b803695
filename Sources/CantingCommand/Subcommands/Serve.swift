import ArgumentParser
import Diagnostics
import FlyingFox
import FlyingSocks
import Foundation
import Project
import SystemPackage

/// `canting serve`
struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show the site while it is being written.",
    discussion: """
      Serves the site on this machine, reads again whatever is saved, and refreshes the browser. A \
      mistake is shown over the page with its file, line and way out, and goes away when it is \
      mended. Nothing is written: neither the site nor the ledger. Ctrl-C ends it.

      Examples:
        canting serve
        canting serve --drafts --future --port 8080
        canting serve --texts
      """)

  @Option(help: "The port to listen on.")
  var port: UInt16 = 4000

  @Option(
    help: ArgumentHelp(
      "An IPv4 address to listen on instead of this machine's own, for other devices to see.",
      valueName: "address"))
  var host: String?

  @Flag(help: "Show drafts too.")
  var drafts = false

  @Flag(help: "Show what is to appear later too.")
  var future = false

  @Flag(
    help: "Show texts and templates alone: without registry, keys and ledger, on any machine.")
  var texts = false

  @OptionGroup var options: ProjectOptions

  func validate() throws {
    guard port > 0 else { throw ValidationError("--port is a number from 1 to 65535") }
  }

  func run() async throws {
    let given = options.environment
    let environment = Project.Environment(
      root: given.root, showsDrafts: drafts, showsFuture: future, hasTextsAlone: texts,
      signatureScriptPlaces: given.signatureScriptPlaces, pictureScaler: given.pictureScaler,
      now: given.now)
    let preview = Preview(options, environment: environment)
    let names = ["localhost", "127.0.0.1", "[::1]"].map { "\($0):\(port)" }
    let server = PreviewServer(preview: preview, hosts: host == nil ? Set(names) : nil)
    let watched = FolderWatch(
      options.rootFolder, folders: ["content", "templates", "seeds"], ignoring: ["seeds/ledger"])
    let listeners = try listeners().filter { try $0.isFree() }
    let start = ContinuousClock.now
    let findings = await preview.rebuild(["seeds/"])
    try await withThrowingTaskGroup(of: Void.self) { group in
      let servers = listeners.map {
        HTTPServer(config: $0.configuration, handler: Handler(server: server))
      }
      for (listener, http) in zip(listeners, servers) {
        group.addTask {
          do {
            try await http.run()
          } catch let error as SocketError {
            throw listener.failure(error)
          }
        }
      }
      group.addTask {
        for http in servers { try await http.waitUntilListening(timeout: 60) }
        tell(findings, since: start)
        Terminal.standardOutput("serving http://\(host ?? "localhost"):\(port)/")
        var watch = watched
        while true {
          try await Task.sleep(for: .milliseconds(25))
          var changes = watch.changes()
          guard !changes.isEmpty else { continue }
          // Editors empty a file before they fill it: what is read has come to rest.
          for _ in 0..<20 {
            try await Task.sleep(for: .milliseconds(5))
            let more = watch.changes()
            if more.isEmpty { break }
            changes += more
          }
          let start = ContinuousClock.now
          tell(await preview.rebuild(changes), since: start)
        }
      }
      try await group.next()
      try await group.waitForAll()
    }
  }

  private struct Handler: HTTPHandler {
    let server: PreviewServer

    func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
      await server.answer(request)
    }
  }

  private struct Listener {
    let host: String
    let port: UInt16
    let configuration: HTTPServer.Configuration
    let isNeeded: Bool

    /// Whether it can be listened on, before anything is made for it; false on a machine that has no
    /// such address and can do without.
    func isFree() throws -> Bool {
      do {
        let socket = try Socket(domain: Int32(configuration.address.family))
        defer { do { try socket.close() } catch {} }
        try socket.setValue(true, for: .localAddressReuse)
        try socket.bind(to: configuration.address)
        try socket.listen()
        return true
      } catch let error as SocketError {
        // Browsers may ask at either address: one that another program has is never passed over.
        if !isNeeded, error.number != .addressInUse { return false }
        throw failure(error)
      }
    }

    func failure(_ error: SocketError) -> MachineFailure {
      let reason =
        switch error.number {
        case Errno.addressInUse: "another program has port \(port); choose another one with --port"
        case Errno.permissionDenied:
          "port \(port) is for administrators; choose another one with --port"
        case Errno.addressNotAvailable:
          "this machine has no such address; choose one of its own with --host"
        case let number?: number.description
        case nil: error.localizedDescription
        }
      return MachineFailure("listen on \(host):\(port)", reason: reason)
    }
  }

  /// Both of this machine's own addresses, or the one that was asked for.
  private func listeners() throws -> [Listener] {
    do {
      let first = host ?? "127.0.0.1"
      let four = Listener(
        host: first, port: port,
        configuration: HTTPServer.Configuration(
          address: try sockaddr_in.inet(ip4: first, port: port), logger: .disabled),
        isNeeded: true)
      if host != nil { return [four] }
      return [
        four,
        Listener(
          host: "[::1]", port: port,
          configuration: HTTPServer.Configuration(
            address: sockaddr_in6.loopback(port: port), logger: .disabled), isNeeded: false),
      ]
    } catch {
      throw ValidationError("--host is an IPv4 address, as in 192.168.1.20")
    }
  }

  private func tell(_ findings: Findings, since start: ContinuousClock.Instant) {
    let printer = DiagnosticPrinter(colour: Terminal.hasColour)
    for diagnostic in findings.diagnostics {
      Terminal.standardError(printer.text(for: diagnostic))
    }
    guard !options.quiet else { return }
    let time = Int((ContinuousClock.now - start) / .milliseconds(1))
    Terminal.standardOutput(
      findings.hasErrors
        ? "\(findings.errorCount) to mend; the last good page stays" : "ready in \(time) ms")
  }
}

extension SocketError {
  /// What the machine calls it.
  fileprivate var number: Errno? {
    if case .failed(_, let number, _) = self { return Errno(rawValue: number) }
    return nil
  }
}
