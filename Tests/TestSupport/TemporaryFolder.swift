import Foundation
public import SystemPackage

/// A folder that lives as long as the value that holds it.
public final class TemporaryFolder: Sendable {
  public let path: FilePath

  public init() throws {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("canting-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = FilePath(url.path)
  }

  deinit {
    do { try FileManager.default.removeItem(atPath: path.string) } catch {}
  }

  /// Writes a file below the folder, making the folders above it.
  @discardableResult
  public func write(_ name: String, _ bytes: [UInt8]) throws -> FilePath {
    let file = path.appending(name)
    try FileManager.default.createDirectory(
      atPath: file.removingLastComponent().string, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(fileURLWithPath: file.string))
    return file
  }

  @discardableResult
  public func write(_ name: String, _ text: String) throws -> FilePath {
    try write(name, Array(text.utf8))
  }

  public func read(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: path.appending(name).string)))
  }

  /// The files below the folder, relative to it, sorted.
  public func files() throws -> [String] {
    let all = try FileManager.default.subpathsOfDirectory(atPath: path.string)
    return all.filter { name in
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(
        atPath: path.appending(name).string, isDirectory: &isFolder) && !isFolder.boolValue
    }.sorted()
  }
}

/// A generator that gives the same numbers for the same seed (SplitMix64).
public struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  public init(seed: UInt64) {
    state = seed
  }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
