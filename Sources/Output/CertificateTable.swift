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
    entries.flashSort(by: \.code.high) { $0.precedes($1.code) }
    self.entries = entries
  }

  /// What is known of a certificate.
  package func entry(_ code: CertificateCode) -> Entry? { position(of: code).map { entries[$0] } }

  /// Where it is among the entries.
  package func position(of code: CertificateCode) -> Int? {
    // Codes are spread evenly, so that a code's size tells nearly where it is.
    let guess = Int(code.high.multipliedFullWidth(by: UInt64(entries.count)).high)
    var low = 0
    var high = entries.count
    var step = 16
    if guess < high, entries[guess].precedes(code) {
      low = guess + 1
      while low + step < high, entries[low + step].precedes(code) {
        low += step + 1
        step *= 2
      }
      high = min(high, low + step + 1)
    } else {
      high = min(high, guess)
      while high - step > 0, !entries[high - step - 1].precedes(code) {
        high -= step + 1
        step *= 2
      }
      low = max(0, high - step - 1)
    }
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].precedes(code) { low = middle + 1 } else { high = middle }
    }
    guard low < entries.count, entries[low].code == code else { return nil }
    return low
  }

  // MARK: As bytes

  private static let entrySize = 40

  /// Gives five little-endian words an entry, in pieces.
  package func forEachPiece(_ visit: ([UInt8]) throws -> Void) rethrows {
    var piece: [UInt8] = []
    for entry in entries {
      let words = (
        entry.code.high.littleEndian, entry.code.low.littleEndian, entry.inputs.littleEndian,
        entry.template.littleEndian, entry.signature.value.littleEndian
      )
      withUnsafeBytes(of: words) { piece.append(contentsOf: $0) }
      if piece.count > 1 << 18 {
        try visit(piece)
        piece.removeAll(keepingCapacity: true)
      }
    }
    try visit(piece)
  }

  /// Reads what `forEachPiece` gave; nil when it was cut.
  package init?(_ bytes: ArraySlice<UInt8>) {
    guard bytes.count.isMultiple(of: Self.entrySize) else { return nil }
    entries = bytes.withUnsafeBytes { buffer in
      stride(from: 0, to: buffer.count, by: Self.entrySize).map { offset in
        func word(_ index: Int) -> UInt64 {
          UInt64(
            littleEndian: buffer.loadUnaligned(
              fromByteOffset: offset + index * 8, as: UInt64.self))
        }
        return Entry(
          code: CertificateCode(high: word(0), low: word(1)), inputs: word(2), template: word(3),
          signature: StatSignature(value: word(4)))
      }
    }
  }
}
