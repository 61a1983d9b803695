public import Diagnostics
import Files
public import SystemPackage

/// TweetNaCl, which checks signatures in browsers whose own cryptography lacks Ed25519: most from before 2025.
///
/// The site has a copy of a package's file, byte for byte, so that anybody can compare the two. Pages fetch it
/// where the browser refuses the key, and nowhere else.
public struct SignatureScript: Sendable {
  let asset: Assets.Asset

  /// Reads the first of some files that is there.
  ///
  /// - Returns: nil where none is.
  public static func load(
    from places: [FilePath]
  ) throws(MachineFailure) -> SignatureScript? {
    for place in places {
      let bytes = try SourceFile.readBytes(
        place, displayPath: place.string, limit: InputFile.Limit.saved)
      if let bytes {
        return SignatureScript(asset: Assets.Asset(named: "tweetnacl.js", bytes: bytes))
      }
    }
    return nil
  }
}
