/// Text made safe for HTML, in elements and in quoted attributes alike.
package enum HTML {
  package static func escaped(_ text: String) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    append(text.utf8, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  package static func append(_ text: some Collection<UInt8>, to page: inout [UInt8]) {
    let isContiguous: Void? = text.withContiguousStorageIfAvailable { append($0, to: &page) }
    if isContiguous == nil { Array(text).withUnsafeBufferPointer { append($0, to: &page) } }
  }

  private static func append(_ text: UnsafeBufferPointer<UInt8>, to page: inout [UInt8]) {
    // Names and numbers rarely need an escape.
    guard text.contains(where: isSpecial) else {
      page.append(contentsOf: text)
      return
    }
    for byte in text {
      switch byte {
      case UInt8(ascii: "<"): page.append(contentsOf: "&lt;".utf8)
      case UInt8(ascii: ">"): page.append(contentsOf: "&gt;".utf8)
      case UInt8(ascii: "&"): page.append(contentsOf: "&amp;".utf8)
      case UInt8(ascii: "\""): page.append(contentsOf: "&quot;".utf8)
      case UInt8(ascii: "'"): page.append(contentsOf: "&#39;".utf8)
      default: page.append(byte)
      }
    }
  }

  private static func isSpecial(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"), UInt8(ascii: "\""),
      UInt8(ascii: "'"):
      true
    default: false
    }
  }
}

/// Text made safe for XML, in elements and in quoted attributes alike.
package enum XML {
  /// Escapes what has a meaning, and replaces what XML 1.0 cannot hold at all.
  package static func escaped(_ text: String) -> String {
    let scalars = text.unicodeScalars.map { scalar -> Unicode.Scalar in
      switch scalar.value {
      case 0x09, 0x0A: scalar
      case ..<0x20, 0xFFFE, 0xFFFF: "\u{FFFD}"
      default: scalar
      }
    }
    return HTML.escaped(String(String.UnicodeScalarView(scalars)))
  }
}
