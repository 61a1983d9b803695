import ArgumentParser
import Diagnostics
import Files
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

  @Option(help: "The port to listen on. (default: 4000, or the next that is free)")
  var port: UInt16?

  @Flag(
    inversion: .prefixedNo,
    help: "Open the browser. (default: where this is a terminal on a desktop)")
  var open: Bool?

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
    guard port ?? 1 > 0 else { throw ValidationError("--port is a number from 1 to 65535") }
  }

  func run() async throws {
    let given = options.environment
    let environment = Project.Environment(
      root: given.root, showsDrafts: drafts, showsFuture: future, hasTextsAlone: texts,
      signatureScriptPlaces: given.signatureScriptPlaces, pictureScaler: given.pictureScaler,
      now: given.now)
    let preview = Preview(options, environment: environment)
    let (port, listeners) = try freePort()
    let names = ["localhost", "127.0.0.1", "[::1]"].map { "\($0):\(port)" }
    let server = PreviewServer(preview: preview, hosts: host == nil ? Set(names) : nil)
    let watched = FolderWatch(
      options.rootFolder, folders: ["content", "templates", "seeds"], ignoring: ["seeds/ledger"])
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
        let address = "http://\(host ?? "localhost"):\(port)/"
        Terminal.standardOutput("serving \(address)")
        Terminal.standardOutput("texts   \(address.dropLast())\(PreviewDesk.path)")
        openBrowser(address)
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

  /// How many ports are tried where nobody asked for one.
  private static let ports: ClosedRange<UInt16> = 4000...4019

  /// The port that was asked for, or the first of the usual ones that no other program has.
  private func freePort() throws -> (UInt16, [PreviewListener]) {
    func free(_ port: UInt16) throws -> (UInt16, [PreviewListener]) {
      (port, try PreviewListener.all(host: host, port: port).filter { try $0.isFree() })
    }
    if let port { return try free(port) }
    for port in Self.ports.dropLast() {
      do {
        return try free(port)
      } catch let failure as MachineFailure where failure.reason.hasPrefix("another program") {
        Terminal.standardError("port \(port) is another program's; trying \(port + 1)")
      }
    }
    return try free(Self.ports.upperBound)
  }

  /// Shows the site where somebody sits before the machine.
  private func openBrowser(_ address: String) {
    let environment = ProcessInfo.processInfo.environment
    #if os(macOS)
      let (name, hasDesktop) = ("open", true)
    #else
      let name = "xdg-open"
      let hasDesktop = environment["DISPLAY"] != nil || environment["WAYLAND_DISPLAY"] != nil
    #endif
    guard open ?? (hasDesktop && Terminal.isTerminal),
      let program = ExternalProgram(name, environment: environment)
    else { return }
    do {
      _ = try program.run([address], environment: environment)
    } catch {
      // The address stands in the terminal.
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
