import Build
import Diagnostics
import Foundation
import Project
import SystemPackage

/// The site as it is at the moment, kept up to date, and what is wrong with it.
actor Preview {
  /// What browsers are told.
  struct State: Encodable, Sendable {
    /// Grows with every attempt, so that a browser knows whether it saw it.
    var attempt = 0
    /// Grows with every good one: the page to be seen is another.
    var version = 0
    /// Empty when all is well.
    var findings: [String] = []
  }

  /// What a preview is made of, by how it is read again.
  private enum Part: Hashable {
    /// Read again by itself.
    case part(Project.Part)
    /// The registry, the keys and the settings: everything is read again.
    case project

    init(of path: String) {
      if path.hasPrefix("seeds/") || path == "content/site.yml" {
        self = .project
      } else {
        self =
          .part(
            path.hasPrefix("templates/strings/")
              ? .words : path.hasPrefix("templates/") ? .theme : .content)
      }
    }
  }

  /// The project's folder.
  nonisolated let root: FilePath
  private let options: ProjectOptions
  private let environment: Project.Environment
  private(set) var state = State()
  private(set) var site: PreviewSite?
  /// What was saved since the last good page: a mistake stays until its own file is mended.
  private var stale: Set<Part> = [.project]
  private var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
  private var lastWaiter = 0

  init(_ options: ProjectOptions, environment: Project.Environment) {
    self.options = options
    root = environment.root
    self.environment = environment
  }

  /// Reads what changed; everything the first time, or when the registry or the settings did.
  ///
  /// - Parameter changes: the files that were saved, relative to the project.
  /// - Returns: what was found, for the terminal.
  func rebuild(_ changes: [String]) async -> Findings {
    var findings = Findings()
    stale.formUnion(changes.map(Part.init(of:)))
    do {
      if let next = try await read(stale, findings: &findings) {
        site = next
        stale = []
        state.version += 1
      }
    } catch {
      // Nothing of this ends the preview: the next save may mend it.
      findings.add(
        Diagnostic(
          "machine-failure", at: SourceLocation(path: "project"), message: "\(error)",
          hint: "mend it and save again"))
    }
    let printer = DiagnosticPrinter(colour: false)
    state.findings = findings.diagnostics.filter { $0.severity == .error }.map(printer.text)
    state.attempt += 1
    for continuation in waiting.values { continuation.resume() }
    waiting = [:]
    return findings
  }

  private func read(_ parts: Set<Part>, findings: inout Findings) async throws -> PreviewSite? {
    if !parts.contains(.project), let site {
      let small = parts.compactMap { if case .part(let part) = $0 { part } else { nil } }
      return try site.rereading(Set(small), environment, findings: &findings)
    }
    let preparation = try await Preparation(
      options, environment: environment, output: nil, progress: ProgressLine(isShown: false))
    findings = preparation.findings
    guard !findings.hasErrors, let plan = preparation.plan else { return nil }
    return try PreviewSite(plan: plan, store: preparation.store)
  }

  /// The state, once it is another than a browser saw; nil when nothing changed for a while.
  func state(after seen: Int?) async -> State? {
    guard let seen, seen == state.attempt else { return state }
    lastWaiter += 1
    let waiter = lastWaiter
    let alarm = Task {
      do {
        try await Task.sleep(for: .seconds(10))
        self.wake(waiter)
      } catch {
        // Cancelled, since the change came first.
      }
    }
    await withCheckedContinuation { waiting[waiter] = $0 }
    alarm.cancel()
    return seen == state.attempt ? nil : state
  }

  private func wake(_ waiter: Int) {
    waiting.removeValue(forKey: waiter)?.resume()
  }
}
