import Foundation

/// What becomes of a link or picture on the page.
public enum LinkResolution: Sendable, Hashable {
  case asWritten
  /// An address of this site.
  case address(String)
  /// A page of somebody else's, who shall not learn from where it was visited.
  case elsewhere(String)
  /// A picture of this site.
  case picture(ShownPicture)
  /// A file to keep, and what kind it is and how large, as in `PDF, 24 kB`.
  case document(String, String)
  /// The rows of a CSV file.
  case table(Table)
  /// The words alone, since there is nothing to lead to.
  case textAlone
}

/// What a link may point at.
public enum LinkSafety {
  /// Whether a destination is relative or has a scheme that only leads somewhere.
  static func isSafe(_ destination: String) -> Bool {
    guard let scheme = scheme(of: destination) else { return true }
    // A control within the scheme makes another address of it than the one that is read here.
    return ["http", "https", "mailto", "tel", CertificateLinks.scheme].contains(scheme)
      && destination.lowercased().hasPrefix(scheme + ":")
  }

  /// Whether a destination is on this site, so that a browser asks nobody else for it.
  static func isOwn(_ destination: String) -> Bool {
    // Browsers pass over white space and controls, and read a backslash as a slash.
    let start = destination.unicodeScalars.lazy.filter(isRead).prefix(2)
      .map { $0 == "\\" ? "/" : $0 }
    return scheme(of: destination) == nil && Array(start) != ["/", "/"]
  }

  private static func isRead(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value > 0x20 && scalar.value != 0x7F
  }

  /// The lowercase scheme, reading through the white space and controls that browsers ignore.
  public static func scheme(of destination: String) -> String? {
    let plain = destination.unicodeScalars.filter(isRead)
    guard let colon = plain.firstIndex(of: ":") else { return nil }
    let head = plain[..<colon]
    guard !head.contains(where: { "/?#".unicodeScalars.contains($0) }) else { return nil }
    return head.map { String($0) }.joined().lowercased()
  }
}

extension Markdown.Link {
  /// The file of the project that a relative destination names, as seen from a text; nil for an
  /// address.
  public func file(from path: String) -> String? {
    guard LinkSafety.isOwn(destination) else { return nil }
    let end = destination.firstIndex { $0 == "?" || $0 == "#" } ?? destination.endIndex
    let written = String(destination[..<end])
    let plain = written.removingPercentEncoding ?? written
    guard !plain.isEmpty, !plain.hasPrefix("/"), !plain.hasPrefix("\\") else { return nil }
    var parts = path.split(separator: "/").dropLast().map(String.init)
    for part in plain.split(separator: "/") {
      switch part {
      case ".": continue
      case "..":
        if parts.popLast() == nil { return nil }
      default: parts.append(String(part))
      }
    }
    return parts.joined(separator: "/")
  }

  /// The CSV file that an image names, which is shown as a table; nil for any other link.
  public func table(from path: String) -> String? {
    guard isImage, let file = file(from: path), file.lowercased().hasSuffix(".csv") else {
      return nil
    }
    return file
  }

  /// The certificate that a `cert:` link names, as written.
  public var certificate: String? {
    guard LinkSafety.scheme(of: destination) == CertificateLinks.scheme,
      let colon = destination.firstIndex(of: ":")
    else { return nil }
    let written = String(destination[destination.index(after: colon)...])
    let plain = written.removingPercentEncoding ?? written
    return plain.replacing("_", with: " ").trimmingCharacters(in: .whitespaces)
  }
}
