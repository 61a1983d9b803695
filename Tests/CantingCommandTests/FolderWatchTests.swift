import CantingCommand
import Foundation
import SystemPackage
import TestSupport
import Testing

@Suite struct FolderWatchTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write("content/a.md", "one")
    try folder.write("content/news/b.md", "two")
    try folder.write("seeds/ledger/checkpoint", "three")
  }

  private func watch() -> FolderWatch {
    FolderWatch(folder.path, folders: ["content", "seeds"], ignoring: ["seeds/ledger"])
  }

  @Test func seesNothingWhereNothingHappened() {
    var watch = watch()
    #expect(watch.changes().isEmpty)
    #expect(watch.changes().isEmpty)
  }

  @Test func tellsWhatCameChangedAndWentOnce() throws {
    var watch = watch()
    try folder.write("content/news/new.md", "x")
    try folder.write("content/a.md", "one and more")
    try FileManager.default.removeItem(
      atPath: folder.path.appending("content/news/b.md").string)
    #expect(watch.changes() == ["content/a.md", "content/news/b.md", "content/news/new.md"])
    #expect(watch.changes().isEmpty)
  }

  /// Editors write a new file and rename it over the old one.
  @Test func seesAFileReplacedByOneOfTheSameSizeAndTime() throws {
    let file = folder.path.appending("content/a.md").string
    let moment = Date(timeIntervalSince1970: 1_700_000_000)
    try FileManager.default.setAttributes([.modificationDate: moment], ofItemAtPath: file)
    var watch = watch()
    let other = try folder.write("other", "two").string
    try FileManager.default.setAttributes([.modificationDate: moment], ofItemAtPath: other)
    #expect(rename(other, file) == 0)
    #expect(watch.changes() == ["content/a.md"])
  }

  @Test func seesAFolderThatComesLaterAndOneThatGoes() throws {
    var watch = watch()
    try folder.write("content/pages/deep/er/c.md", "c")
    #expect(watch.changes() == ["content/pages/deep/er/c.md"])
    try FileManager.default.removeItem(atPath: folder.path.appending("content").string)
    #expect(
      watch.changes() == ["content/a.md", "content/news/b.md", "content/pages/deep/er/c.md"])
  }

  @Test func passesOverWhatEditorsLeaveForAMomentAndWhatIsIgnored() throws {
    var watch = watch()
    for name in [
      "content/.a.md.swp", "content/a.md~", "content/4913", "content/x.swp",
      "content/.#lock", "seeds/ledger/checkpoint", "elsewhere/file",
    ] {
      try folder.write(name, "passing")
    }
    #expect(watch.changes().isEmpty)
  }
}
