import Proof

/// Looks at the certificates' files while other work leaves a processor idle, since looking at
/// hundreds of thousands of them is half of what a small change costs.
///
/// What it has not come to when it is needed is looked at then; it changes nothing but the time.
public struct EarlyLook: Sendable {
  /// The stamps of the files of the cache's certificates, joined, from the first on.
  private let task: Task<[FileStamp], Never>

  init(_ certificates: CertificateTable, names: [String], output: OutputWriter) {
    task = Task {
      var stamps: [FileStamp] = []
      for entry in certificates.entries {
        if stamps.count.isMultiple(of: 512), Task.isCancelled { break }
        do {
          stamps.append(FileStamp(joining: try output.stamps(of: entry.code, names: names)))
        } catch {
          // Whoever needs it meets the same, and says so.
          break
        }
      }
      return stamps
    }
  }

  /// Ends it; what was seen so far.
  func stamps() async -> [FileStamp] {
    task.cancel()
    return await task.value
  }
}

extension OutputWriter {
  /// The stamps of a certificate's files; of one that is not there, one that no file has.
  func stamps(of code: CertificateCode, names: [String]) throws -> [FileStamp] {
    let folder = code.folderBytes
    var stamps: [FileStamp] = []
    stamps.reserveCapacity(names.count)
    for name in names {
      stamps.append(try stamp(of: OutputPath(folder: folder, name: name)) ?? .nothing)
    }
    return stamps
  }
}
