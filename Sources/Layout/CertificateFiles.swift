package import Proof

/// The files that a certificate may have in its folder.
public struct CertificateFiles: OptionSet, Sendable, Hashable {
  public let rawValue: UInt8

  public init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  /// `record.json`, the bytes that the code is the hash of.
  public static let record = CertificateFiles(rawValue: 1)
  /// `credential.json`, signed.
  public static let credential = CertificateFiles(rawValue: 2)
  /// `index.html`, for people.
  public static let page = CertificateFiles(rawValue: 4)
  /// `badge.json`, signed, for wallets.
  public static let badge = CertificateFiles(rawValue: 32)

  /// `index.html.gz` and `index.html.br`, for hosts that send what was compressed beforehand.
  package static let pageGzip = CertificateFiles(rawValue: 8)
  package static let pageBrotli = CertificateFiles(rawValue: 16)

  /// What a certificate gets unless the settings say otherwise.
  public static let usual: CertificateFiles = [.record, .credential, .page]

  /// Each kind in the order of writing: a page never offers a record that is not there.
  package static let inOrder: [(kind: CertificateFiles, name: String)] = [
    (.record, "record.json"), (.credential, "credential.json"), (.badge, "badge.json"),
    (.page, "index.html"),
    (.pageGzip, "index.html.gz"), (.pageBrotli, "index.html.br"),
  ]

  /// The kind of a file by its name.
  package init?(name: some Collection<UInt8>) {
    guard let found = Self.inOrder.first(where: { $0.name.utf8.elementsEqual(name) }) else {
      return nil
    }
    self = found.kind
  }

  /// Whose file a path is, and which.
  ///
  /// - Returns: nil for a path that is no certificate's.
  package static func parts(of path: OutputPath) -> (CertificateCode, CertificateFiles)? {
    let parts = path.bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard parts.count == 4, parts[1].count == 2,
      parts[0].elementsEqual(SiteFolder.certificates.rawValue.utf8),
      let code = CertificateCode(hex: String(decoding: parts[1] + parts[2], as: UTF8.self)),
      let kind = CertificateFiles(name: parts[3])
    else { return nil }
    return (code, kind)
  }

  package var count: Int { rawValue.nonzeroBitCount }

  /// Those that there are, in the order of writing.
  package var each: [(kind: CertificateFiles, name: String)] {
    Self.inOrder.filter { contains($0.kind) }
  }

  /// Their names.
  package var names: [String] { each.map(\.name) }
}
