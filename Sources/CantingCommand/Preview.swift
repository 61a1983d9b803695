import Diagnostics
import Foundation
import Proof
import Site

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

  private let options: ProjectOptions
  private let circumstances: Project.Circumstances
  private let store: LedgerStore
  private(set) var state = State()
  private(set) var site: PreviewSite?
  private var plan: SitePlan?
  private var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
  private var lastWaiter = 0

  init(_ options: ProjectOptions, circumstances: Project.Circumstances) {
    self.options = options
    self.circumstances = circumstances
    store = options.ledgerStore
  }

  /// Reads what changed; everything the first time, or when the registry or the settings did.
  ///
  /// - Returns: what was found, for the terminal.
  func rebuild(_ changes: [String]) async -> Findings {
    var findings = Findings()
    do {
      let isSmall = changes.allSatisfy {
        !$0.hasPrefix("seeds/") && $0 != "content/site.yml"
      }
      let next: SitePlan?
      if isSmall, let plan {
        next = try plan.rereading(circumstances, findings: &findings)
      } else {
        let preparation = try await Preparation(
          options, circumstances: circumstances, output: nil,
          progress: ProgressLine(isShown: false))
        findings = preparation.findings
        next = findings.hasErrors ? nil : preparation.plan
      }
      if let next {
        site = try PreviewSite(plan: next, store: store)
        plan = next
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

  /// The state, once it is another than a browser saw; after a while the same again.
  func state(after seen: Int?) async -> State {
    if let seen, seen == state.attempt {
      lastWaiter += 1
      let waiter = lastWaiter
      let alarm = Task {
        do {
          try await Task.sleep(for: .seconds(10))
          self.wake(waiter)
        } catch {
          // Cancelled, since the answer came first.
        }
      }
      await withCheckedContinuation { waiting[waiter] = $0 }
      alarm.cancel()
    }
    return state
  }

  private func wake(_ waiter: Int) {
    waiting.removeValue(forKey: waiter)?.resume()
  }
}
