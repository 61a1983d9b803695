import Site
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
    for length in 1..<48 where !length.isMultiple(of: 16) {
      #expect(OutputManifest(Array(bytes.dropLast(length))) == nil)
    }
    #expect(OutputManifest(Array(bytes.dropFirst())) == nil)
    let swapped = Array(bytes.dropLast(32)) + bytes.suffix(16) + bytes.dropLast(16).suffix(16)
    #expect(OutputManifest(swapped) == nil)
    #expect(OutputManifest([]) == nil)
  }

  @Test func knowsWhatIsNewAndWhatIsStale() {
    let old = OutputManifest(paths: ["a", "b"])
    let new = OutputManifest(paths: ["b", "c"])
    #expect(old.subtracting(new) == OutputManifest(paths: ["a"]))
    #expect(old.union(new) == OutputManifest(paths: ["c", "a", "b"]))
  }

  /// The manifest lies on a public host; it must not lead to certificates.
  @Test func containsNoPath() {
    let path = "c/4c/14b690b7b5452947a1d8e4bb77f28c/index.html"
    let text = String(decoding: OutputManifest(paths: [path]).bytes, as: UTF8.self)
    #expect(!text.contains("14b690"))
  }
}
