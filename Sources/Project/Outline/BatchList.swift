import Diagnostics
import Input
package import Registry

/// The batches by their addresses and years.
package struct BatchList: Sendable {
  package static let batchesPerPage = 100
  /// Names on the page of a batch; the rest is in the directory.
  package static let mostNames = 500
  /// Whoever is one of so few could be told by what is said of them all.
  package static let fewest = 5

  /// By position in `Registry.batches`.
  package let slugs: [String]
  /// Certificates by the registry's schemes, by position in `Registry.batches`.
  package let certified: [[Int]]
  /// In which batches began, the latest first.
  package let years: [Int]
  private let byYear: [Int: [Int]]

  package init(_ registry: Registry) {
    let batches = registry.batches
    slugs = batches.map { Self.slug(of: $0) }
    var certified = Array(
      repeating: Array(repeating: 0, count: registry.schemes.count), count: batches.count)
    for (kind, count) in registry.figures.certified { certified[kind.batch][kind.scheme] = count }
    self.certified = certified
    let inOrder = batches.indices.sorted { left, right in
      if batches[left].from != batches[right].from {
        return batches[left].from > batches[right].from
      }
      return batches[left].code.utf8.lexicographicallyPrecedes(batches[right].code.utf8)
    }
    byYear = Dictionary(grouping: inOrder) { batches[$0].from.year }
    years = byYear.keys.sorted(by: >)
  }

  static func slug(of batch: Batch) -> String { listSlug(batch.code) }

  package func count(_ batch: Int) -> Int { certified[batch].reduce(0, +) }

  /// The batches of a year, the latest first.
  package func batches(of year: Int) -> [Int] { byYear[year] ?? [] }

  package func pages(of year: Int) -> Int {
    (batches(of: year).count + Self.batchesPerPage - 1) / Self.batchesPerPage
  }

  /// Finds codes that would lead to one page.
  static func checkAddresses(_ batches: [Batch], findings: inout Findings) {
    var taken: [String: Batch] = [:]
    for batch in batches {
      if let other = taken[slug(of: batch)] {
        findings.add(
          Diagnostic(
            "duplicate-batch-address",
            at: batch.location,
            message: "The page of a batch is at /batches/\(slug(of: batch))/, and so is that of"
              + " `\(other.code)` at \(other.location)",
            hint: "give one of them a code that differs in letters or digits, here and in the"
              + " registry; capitals, spaces and signs do not count"))
      } else {
        taken[slug(of: batch)] = batch
      }
    }
  }
}
