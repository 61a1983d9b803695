import Foundation
import Input
import Layout
import Proof
import Theme

/// Figures as rows: what a page shows and what its CSV and JSON carry is made from this alone.
struct FigureTable: Sendable {
  struct Column: Sendable {
    let key: String
    /// Whether pages have it too, beside files.
    var isShown = true
  }

  enum Value: Sendable {
    case count(Int)
    case year(Int)
    /// See `Census.month(of:)`.
    case month(Int)
    case dollars(thousands: Int)
    case rupiah(Int)
    /// A term of the formats, with words of its own in each language that has any.
    case term(String, LocalizedText)
    /// A term of the formats, in the words behind a key of the templates' words.
    case word(String, key: String)
    /// A text from somebody's file, the same in every language.
    case text(String)
  }

  let name: StatisticsTable
  let columns: [Column]
  let rows: [[Value]]

  // MARK: Files

  func bytes(of format: StatisticsTable.Format, on day: CalendarDate) -> [UInt8] {
    switch format {
    case .csv: csv
    case .json: json(on: day)
    }
  }

  private var csv: [UInt8] {
    let lines =
      [columns.map(\.key)] + rows.map { row in row.map { Self.field($0) } }
    return Array(lines.map { $0.joined(separator: ",") + "\r\n" }.joined().utf8)
  }

  private func json(on day: CalendarDate) -> [UInt8] {
    CanonicalJSON.encode(
      .object([
        "name": .string(name.rawValue), "asOf": .string(day.description),
        "rows": .array(
          rows.map { row in
            .object(
              Dictionary(
                zip(columns.map(\.key), row.map(\.json)).filter { $0.1 != .string("") },
                uniquingKeysWith: { first, _ in first }))
          }),
      ]))
  }

  private static func field(_ value: Value) -> String {
    switch value.json {
    case .integer(let number): return String(number)
    case .string(var text):
      // A spreadsheet takes these for the beginning of a formula.
      if let first = text.unicodeScalars.first, "=+-@".unicodeScalars.contains(first) {
        text = "'" + text
      }
      guard text.utf8.contains(where: { ",\"\r\n;".utf8.contains($0) }) else { return text }
      return "\"" + text.replacing("\"", with: "\"\"") + "\""
    default: return ""
    }
  }

  // MARK: Pages

  /// The table as pages show it.
  func context(_ strings: SiteStrings) -> TemplateContext {
    let shown = columns.indices.filter { columns[$0].isShown }
    return [
      "columns": shown.map { position in
        [
          "label": strings.format("statistics.column.\(columns[position].key)", [:]),
          "number": rows.first?[position].isNumber ?? false,
        ] as TemplateContext
      },
      "rows": rows.map { row in
        [
          "cells": shown.map { position in
            [
              "text": row[position].text(strings), "number": row[position].isNumber,
              "head": position == shown.first,
            ] as TemplateContext
          }
        ] as TemplateContext
      },
    ]
  }
}

extension FigureTable.Value {
  fileprivate var json: JSONValue {
    switch self {
    case .count(let number), .year(let number), .rupiah(let number): .integer(number)
    case .dollars(let thousands): .integer(thousands * 1000)
    case .month(let month):
      .string("\(month / 12)-\(month % 12 < 9 ? "0" : "")\(month % 12 + 1)")
    case .term(let term, _), .word(let term, _), .text(let term): .string(term)
    }
  }

  fileprivate var isNumber: Bool {
    switch self {
    case .count, .dollars, .rupiah: true
    case .year, .month, .term, .word, .text: false
    }
  }

  /// As people read it in a language.
  func text(_ strings: SiteStrings) -> String {
    switch self {
    case .count(let number): strings.format(number)
    case .year(let year): String(year)
    case .month(let month): "\(strings.months[month % 12]) \(month / 12)"
    case .dollars(let thousands): strings.format(dollars: thousands)
    case .rupiah(let rupiah): strings.format(rupiah: rupiah)
    case .term(_, let words): words.texts[strings.language] ?? words["en"]
    case .word(_, let key): strings.format(key, [:])
    case .text(let text): text
    }
  }
}
