import Foundation
import Input
public import Project
public import Proof
import Registry

/// Which certificates get a label.
public struct LabelList: Sendable {
  /// What a label says of one certificate.
  public struct Label: Sendable {
    let number: String
    /// The 32 digits of the code.
    let code: [UInt8]
  }

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

  public let labels: [Label]
  /// How many certificates met the conditions and are not in force.
  public let notInForce: Int

  /// Reads the registry and takes the certificates that meet every condition and are in force.
  public init(
    _ project: Project, fingerprints: Fingerprints, conditions: [Condition]
  ) {
    var labels: [Label] = []
    var notInForce = 0
    for shard in project.registry.shards {
      for certificate in project.registry.certificates(in: shard)
      where conditions.allSatisfy({ Self.meets($0, certificate, project) }) {
        guard certificate.status == .valid, certificate.expires >= project.today else {
          notInForce += 1
          continue
        }
        labels.append(
          Label(
            number: certificate.number.string,
            code: Array(fingerprints[certificate.ordinal].code.hex)))
      }
    }
    self.labels = labels
    self.notInForce = notInForce
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
