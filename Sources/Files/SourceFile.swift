public import Diagnostics
public import SystemPackage

/// A text file that people wrote, kept whole so that findings can show its lines.
public struct SourceFile: Sendable {
  /// The path as diagnostics show it.
  public let path: String
  /// With LF at the end of lines.
  public let text: String

  /// Takes a text with any line ends; CR LF becomes LF, which Swift's Character would not split at.
  public init(path: String, text: String) {
    self.path = path
    var bytes = Array(text.utf8)
    if bytes.contains(0x0D) {
      bytes = bytes.indices.filter {
        bytes[$0] != 0x0D || $0 + 1 == bytes.count || bytes[$0 + 1] != 0x0A
      }.map { bytes[$0] }
    }
    self.text = String(decoding: bytes, as: UTF8.self)
  }

  /// Reads a UTF-8 file, with or without a byte order mark.
  ///
  /// - Returns: nil when the file is missing, refused or not UTF-8, which is then among the findings.
  /// - Throws: `MachineFailure` when the file is there and cannot be read.
  public static func read(
    _ file: FilePath,
    displayPath path: String,
    findings: inout Findings
  ) throws(MachineFailure) -> SourceFile? {
    let limit = InputFile.Limit.text
    guard try InputFile.isFit(file, displayPath: path, limit: limit, findings: &findings) else {
      return nil
    }
    guard let bytes = try readBytes(file, displayPath: path, limit: limit) else {
      findings.add(
        Diagnostic(
          "missing-file", at: SourceLocation(path: path),
          message: "The project needs this file", hint: "create \(path), or restore it from a copy")
      )
      return nil
    }
    let marked = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
    guard let text = String(validating: marked, as: UTF8.self) else {
      findings.add(notUTF8(marked, path: path))
      return nil
    }
    let source = SourceFile(path: path, text: text)
    if let conflict = source.mergeConflict {
      findings.add(conflict)
      return nil
    }
    return source
  }

  /// The finding for a file in which git left both sides of a conflict.
  private var mergeConflict: Diagnostic? {
    guard text.contains("\n>>>>>>> ") else { return nil }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard let start = lines.firstIndex(where: { $0.hasPrefix("<<<<<<< ") }),
      lines[start...].contains("=======")
    else { return nil }
    return diagnostic(
      "merge-conflict", line: start + 1, length: lines[start].unicodeScalars.count,
      message: "Two people changed this at the same time, and both versions stand here",
      hint: "keep what is right of both, and remove the lines that begin with <<<<<<<, ======= and"
        + " >>>>>>>")
  }

  /// The finding at the first byte that is not UTF-8.
  public static func notUTF8(_ bytes: some Sequence<UInt8>, path: String) -> Diagnostic {
    var (line, column) = (1, 1)
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    while case .scalarValue(let scalar) = decoder.decode(&iterator) {
      (line, column) = scalar == "\n" ? (line + 1, 1) : (line, column + 1)
    }
    return Diagnostic(
      "not-utf8", at: SourceLocation(path: path, line: line, column: column),
      message: "Text files are UTF-8, and this one is not from here on",
      hint: "save \(path) again with the encoding UTF-8")
  }

  /// The bytes of a file, or nil when there is no such file.
  ///
  /// - Parameter limit: no more is read, however the file grows meanwhile.
  /// - Throws: `MachineFailure` when the file is there and cannot be read, is longer, or is no file.
  public static func readBytes(
    _ file: FilePath, displayPath path: String, limit: Int = InputFile.Limit.registry
  ) throws(MachineFailure) -> [UInt8]? {
    var bytes: [UInt8] = []
    let isThere = try forEachPiece(of: file, displayPath: path, limit: limit) { piece, size in
      if bytes.isEmpty { bytes.reserveCapacity(max(piece.count, min(size, 1 << 26))) }
      bytes += piece
    }
    return isThere ? bytes : nil
  }

  /// Reads a file a piece at a time, so that it never lies in memory as a whole.
  ///
  /// - Parameters:
  ///   - limit: no more is read.
  ///   - visit: gets each piece, and the size that the file had at the beginning.
  /// - Returns: false when there is no such file.
  public static func forEachPiece(
    of file: FilePath, displayPath path: String, limit: Int = InputFile.Limit.registry,
    visit: (ArraySlice<UInt8>, _ size: Int) -> Void
  ) throws(MachineFailure) -> Bool {
    func refused(_ refusal: InputFile.Refusal) -> MachineFailure {
      MachineFailure("read \(path)", reason: refusal.description)
    }
    do {
      switch try InputFile.open(file, limit: limit) {
      case .missing: return false
      case .refused(let refusal): throw refused(refusal)
      case .file(let descriptor, let size):
        try descriptor.closeAfter {
          var piece = [UInt8](repeating: 0, count: min(max(size, 4095), 1 << 18) + 1)
          var read = 0
          while true {
            let count = try piece.withUnsafeMutableBytes { try descriptor.read(into: $0) }
            if count == 0 { return }
            read += count
            if read > limit { throw refused(.size(limit: limit)) }
            visit(piece[..<count], size)
          }
        }
        return true
      }
    } catch {
      throw error as? MachineFailure
        ?? MachineFailure("read \(path)", error as? Errno ?? .ioError)
    }
  }

  /// Whether something is there under this name.
  ///
  /// - Throws: `MachineFailure` when it cannot be opened.
  public static func exists(
    _ file: FilePath, displayPath path: String
  ) throws(MachineFailure) -> Bool {
    do {
      switch try InputFile.open(file, limit: .max) {
      case .file(let descriptor, _): try descriptor.close()
      case .missing: return false
      case .refused: break
      }
      return true
    } catch {
      throw MachineFailure("read \(path)", error as? Errno ?? .ioError)
    }
  }

  /// The line with the given number, counted from 1, without its end.
  public func line(_ number: Int) -> String? {
    guard number >= 1 else { return nil }
    let lines = text.split(separator: "\n", maxSplits: number, omittingEmptySubsequences: false)
    guard number <= lines.count else { return nil }
    return String(lines[number - 1])
  }

  /// A finding at a line and column of this file, with the line as its excerpt.
  public func diagnostic(
    _ id: DiagnosticID,
    _ severity: Severity = .error,
    line: Int,
    column: Int = 1,
    length: Int = 1,
    message: String,
    hint: String
  ) -> Diagnostic {
    Diagnostic(
      id, severity,
      at: SourceLocation(path: path, line: line, column: column),
      message: message, hint: hint,
      excerpt: self.line(line).map { Excerpt(line: $0, column: column, length: length) })
  }
}
