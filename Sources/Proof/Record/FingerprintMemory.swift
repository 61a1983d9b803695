import Diagnostics
import Foundation
import Input
public import Registry
public import SystemPackage

/// The fingerprints of an earlier build, each shard's beside a digest of all that it came from.
///
/// An optimisation and nothing more. A block of the file is a shard's: 32 bytes of the digest of its
/// sources, 64 for each certificate, and SHA-256 of the rest, so that a block that was cut, torn or
/// changed is as good as none, and blocks are replaced where they stand. It leads to every page, so it
/// lies beside the project and never in the published folder.
public struct FingerprintMemory: Sendable {
  private let file: FilePath
  /// Of all that records are made from beside the rows.
  private let context: Digest

  private static let entrySize = 64
  private static let frameSize = 64

  /// - Parameters:
  ///   - file: where it lies; made when it is not there.
  ///   - context: of program, schemes, issuer, batches, secret and settings.
  public init(_ file: FilePath, context: Digest) {
    self.file = file
    self.context = context
  }

  /// The digest of what a shard's fingerprints come from; nil where it cannot be taken.
  func source(ofShard position: Int, in registry: Registry) throws(MachineFailure) -> Digest? {
    try registry.source(ofShard: position).map { Digest(prefix: context.bytes, hashing: $0) }
  }

  /// What is remembered of a shard, if it came from the same sources.
  func entries(
    of shard: Registry.Shard, at position: Int, source: Digest
  ) -> [Fingerprints.Entry]? {
    let size = Self.frameSize + shard.ordinals.count * Self.entrySize
    let block: [UInt8]
    do {
      let descriptor = try FileDescriptor.open(
        file, .readOnly, options: [.closeOnExec, .nonBlocking])
      block = try descriptor.closeAfter {
        try [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
          count = try descriptor.read(
            fromAbsoluteOffset: Self.offset(of: shard, at: position),
            into: UnsafeMutableRawBufferPointer(buffer))
        }
      }
    } catch {
      // Then it is computed.
      return nil
    }
    guard block.count == size, block.starts(with: source.bytes),
      Digest(hashing: block[..<(size - 32)]).bytes[...] == block[(size - 32)...]
    else { return nil }
    return block.withUnsafeBytes { block in
      (0..<shard.ordinals.count).map { index in
        Fingerprints.Entry(
          UnsafeRawBufferPointer(rebasing: block[(32 + index * Self.entrySize)...]))
      }
    }
  }

  /// Remembers the shards that it did not know.
  ///
  /// - Returns: false when that could not be written, which costs the next build some time.
  @discardableResult
  public func remember(_ fingerprints: Fingerprints, of registry: Registry) -> Bool {
    let shards = zip(registry.shards.enumerated(), fingerprints.sources)
    do {
      var opened: FileDescriptor?
      // A block that did not reach the disk is none.
      defer { do { try opened?.close() } catch {} }
      for ((position, shard), source) in shards {
        guard let digest = source.digest, !source.isRemembered else { continue }
        let descriptor =
          try opened
          ?? FileDescriptor.open(
            file, .writeOnly, options: [.create, .closeOnExec], permissions: [.ownerReadWrite])
        opened = descriptor
        try descriptor.writeAll(
          toAbsoluteOffset: Self.offset(of: shard, at: position),
          Self.block(fingerprints.entries[shard.ordinals], source: digest))
      }
      return true
    } catch {
      return false
    }
  }

  private static func block(_ entries: ArraySlice<Fingerprints.Entry>, source: Digest) -> [UInt8] {
    var block = source.bytes
    block.reserveCapacity(frameSize + entries.count * entrySize)
    for entry in entries { entry.append(to: &block) }
    block += Digest(hashing: block).bytes
    return block
  }

  private static func offset(of shard: Registry.Shard, at position: Int) -> Int64 {
    Int64(position * frameSize + shard.ordinals.lowerBound * entrySize)
  }
}

extension Fingerprints.Entry {
  /// Eight words: four of the fingerprint, one of remarks, three of the rest.
  fileprivate func append(to bytes: inout [UInt8]) {
    bytes += fingerprint.bytes
    func add(_ word: some FixedWidthInteger) {
      withUnsafeBytes(of: word.littleEndian) { bytes.append(contentsOf: $0) }
    }
    add(remarks)
    add(issued.packed)
    add(statusDate?.packed ?? 0)
    add(UInt32(truncatingIfNeeded: replacement.map { $0 + 1 } ?? 0))
    add(UInt16(revision))
    add(UInt16(scheme))
    add(UInt16(schemeEdition))
    add(UInt16(issuerEdition))
    add(status.rawValue)
    add(UInt8(isListed ? 1 : 0))
    add(UInt16(0))
  }

  /// Reads what `append` wrote.
  fileprivate init(_ bytes: UnsafeRawBufferPointer) {
    func word<Word: FixedWidthInteger>(_ offset: Int, _: Word.Type) -> Word {
      Word(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Word.self))
    }
    let replacement = word(48, UInt32.self)
    self.init(
      fingerprint: Fingerprint(bytes: UnsafeRawBufferPointer(rebasing: bytes[..<32])),
      issued: CalendarDate(packed: word(40, UInt32.self)) ?? .distantPast,
      status: Status(rawValue: word(60, UInt8.self)) ?? .valid,
      statusDate: CalendarDate(packed: word(44, UInt32.self)),
      replacement: replacement == 0 ? nil : Int(replacement) - 1,
      revision: Int(word(52, UInt16.self)), scheme: Int(word(54, UInt16.self)),
      schemeEdition: Int(word(56, UInt16.self)), issuerEdition: Int(word(58, UInt16.self)),
      isListed: word(61, UInt8.self) == 1, remarks: word(32, UInt64.self))
  }
}
