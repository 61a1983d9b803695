import Proof
import Testing

@Suite struct SignedNoteTests {
  private let verifierKey =
    "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
  private let note = """
    This is an example message.

    — example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=

    """

  @Test func opensTheDesignsVector() throws {
    let verifier = try NoteVerifier(verifierKey)
    #expect("\(verifier)" == verifierKey)
    #expect(try SignedNote(Array(note.utf8)).open([verifier]) == "This is an example message.\n")
  }

  @Test func noFlippedByteIsAccepted() throws {
    let verifier = try NoteVerifier(verifierKey)
    let bytes = Array(note.utf8)
    for index in bytes.indices {
      for flip in [UInt8(1), 0x20, 0x80] {
        var changed = bytes
        changed[index] ^= flip
        let opened = try? SignedNote(changed).open([verifier])
        #expect(opened == nil, "byte \(index) flipped by \(flip)")
      }
    }
  }

  @Test func isNotOpenedByAnotherKey() throws {
    let key = try #require(
      SigningKey(secretMultikey: "z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq"))
    let other = try NoteSigner(name: "example.com/foo", key: key)
    #expect(throws: NoteFailure.self) { try SignedNote(Array(note.utf8)).open([other.verifier]) }
    #expect(throws: NoteFailure.self) { try SignedNote(Array(note.utf8)).open([]) }
    let signed = try other.sign("a\n\nb\n")
    #expect(try SignedNote(signed).open([other.verifier]) == "a\n\nb\n")
    #expect(try other.sign("a\n\nb\n") == signed)
  }

  @Test func unknownSignaturesAreIgnoredAndWrongOnesOfKnownKeysAreNot() throws {
    let verifier = try NoteVerifier(verifierKey)
    let stranger = note + "— example.com/other Uw2QOkn8srU=\n"
    #expect(
      try SignedNote(Array(stranger.utf8)).open([verifier]) == "This is an example message.\n")
    let forged = note + "— example.com/foo Uw2QOkn8srU=\n"
    #expect(throws: NoteFailure.self) { try SignedNote(Array(forged.utf8)).open([verifier]) }
  }

  @Test(arguments: [
    "", "a", "a\n", "a\n\n", "a\n\n— b\n", "a\n\n- example.com/foo Uw2QOkn8srU=\n",
    "a\n\n— b c d=\n", "a\n\n—  Uw2QOkn8srU=\n", "a\n\n— b+c Uw2QOkn8srU=\n", "a\n\n— b Uw2Q\n",
    "a\r\n\r\n— b Uw2QOkn8srU=\r\n", "a\n\n— b Uw2QOkn8srU=", "a\u{7}\n\n— b Uw2QOkn8srU=\n",
    "a\n\n— b Uw2QOkn8srU=\n\n",
  ])
  func refusesWhatIsNoNote(text: String) {
    #expect(throws: NoteFailure.self) { try SignedNote(Array(text.utf8)) }
  }

  @Test func refusesNotesOver64KiB() {
    let long = String(repeating: "a", count: 64 * 1024) + note
    #expect(throws: NoteFailure.self) { try SignedNote(Array(long.utf8)) }
  }

  @Test(arguments: [
    "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
    "example.com/fop+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
    "example.com/foo+530d903a+AukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
    "example.com/foo+530d903a", "example.com/foo", "", "a b+530d903a+Aeky",
  ])
  func refusesWhatIsNoVerifierKey(text: String) {
    #expect(throws: NoteFailure.self) { try NoteVerifier(text) }
  }

  @Test func checkpointsAreReadAsWritten() throws {
    let root = Digest(hashing: [1, 2, 3])
    let checkpoint = Checkpoint(origin: "example.com/log", size: 15_000, root: root)
    #expect(try Checkpoint(text: checkpoint.text) == checkpoint)
    #expect(
      checkpoint.text == "example.com/log\n15000\nA5BYxvLAy0ksUzsKTRTvd8wPeKvMztUofYShogEc+4E=\n")
  }

  @Test(arguments: [
    "", "a\n1\n", "a\n01\nA5BYxvLAy0ksUzsKTRTvd8wPeKvMztUofYShogEc+4E=\n",
    "a\n-1\nA5BYxvLAy0ksUzsKTRTvd8wPeKvMztUofYShogEc+4E=\n", "a\n1\nAAAA\n",
    "\n1\nA5BYxvLAy0ksUzsKTRTvd8wPeKvMztUofYShogEc+4E=\n",
    "a\n1\nA5BYxvLAy0ksUzsKTRTvd8wPeKvMztUofYShogEc+4E=\nextra\n",
    "a\n99999999999999999999\nA5BYxvLAy0ksUzsKTRTvd8wPeKvMztUofYShogEc+4E=\n",
  ])
  func refusesWhatIsNoCheckpoint(text: String) {
    #expect(throws: NoteFailure.self) { try Checkpoint(text: text) }
  }
}
