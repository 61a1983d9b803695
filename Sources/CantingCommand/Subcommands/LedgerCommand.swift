import ArgumentParser
import Diagnostics
import Files
import Foundation
import Layout
import Project
import Proof
import SystemPackage
import Verification

/// `canting ledger`
struct LedgerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ledger", abstract: "Bring a lost ledger back.", subcommands: [Restore.self])

  /// `canting ledger restore`
  struct Restore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make a lost ledger again from the published log.",
      discussion: """
        Takes the public log from the site, and finds the row of each certificate in it by the \
        registry and the secret, both as they were at the last upload. Every entry is held against \
        the checkpoint that the institution signed. Where anything is missing, nothing is written. \
        What cannot be made again is where the pages of erased certificates were.

        Examples:
          canting ledger restore --site https://verify.example.org
        """)

    @Option(help: "The published site: a folder or a web address.")
    var site: String

    @OptionGroup var options: ProjectOptions

    /// What `--format json` prints.
    struct Outcome: Encodable {
      let entries: Int
      let certificates: Int
      /// Erased certificates whose pages cannot be made again.
      let erased: Int
    }

    func run() async throws {
      let (project, fingerprints) = try await options.projectWithFingerprints()
      let progress = ProgressLine(isShown: !options.quiet && options.format == .text)
      let lock = try options.ledgerStore.lock()
      var findings = Findings()
      let store = options.ledgerStore
      let folder = store.folder.removingLastComponent().appending("ledger.restoring")
      try removeLeftovers(folder)
      let outcome: Outcome?
      if try store.isBegun {
        findings.add(
          Diagnostic(
            "ledger-exists", at: SourceLocation(path: store.displayPath),
            message: "A ledger is never overwritten, and there is one",
            hint: "if it is damaged, move it away first, to a safe place"))
        outcome = nil
      } else {
        let format = RecordFormat(registry: project.registry, secret: project.secret)
        outcome = try await restore(
          LedgerStore(folder, displayPath: "\(site)/log"), keys: project.keys.issuer,
          format: format, origin: project.logOrigin, progress: progress, findings: &findings
        ) { $0.index(registry: project.registry, fingerprints: fingerprints, format: format) }
        if outcome != nil { try putInPlace(folder) }
      }
      try removeLeftovers(folder)
      progress.clear()
      _ = consume lock
      let isOK = outcome != nil && !findings.hasErrors
      try Report<Outcome>(options: options, findings: findings)
        .print(isOK ? outcome : nil, isOK: isOK, summary: isOK ? summary(outcome) : [])
      if !isOK { throw ExitStatus.inputHasErrors.code }
    }

    /// Makes the ledger in a folder of its own; nil, with findings, where it cannot be made whole.
    private func restore(
      _ store: LedgerStore, keys: IssuerKeys, format: RecordFormat, origin: String,
      progress: ProgressLine, findings: inout Findings,
      index: (LedgerRestoration) -> LedgerRestoration.Index
    ) async throws -> Outcome? {
      guard let note = try await options.checkpoint(of: site, findings: &findings) else {
        return nil
      }
      do {
        var restoration = try LedgerRestoration(store, note: note, origin: origin, keys: keys)
        let total = restoration.tiles.count
        try await restoration.take(from: options.publishedSite(site)) { done in
          progress.show("fetching the log: \(grouped(done)) of \(grouped(total)) tiles")
        }
        let index = index(restoration)
        if let finding = missingRows(index) {
          findings.add(finding)
          return nil
        }
        try restoration.finish(index)
        // Every entry and hash is compared with the signed checkpoint, as every build does it.
        var damage = Findings()
        let ledger = try store.load(
          store.replay(published: nil), origin: origin, keys: keys, format: format, published: nil,
          displayPath: store.displayPath, findings: &damage)
        guard ledger != nil else {
          throw NoteFailure(damage.diagnostics.first?.message ?? "the log cannot be read")
        }
        return Outcome(
          entries: restoration.entryCount, certificates: index.standing, erased: index.erased)
      } catch let failure as NoteFailure {
        findings.add(
          Diagnostic(
            "published-log-damaged", at: SourceLocation(path: store.displayPath),
            message: "The published log is whole, and the institution's key signed it:"
              + " \(failure.description)",
            hint: "look whether --site and seeds/keys are right; nothing was changed"))
        return nil
      }
    }

    private func missingRows(_ index: LedgerRestoration.Index) -> Diagnostic? {
      guard index.missing > 0 else { return nil }
      let isSecretWrong = index.missing == index.standing
      return Diagnostic(
        "ledger-without-rows",
        at: SourceLocation(path: isSecretWrong ? "seeds/keys/registry.secret" : "seeds"),
        message: "Each certificate of the log has its row, as it was published, and"
          + " \(grouped(index.missing)) of \(grouped(index.standing)) have none",
        hint: isSecretWrong
          ? "restore the registry secret, without which no row can be found"
          : "restore registry and schemes as they were at the last upload: rows were edited or taken out"
            + " since"
            + (index.unsealed.isEmpty
              ? "" : "; the log does not have \(index.unsealed.joined(separator: ", "))"))
    }

    /// What an attempt has left that was killed, or could not be ended.
    private func removeLeftovers(_ folder: FilePath) throws {
      guard FileManager.default.fileExists(atPath: folder.string) else { return }
      do {
        try FileManager.default.removeItem(atPath: folder.string)
      } catch {
        throw MachineFailure("remove seeds/ledger.restoring", reason: error.localizedDescription)
      }
    }

    private func putInPlace(_ folder: FilePath) throws {
      let store = options.ledgerStore
      do {
        try DurableFile.rename(folder, to: store.folder)
      } catch {
        throw MachineFailure("write \(store.displayPath)", error as? Errno ?? .ioError)
      }
    }

    private func summary(_ outcome: Outcome?) -> [String] {
      guard let outcome else { return [] }
      var lines = [
        "restored  seeds/ledger: \(grouped(outcome.entries)) entries,"
          + " \(grouped(outcome.certificates)) certificates that stand"
      ]
      if outcome.erased > 0 {
        lines.append(
          "note      \(grouped(outcome.erased)) were erased: where their pages were is not known any"
            + " more, so that the next site does without these pages")
      }
      lines.append("next      back it up; then see with `canting check --site \(visible(site))`")
      return lines
    }
  }
}
