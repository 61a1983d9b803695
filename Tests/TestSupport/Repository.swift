public import SystemPackage

/// The working copy that the tests are compiled from.
public enum Repository {
  public static let root = FilePath(#filePath).removingLastComponent().removingLastComponent()
    .removingLastComponent()
}
