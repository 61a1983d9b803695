/// A piece of registry text: UTF-8, NFC, trimmed, single spaces, without control characters.
///
/// It is a slice of the bytes that its shard was read into, so reading a row allocates nothing.
public struct Text: Sendable {
  public let bytes: ArraySlice<UInt8>

  /// Takes bytes in this form.
  package init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
  }

  /// Takes a text that is in this form already, such as one that was printed before.
  public init(_ string: String) {
    self.init(Array(string.utf8)[...])
  }

  public var isEmpty: Bool { bytes.isEmpty }

  public var string: String { String(decoding: bytes, as: UTF8.self) }
}

extension Text: Hashable {
  public static func == (left: Text, right: Text) -> Bool {
    left.bytes.elementsEqual(right.bytes)
  }

  public func hash(into hasher: inout Hasher) {
    bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
  }
}

extension Text: ExpressibleByStringLiteral {
  public init(stringLiteral value: String) {
    self.init(Array(value.utf8)[...])
  }
}

extension Text: CustomStringConvertible {
  public var description: String { string }
}
