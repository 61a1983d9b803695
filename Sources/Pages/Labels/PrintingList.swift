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

  private static let heading =
    "number,holder,code,fingerprint,address,code_in_groups,revision,scheme,title_en,title_id,issued,expires,batch"

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
    try write(Array("\(Self.heading)\r\n".utf8))
    var codes: [CertificateCode] = []
    for shard in project.registry.shards {
      var rows: [UInt8] = []
      for certificate in project.registry.certificates(in: shard) {
        let fingerprint = fingerprints[certificate.ordinal]
        guard isWanted(certificate), !known.contains(fingerprint.code) else { continue }
        codes.append(fingerprint.code)
        rows += row(certificate, fingerprint).map(Self.quoted).joined(separator: [UInt8(ascii: ",")]
        )
        rows += "\r\n".utf8
      }
      try write(rows)
    }
    return codes
  }

  private func isWanted(_ certificate: Certificate) -> Bool {
    if let since, certificate.issued < since { return false }
    return batches.isEmpty || certificate.row.batch.map { batches.contains($0.string) } ?? false
  }

  private func row(_ certificate: Certificate, _ fingerprint: Fingerprint) -> [String] {
    let scheme = project.registry.schemes[certificate.scheme]
    let title = scheme.editions.all[certificate.schemeEdition].value.title
    let code = fingerprint.code
    return [
      certificate.number.string, certificate.holder.string, "\(code)", "\(fingerprint)",
      "\(project.configuration.url)/\(code.folder)/", Self.inGroups(code),
      "\(certificate.revision)",
      scheme.code, title["en"], title["id"], "\(certificate.issued)", "\(certificate.expires)",
      certificate.row.batch?.string ?? "",
    ]
  }

  /// A code as it is printed, in groups of four.
  private static func inGroups(_ code: CertificateCode) -> String {
    let digits = Array("\(code)")
    return stride(from: 0, to: digits.count, by: 4).map { String(digits[$0..<$0 + 4]) }
      .joined(separator: " ")
  }

  private static func quoted(_ field: String) -> [UInt8] {
    guard field.utf8.contains(where: { $0 == 0x22 || $0 == 0x2C || $0 < 0x20 }) else {
      return Array(field.utf8)
    }
    return Array("\"\(field.replacing("\"", with: "\"\""))\"".utf8)
  }
}
