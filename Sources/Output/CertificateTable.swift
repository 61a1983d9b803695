package import Files
package import Proof

/// What is remembered of each certificate, found by its code.
package struct CertificateTable: Sendable, Equatable {
  /// One certificate, as its files were made.
  package struct Entry: Sendable, Equatable {
    package let code: CertificateCode
    /// Of what registry and log say of it beside its record.
    package let inputs: UInt64
    /// Of the template of its page's variant.
    package let template: UInt64
    /// Of its files, joined in their order.
    package let signature: StatSignature

    package init(code: CertificateCode, inputs: UInt64, template: UInt64, signature: StatSignature)
    {
      self.code = code
      self.inputs = inputs
      self.template = template
      self.signature = signature
    }

    fileprivate func precedes(_ other: CertificateCode) -> Bool {
      code.high != other.high ? code.high < other.high : code.low < other.low
    }
  }

  /// By rising code.
  package let entries: [Entry]

  package init(_ entries: consuming [Entry]) {
    entries.sort { $0.precedes($1.code) }
    self.entries = entries
  }

  /// What is known of a certificate.
  package func entry(_ code: CertificateCode) -> Entry? { position(of: code).map { entries[$0] } }

  /// Where it is among the entries.
  package func position(of code: CertificateCode) -> Int? {
    let position = entries.sortedPosition { $0.precedes(code) }
    return position < entries.count && entries[position].code == code ? position : nil
  }

  // MARK: As words

  /// Words of each entry.
  static let width = 5

  /// How many entries there are, and five words of each, by rising code.
  var words: some Sequence<UInt64> {
    (-1..<entries.count).lazy.flatMap { position -> [UInt64] in
      if position < 0 { return [UInt64(entries.count)] }
      let entry = entries[position]
      return [
        entry.code.high, entry.code.low, entry.inputs, entry.template, entry.signature.value,
      ]
    }
  }

  /// Reads what `words` gave; nil when it was cut.
  init?(words: ArraySlice<UInt64>) {
    guard words.first == UInt64(words.count / Self.width) else { return nil }
    let read = DigestedFile.records(words.dropFirst(), of: Self.width) { words in
      let start = words.startIndex
      return Entry(
        code: CertificateCode(high: words[start], low: words[start + 1]), inputs: words[start + 2],
        template: words[start + 3], signature: StatSignature(value: words[start + 4]))
    }
    guard let read else { return nil }
    entries = read
  }
}
