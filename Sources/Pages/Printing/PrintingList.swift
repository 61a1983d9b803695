public import Input
public import Project
public import Proof
import Registry

/// The list that printing needs: number, holder, code, fingerprint, address, scheme, days, batch.
public struct PrintingList {
  /// Codes of batches; empty for all certificates.
  public var batches: Set<String> = []
  /// The first day of issue; nil for all.
  public var since: CalendarDate?
  /// Codes of certificates that are left out.
  public var known: Set<CertificateCode> = []

  private static let columns: [(name: String, width: Int)] = [
    ("number", 28), ("holder", 32), ("code", 36), ("fingerprint", 20), ("address", 40),
    ("code_in_groups", 42), ("revision", 8), ("scheme", 10), ("title_en", 28), ("title_id", 28),
    ("issued", 12), ("expires", 12), ("batch", 14),
  ]

  private let project: Project
  private let fingerprints: Fingerprints

  public init(_ project: Project, fingerprints: Fingerprints) {
    self.project = project
    self.fingerprints = fingerprints
  }

  /// Writes the list as RFC 4180 CSV in the registry's order.
  ///
  /// - Parameter write: gets the rows' bytes, some at a time.
  /// - Returns: the codes of the certificates in the list.
  /// - Throws: what `write` throws.
  public func csv(write: ([UInt8]) throws -> Void) rethrows -> [CertificateCode] {
    try write(Array("\(Self.columns.map(\.name).joined(separator: ","))\r\n".utf8))
    var codes: [CertificateCode] = []
    for shard in project.registry.shards {
      var rows: [UInt8] = []
      for (certificate, fingerprint) in wanted(in: shard) {
        codes.append(fingerprint.code)
        rows += row(certificate, fingerprint).map(Self.quoted).joined(separator: [UInt8(ascii: ",")]
        )
        rows += "\r\n".utf8
      }
      try write(rows)
    }
    return codes
  }

  /// Why a list cannot be a workbook.
  public struct TooLong: Error {}

  /// The list as an Excel workbook, and the codes of the certificates in it.
  ///
  /// - Throws: `TooLong` where a sheet has no room for it, `MachineFailure` where the machine has none.
  public func workbook() throws -> (bytes: [UInt8], codes: [CertificateCode]) {
    var sheet = ListWorkbook(
      headings: Self.columns.map(\.name), widths: Self.columns.map(\.width))
    var codes: [CertificateCode] = []
    for shard in project.registry.shards {
      for (certificate, fingerprint) in wanted(in: shard) {
        guard sheet.rowCount < ListWorkbook.mostRows else { throw TooLong() }
        codes.append(fingerprint.code)
        sheet.append(row(certificate, fingerprint))
      }
    }
    return (try sheet.bytes(sheetName: "certificates"), codes)
  }

  private func wanted(in shard: Registry.Shard) -> [(Certificate, Fingerprint)] {
    project.registry.certificates(in: shard).compactMap { certificate in
      let fingerprint = fingerprints[certificate.ordinal]
      guard isWanted(certificate), !known.contains(fingerprint.code) else { return nil }
      return (certificate, fingerprint)
    }
  }

  private func isWanted(_ certificate: Certificate) -> Bool {
    if let since, certificate.issued < since { return false }
    return batches.isEmpty || certificate.row.batch.map { batches.contains($0.string) } ?? false
  }

  private func row(_ certificate: Certificate, _ fingerprint: Fingerprint) -> [ListWorkbook.Cell] {
    let scheme = project.registry.schemes[certificate.scheme]
    let title = scheme.editions.all[certificate.schemeEdition].value.title
    let code = fingerprint.code
    let texts = [
      certificate.number.string, certificate.holder.string, "\(code)", "\(fingerprint)",
      "\(project.configuration.url)/\(code.folder)/", Self.inGroups(code),
      "\(certificate.revision)", scheme.code, title["en"], title["id"],
    ]
    return texts.map { .text($0) } + [
      .day(certificate.issued), .day(certificate.expires),
      .text(certificate.row.batch?.string ?? ""),
    ]
  }

  /// A code as it is printed, in groups of four.
  private static func inGroups(_ code: CertificateCode) -> String {
    let digits = Array("\(code)")
    return stride(from: 0, to: digits.count, by: 4).map { String(digits[$0..<$0 + 4]) }
      .joined(separator: " ")
  }

  private static func quoted(_ cell: ListWorkbook.Cell) -> [UInt8] {
    let field: String
    switch cell {
    case .text(let text): field = text
    case .day(let day): field = day.description
    }
    guard field.utf8.contains(where: { $0 == 0x22 || $0 == 0x2C || $0 < 0x20 }) else {
      return Array(field.utf8)
    }
    return Array("\"\(field.replacing("\"", with: "\"\""))\"".utf8)
  }
}
