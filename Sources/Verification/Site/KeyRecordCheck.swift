import Diagnostics
import Proof

/// Compares a site's keys with those in the DNS.
enum KeyRecordCheck {
  /// How the comparison ended.
  enum Ending {
    case same(String)
    case differs(String)
    /// The DNS did not answer, or says nothing.
    case notRun(String)
  }

  /// - Parameters:
  ///   - keys: with their days, since the key in use alone has to be there.
  ///   - host: of the issuer.
  static func run(_ keys: IssuerKeys, host: String) -> Ending {
    let name = KeyRecords.name(host: host)
    do {
      let found = try TextRecords.read(name)
      guard KeyRecords.areStated(in: found) else {
        return .notRun("the DNS has no keys at \(name)")
      }
      let records = try KeyRecords(keys, origin: host + "/log")
      if let contradiction = records.contradiction(to: found) { return .differs(contradiction) }
      return .same("the DNS has the same keys at \(name)")
    } catch let failure as MachineFailure {
      return .notRun(failure.description)
    } catch {
      return .notRun("\(error)")
    }
  }
}
