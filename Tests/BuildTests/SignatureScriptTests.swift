import BuildSupport
import Foundation
import Output
import TestSupport
import Testing

/// What old browsers check signatures with is copied from the machine, where it has it.
@Suite struct SignatureScriptTests {
  private let site: TestSite
  private let package = "packages/tweetnacl/nacl-fast.min.js"
  private let script = "(function(nacl){/* as packaged */})(self.nacl={});\n"

  init() throws {
    site = try TestSite()
    try site.folder.write(package, script)
  }

  /// The site's files below a folder, with their bytes.
  private func files(below folder: String) throws -> [String: [UInt8]] {
    let start = "public/\(folder)/"
    let paths = try site.folder.files().filter { $0.hasPrefix(start) }
    return try Dictionary(uniqueKeysWithValues: paths.map { ($0, try site.folder.read($0)) })
  }

  @Test func theFirstFileThatIsThereIsCopiedAsItIsAndNamedByTheScriptOfPages() async throws {
    let receipt = try await site.build(signatureScriptPlaces: ["nowhere/nacl.js", package])
    let assets = try files(below: "assets")
    let (path, bytes) = try #require(assets.first { $0.key.contains("/tweetnacl.") })
    #expect(bytes == Array(script.utf8))
    let code = String(
      decoding: try #require(assets["public/assets/certificate-1.js"]), as: UTF8.self)
    let address = path.dropFirst("public".count)
    #expect(code.contains("const signatureScript = \"\(address)\";"))
    #expect(receipt.omissions == [])
  }

  @Test func withoutOneTheReceiptSaysWhatToInstall() async throws {
    let receipt = try await site.build(signatureScriptPlaces: ["nowhere/nacl.js"])
    let assets = try files(below: "assets")
    #expect(!assets.keys.contains { $0.contains("tweetnacl") })
    let code = String(
      decoding: try #require(assets["public/assets/certificate-1.js"]), as: UTF8.self)
    #expect(code.contains("const signatureScript = \"\";"))
    #expect(receipt.omissions.count == 1)
    #expect(receipt.omissions.first?.contains("Debian: node-tweetnacl") == true)
  }

  @Test func noFileOfACertificateChangesWithIt() async throws {
    try await site.build()
    let before = try files(below: "c")
    let receipt = try await site.build(signatureScriptPlaces: [package])
    #expect(receipt.added == 1 && before.count == 8 * 3)
    #expect(try files(below: "c") == before)
  }
}
