import Mustache

/// Text made safe for HTML, in elements and in quoted attributes alike.
package enum HTML {
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
}

extension HTML {
  private static func isSpecial(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"), UInt8(ascii: "\""),
      UInt8(ascii: "'"):
      true
    default: false
    }
  }
}

/// Escapes what templates show.
///
/// The library's own escaping goes by characters, in which a quote with a combining mark behind it
/// is no quote; browsers go by code points. So every template names this content type instead.
package struct HTMLText: MustacheContentType {
  private static let name = "CANTING_HTML"

  /// What stands before every template.
  package static let pragma = "{{% CONTENT_TYPE: \(name)}}"

  package static func register() {
    MustacheContentTypes.register(HTMLText(), named: name)
  }

  package func escapeText(_ text: String) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    HTML.append(text.utf8, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }
}
