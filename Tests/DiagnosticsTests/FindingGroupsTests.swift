import Diagnostics
import Testing

/// Many findings, as people read them.
@Suite struct FindingGroupsTests {
  private func finding(
    _ id: DiagnosticID, _ severity: Severity = .error, line: Int, value: String
  ) -> Diagnostic {
    Diagnostic(
      id, severity, at: SourceLocation(path: "r.csv", line: line, column: 1), message: "m",
      hint: "h",
      excerpt: Excerpt.alone(value))
  }

  private func lines(_ findings: [Diagnostic]) -> [String] {
    DiagnosticPrinter(colour: false).lines(for: findings)
      .flatMap { $0.split(separator: "\n", omittingEmptySubsequences: false) }.map(String.init)
  }

  @Test func aFewAreShownOneByOne() {
    let few = (1...10).map { finding("unknown-batch", line: $0, value: "B") }
    #expect(lines(few).count { $0.contains("[unknown-batch]") } == 10)
    #expect(!lines(few).contains("found:"))
  }

  @Test func oneValueInManyPlacesIsOneWithItsPlaces() {
    let many = (1...200).flatMap { row in
      ["A", "B", "C"].map { finding("unknown-batch", line: row, value: $0) }
    }
    let shown = lines(many)
    #expect(shown.count { $0.contains("[unknown-batch]") } == 3)
    #expect(
      shown.count { $0 == "  also:  line 2, line 3, line 4, line 5, line 6 and 194 more" } == 3)
    #expect(shown.last == "  600 errors: unknown-batch, 3 different")
  }

  @Test func ofManyValuesTenAreShownAndTheRestCounted() {
    let many = (1...2000).map { finding("unreadable-date", line: $0, value: "\($0)") }
    let shown = lines(many)
    #expect(shown.count { $0.hasSuffix("m [unreadable-date]") } == 10)
    #expect(shown.contains("… and 1,990 more [unreadable-date]; --format json has them all"))
  }

  @Test func errorsStandLastAndTheRarestAboveTheTable() {
    let many =
      [finding("rare", line: 7, value: "x")]
      + (1...50).map { finding("common", line: $0, value: "y") }
      + (1...9).map { finding("suspicious", .warning, line: $0, value: "z") }
    let shown = lines(many)
    let order = ["suspicious", "common", "rare"].map { id in
      shown.firstIndex { $0.hasSuffix("[\(id)]") } ?? -1
    }
    #expect(order == order.sorted() && order[0] == 0)
    #expect(
      Array(shown.suffix(4)) == [
        "found:", "   9 warnings: suspicious", "  50 errors: common", "   1 error: rare",
      ])
  }

  @Test func placesInAWorkbookAreNamedByTheirCells() {
    func cell(_ sheet: String, _ name: String) -> Diagnostic {
      Diagnostic(
        "unknown-batch", at: SourceLocation(path: "r.xlsx", place: .cell(sheet: sheet, cell: name)),
        message: "m", hint: "h", excerpt: Excerpt.alone("B"))
    }
    let many = (1...11).map { cell("2024", "O\($0)") } + [cell("2025", "O3")]
    #expect(lines(many).contains("  also:  O2, O3, O4, O5, O6 and 6 more"))
    #expect(lines(many).first == "r.xlsx!2024!O1: error: m [unknown-batch]")
  }
}
