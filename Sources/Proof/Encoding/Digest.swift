import Crypto

/// 32 bytes of SHA-256, kept as four words: a million of them lie in one block of memory.
public struct Digest: Sendable {
  private let words: (UInt64, UInt64, UInt64, UInt64)

  /// The first eight bytes, big-endian.
  package var high: UInt64 { words.0 }
  /// The second eight bytes, big-endian.
  package var low: UInt64 { words.1 }

  /// The hash of some bytes, with others in front of them that keep purposes apart.
  public init(prefix: some Collection<UInt8> = [], hashing bytes: some Collection<UInt8>) {
    var hash = SHA256()
    Self.update(&hash, with: prefix)
    Self.update(&hash, with: bytes)
    self.init(hash.finalize())
  }

  private static func update(_ hash: inout SHA256, with bytes: some Collection<UInt8>) {
    let isContiguous: Void? = bytes.withContiguousStorageIfAvailable {
      hash.update(bufferPointer: UnsafeRawBufferPointer($0))
    }
    if isContiguous == nil { hash.update(data: Array(bytes)) }
  }

  init(_ digest: SHA256.Digest) {
    self = digest.withUnsafeBytes { Digest(words: $0) }
  }

  /// Takes exactly 32 bytes.
  public init?(bytes: some Collection<UInt8>) {
    guard bytes.count == 32 else { return nil }
    self = Array(bytes).withUnsafeBytes { Digest(words: $0) }
  }

  /// Reads 64 lowercase hexadecimal digits and nothing else.
  public init?(hex: some StringProtocol) {
    self.init(hexDigits: Array(hex.utf8)[...])
  }

  /// The same in ASCII.
  init?(hexDigits digits: ArraySlice<UInt8>) {
    guard digits.count == 64 else { return nil }
    let words: (UInt64, UInt64, UInt64, UInt64)? = digits.withUnsafeBufferPointer { digits in
      var wrong: UInt8 = 0
      func word(_ start: Int) -> UInt64 {
        var word: UInt64 = 0
        for position in start..<start + 16 {
          let value = Hex.value(digits[position])
          wrong |= value
          word = word << 4 | UInt64(value & 15)
        }
        return word
      }
      let (first, second, third, last) = (word(0), word(16), word(32), word(48))
      guard wrong < 16 else { return nil }
      return (first, second, third, last)
    }
    guard let words else { return nil }
    self.words = words
  }

  /// The hash of a byte and two digests, as trees make it.
  init(prefix: UInt8, _ left: Digest, _ right: Digest) {
    self = withUnsafeTemporaryAllocation(byteCount: 65, alignment: 8) { buffer in
      buffer[0] = prefix
      left.store(to: buffer, at: 1)
      right.store(to: buffer, at: 33)
      var hash = SHA256()
      hash.update(bufferPointer: UnsafeRawBufferPointer(buffer))
      return Digest(hash.finalize())
    }
  }

  private func store(to buffer: UnsafeMutableRawBufferPointer, at start: Int) {
    buffer.storeBytes(of: words.0.bigEndian, toByteOffset: start, as: UInt64.self)
    buffer.storeBytes(of: words.1.bigEndian, toByteOffset: start + 8, as: UInt64.self)
    buffer.storeBytes(of: words.2.bigEndian, toByteOffset: start + 16, as: UInt64.self)
    buffer.storeBytes(of: words.3.bigEndian, toByteOffset: start + 24, as: UInt64.self)
  }

  /// Takes the first 32 bytes of at least so many.
  init(words bytes: UnsafeRawBufferPointer) {
    func word(_ index: Int) -> UInt64 {
      UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
    }
    words = (word(0), word(1), word(2), word(3))
  }

  /// The 32 bytes.
  public var bytes: [UInt8] {
    [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
      store(to: UnsafeMutableRawBufferPointer(buffer), at: 0)
      count = 32
    }
  }

  /// 64 lowercase hexadecimal digits in ASCII.
  public var hex: [UInt8] {
    [UInt8](unsafeUninitializedCapacity: 64) { buffer, count in
      for (number, word) in [words.0, words.1, words.2, words.3].enumerated() {
        for position in 0..<16 {
          let nibble = UInt8(truncatingIfNeeded: word >> UInt64(60 - position * 4)) & 15
          buffer[number * 16 + position] = Hex.digit(nibble)
        }
      }
      count = 64
    }
  }
}

extension Digest {
  /// Takes bytes a piece at a time.
  package struct Hash: Sendable {
    private var hash = SHA256()

    package init() {}

    package mutating func add(_ bytes: some Collection<UInt8>) {
      Digest.update(&hash, with: bytes)
    }

    package var digest: Digest { Digest(hash.finalize()) }
  }
}

extension Digest: Hashable {
  public static func == (left: Digest, right: Digest) -> Bool {
    left.words == right.words
  }

  public func hash(into hasher: inout Hasher) {
    // The words are a hash already; two of them tell digests apart in any table.
    hasher.combine(words.0)
    hasher.combine(words.1)
  }
}

extension Digest: Comparable {
  /// By their bytes.
  public static func < (left: Digest, right: Digest) -> Bool { left.words < right.words }
}

extension Digest: CustomStringConvertible {
  public var description: String { String(decoding: hex, as: UTF8.self) }
}

extension Digest.Hash {
  /// Adds a text and its length, so that texts in a row cannot be mistaken for others.
  package mutating func add(_ text: String) {
    add(Array("\(text.utf8.count):".utf8))
    add(Array(text.utf8))
  }
}
