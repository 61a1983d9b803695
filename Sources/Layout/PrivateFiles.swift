/// Files of the site that lie in the program's own folder: in the manifest, and on no host.
package enum PrivateFiles {
  /// The digests of the pictures for sharing that the last build made.
  package static let pictureDigests = OutputPath("\(OutputPath.stateFolder)/pictures")

  package static let all = [pictureDigests] + HostKind.allCases.filter(\.isPrivate).map(\.path)
}
