import ArgumentParser
import Diagnostics
import Foundation
import Layout
import Proof
import Verification

extension Verify {
  /// A line of `verify --batch`.
  private struct Line: Encodable {
    /// The line of the list, counted from 1.
    let line: Int
    let certificate: String
    let outcome: Outcome
    /// The verdict as one sentence.
    let sentence: String
  }

  private static let columns = ["code", "fingerprint", "address", "certificate"]

  /// Checks every certificate of a list, and ends with the highest of all exit codes.
  func verifyAll(of name: String, with verifier: CertificateVerifier) async throws {
    let rows = try list(name)
    var (worst, count) = (ExitStatus.done, 0)
    var lines: [Line] = []
    if options.format == .csv { print(csv: Self.headings) }
    for (line, text) in rows {
      let verification = await verify(text, with: verifier)
      let outcome = outcome(of: verification)
      let status = Self.status(of: verification.verdict)
      if status.rawValue > worst.rawValue { worst = status }
      if status == .done { count += 1 }
      let sentence = Self.sentence(for: verification)
      switch options.format {
      case .csv: print(csv: Self.cells(line, text, outcome, sentence))
      case .json:
        lines.append(Line(line: line, certificate: text, outcome: outcome, sentence: sentence))
      case .text: Terminal.standardOutput("\(line): \(visible(text)): \(visible(sentence))")
      }
    }
    if options.format == .json { try Terminal.printJSON(lines) }
    if options.format == .text, !options.quiet {
      Terminal.standardOutput(
        "\(grouped(count)) of \(grouped(rows.count)) are genuine and valid")
    }
    if worst != .done { throw worst.code }
  }

  private func verify(_ text: String, with verifier: CertificateVerifier) async -> Verification {
    switch VerificationTarget(text) {
    case .code(let code): await verifier.verify(code)
    case .fingerprint(let fingerprint):
      await verifier.verify(fingerprint.code, fingerprint: fingerprint)
    case .address(let code, let fingerprint, let host):
      await verifier.verify(code, fingerprint: fingerprint, host: host)
    case .unreadable(let problem): .impossible("code", problem.explanation)
    // A list comes from elsewhere: it names no files of this machine.
    case .file: .impossible("code", "it is no code, fingerprint or address")
    }
  }

  /// What stands in the list's column of certificates, with the lines.
  private func list(_ name: String) throws -> [(line: Int, text: String)] {
    let bytes = try options.read(name, limit: 16 << 20)
    let records = CodeTable.records(String(decoding: bytes, as: UTF8.self))
    guard let heading = records.first else {
      throw ValidationError("the list \(visible(name)) is empty")
    }
    let names = heading.fields.map { $0.trimmingCharacters(in: .whitespaces).lowercased() }
    let column = Self.columns.lazy.compactMap { names.firstIndex(of: $0) }.first ?? 0
    return records.dropFirst().compactMap { record in
      guard record.fields.indices.contains(column) else { return nil }
      let text = record.fields[column].trimmingCharacters(in: .whitespaces)
      return text.isEmpty ? nil : (record.line, text)
    }
  }

  // MARK: CSV

  private static let headings = [
    "line", "certificate", "verdict", "whole", "cause", "number", "holder", "issued", "expires",
    "fingerprint", "sentence",
  ]

  private static func cells(
    _ line: Int, _ text: String, _ outcome: Outcome, _ sentence: String
  ) -> [String] {
    [
      String(line), text, outcome.verdict.rawValue, String(outcome.isWhole),
      outcome.cause?.rawValue ?? "", outcome.number ?? "", outcome.holder ?? "",
      outcome.issued ?? "", outcome.expires ?? "", outcome.fingerprint ?? "", sentence,
    ]
  }

  /// Prints a line of RFC 4180. A cell that a spreadsheet would run as a formula begins with an apostrophe.
  private func print(csv cells: [String]) {
    let quoted = cells.map { cell in
      let safe = visible(cell)
      let text = safe.first.map { "=+-@".contains($0) } == true ? "'" + safe : safe
      return text.contains { ",\"\r\n".contains($0) }
        ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
    }
    Terminal.standardOutput(quoted.joined(separator: ","))
  }
}

/// A table of CSV by RFC 4180, with comma, semicolon or tab.
private enum CodeTable {
  struct Record {
    /// Where it begins, counted from 1.
    let line: Int
    var fields: [String]
  }

  static func records(_ text: String) -> [Record] {
    let scalars = text.unicodeScalars.drop { $0 == "\u{FEFF}" }
    let first = scalars.prefix { $0 != "\n" }
    let separator = ([";", "\t"] as [Unicode.Scalar]).first { first.contains($0) } ?? ","
    var records: [Record] = []
    var (line, start, field, fields) = (1, 1, "".unicodeScalars, [String]())
    var (isQuoted, wasQuote) = (false, false)
    func end() {
      fields.append(String(field))
      field = "".unicodeScalars
    }
    for scalar in scalars {
      if scalar == "\n" { line += 1 }
      switch scalar {
      case "\"" where !isQuoted && wasQuote:
        // Two quotes within quotes are one.
        field.append(scalar)
        (isQuoted, wasQuote) = (true, false)
      case "\"":
        wasQuote = isQuoted
        isQuoted.toggle()
      case separator where !isQuoted:
        end()
        wasQuote = false
      case "\n" where !isQuoted:
        end()
        records.append(Record(line: start, fields: fields))
        (start, fields, wasQuote) = (line, [], false)
      case "\r" where !isQuoted: wasQuote = false
      default:
        field.append(scalar)
        wasQuote = false
      }
    }
    if !field.isEmpty || !fields.isEmpty {
      end()
      records.append(Record(line: start, fields: fields))
    }
    return records.filter { $0.fields.contains { !$0.isEmpty } }
  }
}
