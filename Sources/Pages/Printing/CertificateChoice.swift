import Foundation
import Input
public import Project
public import Proof
package import Registry

/// Which certificates are printed: those in force that meet every condition.
public struct CertificateChoice: Sendable {
  /// A condition such as `scheme=PBT`; any of the values will do.
  public struct Condition: Sendable {
    public enum Field: String, Sendable, CaseIterable {
      case batch, scheme, province, issued, number
    }

    public let field: Field
    public let values: [String]

    public init(field: Field, values: [String]) {
      self.field = field
      self.values = values
    }

    /// Reads `field=value,value`; nil where it is none.
    public init?(_ text: String) {
      guard let sign = text.firstIndex(of: "="), let field = Field(rawValue: String(text[..<sign]))
      else { return nil }
      let values = text[text.index(after: sign)...].split(separator: ",").map {
        $0.trimmingCharacters(in: .whitespaces)
      }
      guard !values.isEmpty else { return nil }
      self.init(field: field, values: values)
    }
  }

  /// In the order of the registry.
  package let certificates: [Certificate]
  public var count: Int { certificates.count }
  /// How many certificates met the conditions and are not in force.
  public let notInForce: Int

  /// Reads the registry and takes the certificates that meet every condition and are in force.
  ///
  /// - Parameters:
  ///   - known: codes of certificates that are left out.
  ///   - copies: how often each is printed.
  public init(
    _ project: Project, fingerprints: Fingerprints, conditions: [Condition],
    known: Set<CertificateCode> = [], copies: Int = 1
  ) {
    var certificates: [Certificate] = []
    var notInForce = 0
    for shard in project.registry.shards {
      for certificate in project.registry.certificates(in: shard)
      where conditions.allSatisfy({ Self.meets($0, certificate, project) })
        && !known.contains(fingerprints[certificate.ordinal].code)
      {
        guard certificate.status == .valid, certificate.expires >= project.today else {
          notInForce += 1
          continue
        }
        certificates += repeatElement(certificate, count: copies)
      }
    }
    self.certificates = certificates
    self.notInForce = notInForce
  }

  /// The codes of what is printed.
  public func codes(_ fingerprints: Fingerprints) -> [CertificateCode] {
    certificates.map { fingerprints[$0.ordinal].code }
  }

  /// The number of the first certificate whose holder's name has letters that no font of this machine has.
  public func unwritable(_ maker: PictureMaker) -> String? {
    certificates.first { !maker.canWrite($0.holder.string) }?.number.string
  }

  private static func meets(
    _ condition: Condition, _ certificate: Certificate, _ project: Project
  ) -> Bool {
    condition.values.contains { value in
      switch condition.field {
      case .batch: certificate.row.batch?.string == value
      case .province: certificate.row.province?.string.lowercased() == value.lowercased()
      case .scheme:
        project.registry.schemes[certificate.scheme].code.lowercased() == value.lowercased()
      case .issued: certificate.issued.description.hasPrefix(value)
      case .number: certificate.number.string == value
      }
    }
  }
}
