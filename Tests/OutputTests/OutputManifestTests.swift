import Layout
import Output
import Proof
import TestSupport
import Testing

@Suite struct OutputManifestTests {
  @Test func isReadBackAsWritten() throws {
    let manifest = OutputManifest(paths: (0..<1000).map { "c/\($0)/index.html" })
    #expect(OutputManifest(manifest.bytes) == manifest)
    #expect(manifest.contains("c/999/index.html"))
    #expect(!manifest.contains("c/1000/index.html"))
  }

  @Test func doesNotDependOnTheOrderOfPaths() {
    #expect(OutputManifest(paths: ["b", "a"]).bytes == OutputManifest(paths: ["a", "b"]).bytes)
  }

  @Test func refusesAManifestThatWasCutOrChanged() {
    let bytes = OutputManifest(paths: ["a", "b", "c"]).bytes
    for position in bytes.indices {
      #expect(OutputManifest(Array(bytes[..<position])) == nil)
      var changed = bytes
      changed[position] ^= 1
      #expect(OutputManifest(changed) == nil)
    }
    #expect(OutputManifest(Array(bytes.dropFirst())) == nil)
    #expect(OutputManifest([]) == nil)
  }

  /// Sites that earlier versions made are built on. A sixth bit for files was a digit of the hash then.
  @Test(arguments: [(2, false), (3, false), (4, true)])
  func readsEarlierVersions(version: Int, hasDigest: Bool) throws {
    let folder = "c/4c/14b690b7b5452947a1d8e4bb77f28c"
    let manifest = OutputManifest(paths: ["a", "b", "c"], folders: [(folder, .usual)])
    var entries = Array(manifest.bytes.dropFirst(heading.count).dropLast(32))
    for last in stride(from: 15, to: entries.count, by: 16) {
      entries[last] |= version == 2 ? 0b111000 : 0b100000
    }
    let earlier = Array("canting output, version \(version)\n".utf8) + entries
    let file = earlier + (hasDigest ? Digest(hashing: earlier).bytes : [])
    #expect(OutputManifest(file) == manifest)
    for length in 1..<48 where hasDigest || !length.isMultiple(of: 16) {
      #expect(OutputManifest(Array(file.dropLast(length))) == nil)
    }
    let (first, second) = (entries.prefix(16), entries.dropFirst(16).prefix(16))
    let swapped = Array("canting output, version 3\n".utf8) + second + first
    #expect(OutputManifest(swapped) == nil)
  }

  private let heading = Array("canting output, version 5\n".utf8)

  @Test func knowsWhatIsNewAndWhatIsStale() {
    let old = OutputManifest(paths: ["a", "b"])
    let new = OutputManifest(paths: ["b", "c"])
    #expect(old.subtracting(new) == OutputManifest(paths: ["a"]))
    #expect(old.union(new) == OutputManifest(paths: ["c", "a", "b"]))
  }

  @Test func countsAndPartsTheFilesOfACertificatesFolder() {
    let folder = "c/4c/14b690b7b5452947a1d8e4bb77f28c"
    let whole = OutputManifest(paths: ["a"], folders: [(folder, .usual)])
    let page = OutputManifest(paths: ["a"], folders: [(folder, .page)])
    #expect(whole.count == 4)
    #expect(whole.contains("\(folder)/record.json") && whole.contains("\(folder)/index.html"))
    #expect(!whole.contains("\(folder)/other.json") && !whole.contains(folder))
    #expect(!page.contains("\(folder)/record.json") && page.contains("\(folder)/index.html"))
    let lost = whole.subtracting(page)
    #expect(lost == OutputManifest(paths: [], folders: [(folder, [.record, .credential])]))
    #expect(lost.union(page) == whole && page.union(whole) == whole)
    #expect(page.subtracting(whole).count == 0)
    #expect(OutputManifest(whole.bytes) == whole)
  }

  /// What is written at a certificate's place once it is erased is not removed with its other files.
  @Test func takesAPathOfACertificateForAFileOfItsFolder() {
    let folder = "c/4c/14b690b7b5452947a1d8e4bb77f28c"
    let whole = OutputManifest(paths: ["a"], folders: [(folder, .usual)])
    let erased = OutputManifest(paths: ["a", "\(folder)/index.html"])
    #expect(erased == OutputManifest(paths: ["a"], folders: [(folder, .page)]))
    #expect(
      whole.subtracting(erased)
        == OutputManifest(paths: [], folders: [(folder, [.record, .credential])]))
  }

  @Test func doesTheSetsArithmeticForFilesAndFoldersAlike() {
    let kinds: [CertificateFiles] = [
      [], .page, [.page, .record], .usual, .usual.union(.badge),
    ]
    for _ in 0..<200 {
      func random() -> (manifest: OutputManifest, files: Set<String>) {
        let folders = (0..<6).map { ("c/\($0)", kinds.randomElement() ?? []) }
          .filter { !$0.1.isEmpty }
        let paths = (0..<6).filter { _ in Bool.random() }.map { "page-\($0)" }
        let files = folders.flatMap { folder, kinds in
          [
            (CertificateFiles.page, "index.html"), (.record, "record.json"),
            (.credential, "credential.json"), (.badge, "badge.json"),
          ].filter { kinds.contains($0.0) }.map { "\(folder)/\($0.1)" }
        }
        return (OutputManifest(paths: paths, folders: folders), Set(paths + files))
      }
      let (left, right) = (random(), random())
      let all = left.files.union(right.files)
      let (union, rest) = (
        left.manifest.union(right.manifest), left.manifest.subtracting(right.manifest)
      )
      #expect(union.count == all.count)
      #expect(rest.count == left.files.subtracting(right.files).count)
      for file in all {
        #expect(union.contains(file))
        #expect(rest.contains(file) == (left.files.contains(file) && !right.files.contains(file)))
      }
    }
  }

  /// The manifest lies on a public host; it must not lead to certificates.
  @Test func containsNoPath() {
    let path = "c/4c/14b690b7b5452947a1d8e4bb77f28c/index.html"
    let text = String(decoding: OutputManifest(paths: [path]).bytes, as: UTF8.self)
    #expect(!text.contains("14b690"))
  }
}
