public import Diagnostics
public import Registry

extension Ledger {
  /// Compares the registry with what was published, and appends what is new.
  ///
  /// - Parameter record: the record published under a fingerprint, where it is still at hand, so
  ///   that findings can say what it was.
  /// - Returns: the ledger with its pending entries; nil when the registry rewrites history, which
  ///   is then among the findings.
  /// - Throws: `MachineFailure` when the registry cannot be read again.
  public func sealing(
    _ registry: Registry, fingerprints: Fingerprints, format: RecordFormat,
    record: (Fingerprint) -> Record?, findings: inout Findings
  ) throws(MachineFailure) -> Ledger? {
    guard published.secretDigest == format.secretDigest else {
      findings.add(
        Diagnostic(
          "secret-changed", at: SourceLocation(path: "seeds/keys/registry.secret"),
          message: "Every printed code depends on the registry secret, and this is another one",
          hint: "restore the secret that these certificates were published with"))
      return nil
    }
    var comparison = HistoryComparison(
      ledger: self, registry: registry, fingerprints: fingerprints, format: format)
    try comparison.matchPublished()
    comparison.compareStatuses()
    let before = findings.errorCount
    // What is sealed already stays as it is, however it came about.
    let positions = comparison.positions
    try registry.reportDoubts(isSealed: { positions[$0] != nil }, findings: &findings)
    try comparison.report(record: record, findings: &findings)
    guard findings.errorCount == before else { return nil }
    var ledger = self
    let additions = comparison.additions()
    let start = ledger.size
    ledger.append(additions.map(\.entry))
    ledger.newlyIssued = additions.compactMap(\.issues).sorted()
    ledger.newStatuses = Self.statuses(
      additions.filter { $0.issues == nil }.map(\.entry), fingerprints)
    var numbers = positions.map { UInt32($0 ?? 0) }
    for (offset, addition) in additions.enumerated() {
      guard let ordinal = addition.issues else { continue }
      let entry = fingerprints.entries[ordinal]
      numbers[ordinal] = UInt32(start + offset)
      ledger.published.append(
        PublishedIndex.Line(
          index: start + offset, fingerprint: entry.fingerprint,
          schemeDigest: format.schemeDigest(entry.scheme, entry.schemeEdition),
          issuerDigest: format.issuerDigest(entry.issuerEdition), revision: entry.revision,
          number: registry.number(of: ordinal)))
    }
    ledger.conclude(numbers)
    return ledger
  }
}

extension Ledger {
  /// Whose status some entries change; those of erased certificates have no row any more.
  private static func statuses(
    _ entries: [LedgerEntry], _ fingerprints: Fingerprints
  ) -> [(ordinal: Int, kind: String)] {
    guard !entries.isEmpty else { return [] }
    let kinds = Dictionary(
      entries.map { ($0.certificate, $0.type) }, uniquingKeysWith: { _, last in last })
    return fingerprints.entries.indices.compactMap { ordinal in
      kinds[fingerprints[ordinal].logID].map { (ordinal, $0) }
    }
  }

  /// The index once the checkpoint covers the erasures: nothing in it leads to an erased person.
  /// Nil where it is so already.
  var publishedWithoutErased: PublishedIndex? {
    guard states.hasErasures,
      published.contains(where: { !$0.number.isEmpty && states.isErased(at: $0.index) })
    else { return nil }
    var index = PublishedIndex(secretDigest: published.secretDigest)
    for line in published {
      index.append(
        PublishedIndex.Line(
          index: line.index, fingerprint: line.fingerprint, schemeDigest: line.schemeDigest,
          issuerDigest: line.issuerDigest, revision: line.revision,
          number: states.isErased(at: line.index) ? "" : line.number))
    }
    return index
  }
}
