/// Findings as people read them: those that say the same of one value are one, and no kind buries another.
struct FindingGroups {
  /// Findings with the same words about the same value.
  struct Group {
    let first: Diagnostic
    /// Where else it was found.
    var others: [SourceLocation] = []
  }

  /// All findings of one rule, in the order in which it was first broken.
  struct Kind {
    let id: DiagnosticID
    let severity: Severity
    var count = 0
    var groups: [Group] = []
  }

  private struct Key: Hashable {
    let id: DiagnosticID
    let severity: Severity
    let message: String
    let hint: String
    let value: String
  }

  /// So many findings are printed one by one.
  static let few = 10

  private(set) var kinds: [Kind] = []

  init(_ findings: [Diagnostic]) {
    var places: [Key: (kind: Int, group: Int)] = [:]
    for finding in findings {
      let key = Key(
        id: finding.id, severity: finding.severity, message: finding.message, hint: finding.hint,
        value: finding.excerpt?.marked ?? "")
      if let place = places[key] {
        kinds[place.kind].count += 1
        kinds[place.kind].groups[place.group].others.append(finding.location)
        continue
      }
      let kind: Int
      if let known = kinds.firstIndex(where: { $0.id == key.id && $0.severity == key.severity }) {
        kind = known
      } else {
        kind = kinds.count
        kinds.append(Kind(id: key.id, severity: key.severity))
      }
      places[key] = (kind, kinds[kind].groups.count)
      kinds[kind].count += 1
      kinds[kind].groups.append(Group(first: finding))
    }
  }
}

extension FindingGroups.Kind {
  /// Values that are found again and again say most; of the others, ten are enough.
  var shown: [FindingGroups.Group] {
    let repeated = groups.filter { !$0.others.isEmpty }.prefix(5 * FindingGroups.few)
    let single = groups.filter(\.others.isEmpty)
      .prefix(max(3, FindingGroups.few - repeated.count))
    let places = Set((repeated + Array(single)).map(\.first))
    return groups.filter { places.contains($0.first) }
  }
}

extension FindingGroups.Group {
  /// The other places in words; nil where there is none.
  var otherPlaces: String? {
    guard !others.isEmpty else { return nil }
    let names = others.prefix(5).map(shortened).joined(separator: ", ")
    let rest = others.count > 5 ? " and \(grouped(others.count - 5)) more" : ""
    return "\(names)\(rest)"
  }

  /// A place without what it has in common with the first one.
  private func shortened(_ location: SourceLocation) -> String {
    guard location.path == first.location.path else { return location.description }
    switch location.place {
    case .line(let line, _): return "line \(line)"
    case .row(_, let row, _): return "row \(row)"
    case .cell(let sheet, let cell):
      if case .cell(sheet, _) = first.location.place { return cell }
      return "\(sheet)!\(cell)"
    case .file: return location.description
    }
  }
}

extension Excerpt {
  /// The part of the line that is marked.
  var marked: String {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: line.unicodeScalars.dropFirst(column - 1).prefix(length))
    return String(text)
  }
}

extension DiagnosticPrinter {
  /// The findings of a run, grouped where they are many, with a table of counts behind them.
  public func lines(for findings: [Diagnostic]) -> [String] {
    guard findings.count > FindingGroups.few else { return findings.map(text) }
    // Errors stand last, and the rarest of them above the table, where somebody begins to read.
    let kinds = FindingGroups(findings).kinds.enumerated()
      .sorted { left, right in
        if left.element.severity != right.element.severity {
          return left.element.severity.rank < right.element.severity.rank
        }
        return (right.element.count, left.offset) < (left.element.count, right.offset)
      }.map(\.element)
    var lines: [String] = []
    for kind in kinds {
      let shown = kind.shown
      for group in shown {
        lines.append(text(for: group.first))
        if let places = group.otherPlaces { lines.append("  also:  \(visible(places))") }
      }
      let rest = kind.count - shown.reduce(0) { $0 + 1 + $1.others.count }
      if rest > 0 {
        lines.append("… and \(grouped(rest)) more [\(kind.id.name)]; --format json has them all")
      }
    }
    return lines + ["", "found:"] + table(kinds)
  }

  private func table(_ kinds: [FindingGroups.Kind]) -> [String] {
    let width = kinds.map { grouped($0.count).count }.max() ?? 0
    return kinds.map { kind in
      let count = grouped(kind.count)
      let padding = String(repeating: " ", count: width - count.count + 2)
      let values =
        kind.groups.count < kind.count && kind.groups.count > 1
        ? ", \(grouped(kind.groups.count)) different" : ""
      return
        "\(padding)\(count) \(kind.severity.rawValue)\(kind.count == 1 ? "" : "s"): \(kind.id.name)\(values)"
    }
  }
}

/// A number with its thousands apart, for summaries.
public func grouped(_ number: Int) -> String {
  var digits = String(number)
  var groups: [String] = []
  while digits.count > 3 {
    groups.insert(String(digits.suffix(3)), at: 0)
    digits = String(digits.dropLast(3))
  }
  return ([digits] + groups).joined(separator: ",")
}
