import Diagnostics
import Files
import Foundation
import Layout
import Proof
import Synchronization
public import SystemPackage

/// A published site that is looked at from outside: a folder, or an address on the web.
public struct PublishedSite: Sendable {
  private enum Place: Sendable {
    case folder(FilePath)
    case web(URL, SiteConnection)
  }

  private let place: Place
  /// The site as the user named it.
  public let name: String

  /// A site in a folder.
  public init(folder: FilePath, displayPath name: String) {
    place = .folder(folder)
    self.name = name
  }

  /// A site on the web; nil when the text is no http or https address.
  public init?(address: String) {
    guard let url = URL(string: address), url.host != nil,
      ["http", "https"].contains(url.scheme?.lowercased())
    else { return nil }
    place = .web(url, SiteConnection())
    name = address
  }

  /// The host of a site on the web, in its normal form; nil for a folder.
  public var host: String? {
    guard case .web(let url, _) = place, let host = url.host else { return nil }
    let written = host + (url.port.map { ":\($0)" } ?? "")
    return normalHost(written, scheme: "\(url.scheme?.lowercased() ?? ""):") ?? written
  }

  /// The same site, which reads what certificates share (keys, lists, the log) once.
  public func remembering() -> PublishedSite {
    var site = self
    site.memory = Memory()
    return site
  }

  /// Files that were read, by their paths.
  private final class Memory: Sendable {
    let files = Mutex<[String: [UInt8]?]>([:])
  }

  private var memory: Memory?

  /// The bytes at a path, or nil when there is nothing.
  ///
  /// - Parameter limit: longer files are refused.
  /// - Throws: `MachineFailure` when the folder or the host does not answer.
  public func read(_ path: String, limit: Int = 1 << 20) async throws -> [UInt8]? {
    let isShared = !path.hasPrefix(SiteFolder.certificates.rawValue + "/")
    guard let memory, isShared else { return try await fetch(path, limit: limit) }
    if let known = memory.files.withLock({ $0[path] }) { return known }
    let bytes = try await fetch(path, limit: limit)
    memory.files.withLock { $0[path] = .some(bytes) }
    return bytes
  }

  private func fetch(_ path: String, limit: Int) async throws -> [UInt8]? {
    switch place {
    case .folder(let folder):
      return try SourceFile.readBytes(
        folder.appending(path), displayPath: "\(name)/\(path)", limit: limit)
    case .web(let url, let connection):
      let answer = await connection.get(url.appendingPathComponent(path), limit: limit)
      switch answer {
      case .complete(status: 404, _), .complete(status: 410, _): return nil
      case .complete(status: 200, let bytes): return bytes
      case .complete(let status, _):
        throw MachineFailure("read \(name)/\(path)", reason: "the host answered \(status)")
      case .failed(let reason): throw MachineFailure("read \(name)/\(path)", reason: reason)
      case .tooLong: throw tooLong(path)
      }
    }
  }

  /// The codes of all certificates of a site in a folder, sorted; nil for a site on the web.
  func certificateCodes() throws(MachineFailure) -> [CertificateCode]? {
    guard case .folder(let folder) = place else { return nil }
    let root = folder.appending("c")
    guard FileManager.default.fileExists(atPath: root.string) else { return [] }
    do {
      return try FileManager.default.contentsOfDirectory(atPath: root.string).sorted().flatMap {
        first in
        try FileManager.default.contentsOfDirectory(atPath: root.appending(first).string).sorted()
          .compactMap { CertificateCode(hex: first + $0) }
      }
    } catch {
      throw MachineFailure("read \(name)/c", reason: error.localizedDescription)
    }
  }

  private func tooLong(_ path: String) -> MachineFailure {
    MachineFailure("read \(name)/\(path)", reason: "the file is longer than it can be")
  }
}
