package import Diagnostics
package import Files
import Foundation
package import Layout
import Proof

/// What the last build of a site was made from, so that the next one makes only what changed.
///
/// An optimisation and nothing more: without it, or with a damaged one, a build makes every file
/// and compares it with the one that is there, and the site has the same bytes. It holds no text
/// and no signature, only digests; but it names certificates' codes, so that it lies beside the
/// project and never in the published folder.
package struct BuildCache: Sendable {
  /// A finding in a form that can be stored whole.
  fileprivate struct StoredFinding: Codable {
    let id, path, message, hint: String
    let isError: Bool
    var line, column: Int?
    var table, columnName: String?
    var row: Int64?
    var sheet, cell: String?
    let excerpt: String?
    let excerptColumn, excerptLength: Int?
  }

  /// All but the certificates.
  package struct Heading: Codable, Sendable {
    /// Names the program that made the site.
    package let tool: String
    /// Digits of `InputDigests.texts`, `.page` and the ledger's digest.
    package var texts: String
    package var page: String
    package var ledger = ""
    /// Digits of what credentials are made from beside registry and log.
    package var credentials: String
    /// The same of badges; nil for a site without them.
    package var badges: String?
    /// Files outside of the project's folders that were read.
    package var elsewhere: [String]
    /// The name of the site's time zone and the day of the build there.
    package var timeZone: String
    package var day: String
    /// Seconds since 1970 within which another build of the same inputs gives the same site.
    package var from: Int
    package var until: Int
    package var receipt = BuildReceipt()
    var notes: [String] = []
    /// Signatures of all files but the certificates', by path.
    package var files: [String: UInt64] = [:]
    /// The names of the files that each certificate has.
    package var certificateFiles: [String]
    fileprivate var findings: [StoredFinding] = []

    /// - Parameters:
    ///   - tool: names the program.
    ///   - page: digits of what certificates' pages are made from.
    ///   - credentials: the same of credentials.
    ///   - from: seconds since 1970, as `until`.
    package init(
      tool: String, texts: String, page: String, credentials: String, elsewhere: [String],
      timeZone: String, day: String, from: Int, until: Int, certificateFiles: [String]
    ) {
      self.tool = tool
      self.texts = texts
      self.page = page
      self.credentials = credentials
      self.elsewhere = elsewhere
      self.timeZone = timeZone
      self.day = day
      self.from = from
      self.until = until
      self.certificateFiles = certificateFiles
    }

    /// The findings of the build, which the next prints again.
    package var allFindings: Findings {
      get {
        var all = Findings()
        for finding in findings { all.add(finding.diagnostic) }
        for note in notes { all.note(note) }
        return all
      }
      set {
        findings = newValue.diagnostics.map { StoredFinding($0) }
        notes = newValue.notes
      }
    }
  }

  package var heading: Heading
  package let certificates: CertificateTable

  /// The signature of a file that is there as the build left it; nil where it is not.
  package func untouched(
    _ path: OutputPath, in folder: OutputWriter
  ) throws(MachineFailure) -> StatSignature? {
    guard let signature = try folder.signature(of: path),
      heading.files[path.text] == signature.value
    else { return nil }
    return signature
  }

  package init(_ heading: Heading, certificates: CertificateTable) {
    self.heading = heading
    self.certificates = certificates
  }

  // MARK: As a file

  private static let fileHeading = Array("canting cache, version 2\n".utf8)

  /// Gives the file's bytes in pieces: the certificates' words, and the heading as JSON.
  func forEachPiece(_ write: ([UInt8]) throws -> Void) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    try DigestedFile.forEachPiece(
      Self.fileHeading, certificates.words, [UInt8](encoder.encode(heading)), write)
  }

  /// Reads a file; nil when it was cut or changed, or is of another version.
  init?(_ file: [UInt8]) {
    guard let content = DigestedFile.content(file, Self.fileHeading), content.count >= 8 else {
      return nil
    }
    let count = DigestedFile.words(content.prefix(8))[0]
    guard count <= UInt64(content.count / 8 / CertificateTable.width) else { return nil }
    let words = content.prefix(8 + Int(count) * CertificateTable.width * 8)
    guard let table = CertificateTable(words: DigestedFile.words(words)[...]) else { return nil }
    certificates = table
    do {
      heading = try JSONDecoder().decode(Heading.self, from: Data(content.dropFirst(words.count)))
    } catch {
      return nil
    }
  }
}

extension BuildCache.StoredFinding {
  fileprivate init(_ finding: Diagnostic) {
    id = finding.id.name
    path = finding.location.path
    message = finding.message
    hint = finding.hint
    isError = finding.severity == .error
    excerpt = finding.excerpt?.line
    excerptColumn = finding.excerpt?.column
    excerptLength = finding.excerpt?.length
    switch finding.location.place {
    case .file: break
    case .line(let line, let column): (self.line, self.column) = (line, column)
    case .row(let table, let row, let column):
      (self.table, self.row, columnName) = (table, row, column)
    case .cell(let sheet, let cell): (self.sheet, self.cell) = (sheet, cell)
    }
  }

  fileprivate var diagnostic: Diagnostic {
    let place: SourceLocation.Place =
      if let line, let column {
        .line(line, column: column)
      } else if let table, let row {
        .row(table: table, row: row, column: columnName)
      } else if let sheet, let cell {
        .cell(sheet: sheet, cell: cell)
      } else {
        .file
      }
    return Diagnostic(
      DiagnosticID(stringLiteral: id), isError ? .error : .warning,
      at: SourceLocation(path: path, place: place), message: message, hint: hint,
      excerpt: excerpt.map {
        Excerpt(line: $0, column: excerptColumn ?? 1, length: excerptLength ?? 1)
      })
  }
}
