import Foundation

/// A sheet of paper and how labels lie on it; all measures in millimetres.
public struct LabelSheet: Sendable {
  /// What is printed.
  public enum Kind: String, Sendable, CaseIterable {
    /// For the paper certificate.
    case sticker
    /// For the cloth, on a string.
    case tag
  }

  /// The name on the command line.
  public let name: String
  /// What the sheet is, for help texts.
  public let summary: String
  let width: Double
  let height: Double
  let label: (width: Double, height: Double)
  let columns: Int
  let rows: Int
  /// Where the first label begins.
  let left: Double
  let top: Double
  /// From one label's edge to the next one's.
  let gap: (x: Double, y: Double)
  /// Plain paper is cut by marks; sheets of labels are cut already.
  let isPlain: Bool

  public var count: Int { columns * rows }

  /// The upper left corner of a label by its position on the sheet.
  func corner(_ position: Int) -> (x: Double, y: Double) {
    let (row, column) = position.quotientAndRemainder(dividingBy: columns)
    return (
      left + Double(column) * (label.width + gap.x), top + Double(row) * (label.height + gap.y)
    )
  }

  /// Plain paper with as many labels as fit, in the middle of it, room for crop marks between them.
  private static func plain(
    _ name: String, _ summary: String, _ width: Double, _ height: Double, _ kind: Kind
  ) -> LabelSheet {
    let label = kind == .sticker ? (width: 63.5, height: 38.1) : (width: 50.0, height: 85.0)
    let (margin, gap) = (9.0, 6.0)
    func fitting(_ length: Double, _ one: Double) -> Int {
      Int((length - 2 * margin + gap) / (one + gap))
    }
    let (columns, rows) = (fitting(width, label.width), fitting(height, label.height))
    func start(_ length: Double, _ one: Double, _ count: Int) -> Double {
      (length - Double(count) * one - Double(count - 1) * gap) / 2
    }
    return LabelSheet(
      name: name, summary: summary, width: width, height: height, label: label, columns: columns,
      rows: rows, left: start(width, label.width, columns), top: start(height, label.height, rows),
      gap: (gap, gap), isPlain: true)
  }

  private static func cut(
    _ name: String, _ summary: String, _ width: Double, _ height: Double, columns: Int, rows: Int,
    gap: Double
  ) -> LabelSheet {
    LabelSheet(
      name: name, summary: summary, width: 210, height: 297, label: (width, height),
      columns: columns, rows: rows,
      left: (210 - Double(columns) * width - Double(columns - 1) * gap) / 2,
      top: (297 - Double(rows) * height) / 2, gap: (gap, 0), isPlain: false)
  }

  /// The sheets for a kind of label, by name.
  public static func sheets(for kind: Kind) -> [LabelSheet] {
    let plain = [
      plain("a4", "plain A4 with crop marks", 210, 297, kind),
      plain("a3", "plain A3 with crop marks", 297, 420, kind),
    ]
    guard kind == .sticker else { return plain }
    return plain + [
      cut("a4-21", "21 labels of 63.5 × 38.1 mm", 63.5, 38.1, columns: 3, rows: 7, gap: 2.5),
      cut("a4-24", "24 labels of 70 × 36 mm", 70, 36, columns: 3, rows: 8, gap: 0),
      cut("a4-14", "14 labels of 99.1 × 38.1 mm", 99.1, 38.1, columns: 2, rows: 7, gap: 2.5),
    ]
  }
}
