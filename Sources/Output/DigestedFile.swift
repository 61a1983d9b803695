import Proof

/// The form of files that the program keeps for itself: a line that names kind and version, 64-bit words
/// with their highest byte first, perhaps other bytes, and SHA-256 of all that.
package enum DigestedFile {
  package static func bytes(
    _ heading: [UInt8], _ words: [UInt64], _ rest: [UInt8] = []
  ) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(heading.count + words.count * 8 + rest.count + 32)
    forEachPiece(heading, words, rest) { bytes += $0 }
    return bytes
  }

  /// Gives the bytes in pieces, since a million certificates make some forty megabytes.
  package static func forEachPiece(
    _ heading: [UInt8], _ words: some Sequence<UInt64>, _ rest: [UInt8] = [],
    _ visit: ([UInt8]) throws -> Void
  ) rethrows {
    var hash = Digest.Hash()
    var piece = heading
    for word in words {
      withUnsafeBytes(of: word.bigEndian) { piece.append(contentsOf: $0) }
      if piece.count > 1 << 18 {
        hash.add(piece)
        try visit(piece)
        piece.removeAll(keepingCapacity: true)
      }
    }
    piece += rest
    hash.add(piece)
    try visit(piece + hash.digest.bytes)
  }

  /// What stands behind the heading; nil for a file that was cut or changed, or is another's.
  package static func content(_ file: [UInt8], _ heading: [UInt8]) -> ArraySlice<UInt8>? {
    let end = file.count - 32
    guard file.starts(with: heading), end >= heading.count,
      Digest(hashing: file[..<end]).bytes[...] == file[end...]
    else { return nil }
    return file[heading.count..<end]
  }

  /// The words in some bytes, as many as are whole.
  package static func words(_ bytes: ArraySlice<UInt8>) -> [UInt64] {
    bytes.withUnsafeBytes { buffer in
      (0..<buffer.count / 8).map {
        UInt64(bigEndian: buffer.loadUnaligned(fromByteOffset: $0 * 8, as: UInt64.self))
      }
    }
  }

  /// The words of records that have so many each, record by record; nil where the last is cut.
  package static func records<Record>(
    _ words: ArraySlice<UInt64>, of width: Int, _ make: (ArraySlice<UInt64>) -> Record
  ) -> [Record]? {
    guard words.count.isMultiple(of: width) else { return nil }
    return stride(from: words.startIndex, to: words.endIndex, by: width).map {
      make(words[$0..<$0 + width])
    }
  }
}

extension Array {
  /// The position of the first element of a sorted array that does not come before a place in it.
  ///
  /// - Parameter precedes: whether an element comes before that place.
  @inlinable
  package func sortedPosition(_ precedes: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if precedes(self[middle]) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
