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
    guard hex.utf8.count == 64, let bytes = Hex.decode(Array(hex.utf8)) else { return nil }
    self.init(bytes: bytes)
  }

  private init(words bytes: UnsafeRawBufferPointer) {
    func word(_ index: Int) -> UInt64 {
      UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
    }
    words = (word(0), word(1), word(2), word(3))
  }

  /// The 32 bytes.
  public var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(32)
    for word in [words.0, words.1, words.2, words.3] {
      withUnsafeBytes(of: word.bigEndian) { bytes.append(contentsOf: $0) }
    }
    return bytes
  }

  /// 64 lowercase hexadecimal digits in ASCII.
  public var hex: [UInt8] { Hex.encode(bytes) }
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

extension Digest: CustomStringConvertible {
  public var description: String { String(decoding: hex, as: UTF8.self) }
}
