import Diagnostics
import Files
import Input
import Layout
import Proof
import SystemPackage

/// The signed lists of revoked and suspended certificates in a site that was built.
struct BuiltStatusLists {
  /// The last day on which they are good; nil where there is no site, or lists that cannot be read.
  let end: CalendarDate?
  private let path: String

  init(of site: FilePath, displayPath path: String) throws(MachineFailure) {
    let list = StatusListFile(.credentials(.revocation), number: 0).path
    self.path = "\(path)/\(list)"
    let file = site.appending("\(list)")
    let limit = InputFile.Limit.list
    // What stands there instead of a file is found where the site is made.
    var passedOver = Findings()
    guard
      try InputFile.isFit(file, displayPath: self.path, limit: limit, findings: &passedOver),
      let bytes = try SourceFile.readBytes(file, displayPath: self.path, limit: limit)
    else {
      end = nil
      return
    }
    end = Self.end(bytes)
  }

  private static func end(_ bytes: [UInt8]) -> CalendarDate? {
    do {
      guard case .object(let members) = try JSONParser.parse(bytes),
        case .string(let text) = members["validUntil"]
      else { return nil }
      return CalendarDate(moment: text)
    } catch {
      // A damaged site is found where it is compared with what a build would write.
      return nil
    }
  }

  /// A warning once they are over.
  func finding(today: CalendarDate) -> Diagnostic? {
    guard let end, end < today else { return nil }
    return Diagnostic(
      "status-lists-over", .warning, at: SourceLocation(path: path),
      message: "The signed lists of revoked and suspended certificates were good until \(end)",
      hint: "build and publish: until then nobody can check whether a certificate was revoked")
  }
}
