import Diagnostics
import Files
import SystemPackage

/// A file that the institution keeps to itself: a key, or the registry secret.
struct SecretFile {
  let file: FilePath
  let path: String

  /// What is wrong with it, in the words of what is kept there.
  struct Words {
    let missing: DiagnosticID
    /// What the file is for, as a sentence.
    let purpose: String
    /// What to do where no backup has the file.
    let wayOut: String
    let malformed: DiagnosticID
    /// What the file consists of, as a sentence.
    let form: String
  }

  /// Reads the file.
  ///
  /// - Parameters:
  ///   - isSpecimen: whether everybody has it anyway.
  ///   - read: nil for bytes that are none of the kind.
  /// - Returns: nil, with findings, when the file is missing, malformed, or readable by others.
  func load<Content>(
    _ words: Words, isSpecimen: (Content) -> Bool, findings: inout Findings,
    read: ([UInt8]) -> Content?
  ) throws(MachineFailure) -> Content? {
    func refuse(_ id: DiagnosticID, _ message: String, _ hint: String) {
      findings.add(
        Diagnostic(id, at: SourceLocation(path: path), message: message, hint: hint))
    }
    let limit = InputFile.Limit.key
    guard try InputFile.isFit(file, displayPath: path, limit: limit, findings: &findings) else {
      return nil
    }
    guard let bytes = try SourceFile.readBytes(file, displayPath: path, limit: limit) else {
      refuse(
        words.missing, words.purpose,
        "restore \(path) from your backup; \(words.wayOut)")
      return nil
    }
    guard let content = read(bytes) else {
      refuse(
        words.malformed, words.form, "restore \(path) from your backup; it was changed or cut")
      return nil
    }
    if !isSpecimen(content), let finding = try permissionFinding(file, displayPath: path) {
      findings.add(finding)
      return nil
    }
    return content
  }
}
