import CZip
import Files
import SystemPackage

/// A zip file, of which parts are unpacked a piece at a time and up to a stated size.
final class ZipArchive {
  /// Why a part cannot be read, in words that follow `the workbook`.
  struct Problem: Error {
    let reason: String
  }

  private let archive: OpaquePointer

  /// Takes a file that is open; it is closed with the archive.
  init(_ descriptor: FileDescriptor) throws(Problem) {
    var code: Int32 = 0
    guard let opened = zip_fdopen(descriptor.rawValue, 0, &code) else {
      // Nothing was written to the descriptor that could be lost.
      do { try descriptor.close() } catch {}
      throw Problem(reason: "is damaged: \(Self.words(for: code))")
    }
    archive = opened
  }

  deinit {
    zip_discard(archive)
  }

  private static func words(for code: Int32) -> String {
    var error = zip_error_t()
    zip_error_init_with_code(&error, code)
    defer { zip_error_fini(&error) }
    return String(cString: zip_error_strerror(&error))
  }

  /// Whether a part is there.
  func has(_ name: String) -> Bool {
    zip_name_locate(archive, name, 0) >= 0
  }

  /// A part to be unpacked; nil where there is none of this name.
  ///
  /// - Parameter limit: the most bytes that it may have unpacked.
  func part(_ name: String, limit: Int) throws(Problem) -> ZipPart? {
    let index = zip_name_locate(archive, name, 0)
    guard index >= 0 else { return nil }
    guard let file = zip_fopen_index(archive, zip_uint64_t(index), 0) else {
      throw Problem(reason: "is damaged at \(name): \(String(cString: zip_strerror(archive)))")
    }
    return ZipPart(self, file, name: name, limit: limit)
  }
}

/// A part of a zip file that is being unpacked.
final class ZipPart {
  /// Kept open while the part is read.
  private let archive: ZipArchive
  private let file: OpaquePointer
  private let name: String
  private var rest: Int

  init(_ archive: ZipArchive, _ file: OpaquePointer, name: String, limit: Int) {
    self.archive = archive
    self.file = file
    self.name = name
    rest = limit
  }

  deinit {
    zip_fclose(file)
  }

  /// Unpacks the next bytes; 0 at the end, where the checksum has been compared.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(ZipArchive.Problem) -> Int {
    guard let start = buffer.baseAddress else { return 0 }
    let count = Int(zip_fread(file, start, zip_uint64_t(buffer.count)))
    guard count >= 0 else {
      throw ZipArchive.Problem(
        reason: "is damaged at \(name): \(String(cString: zip_file_strerror(file)))")
    }
    rest -= count
    guard rest >= 0 else {
      throw ZipArchive.Problem(reason: "holds more at \(name) than a workbook of this program may")
    }
    return count
  }
}
