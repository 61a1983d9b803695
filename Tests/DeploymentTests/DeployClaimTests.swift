import Deployment
import Output
import Testing

@Suite struct DeployClaimTests {
  private let claim = DeployClaim(
    id: 3 << 32 | 7, floor: 2 << 32, keys: [1, 5, .max], checkpoints: [[1, 2], [3]])

  @Test func isReadAsItWasWrittenAndNotWhenItWasCutOrChanged() {
    #expect(DeployClaim(id: claim.id, file: claim.file) == claim)
    #expect(DeployClaim(id: claim.id, file: claim.finished.file)?.isFinished == true)
    for end in 0..<claim.file.count {
      #expect(DeployClaim(id: claim.id, file: Array(claim.file[..<end])) == nil)
      var changed = claim.file
      changed[end] ^= 1
      #expect(DeployClaim(id: claim.id, file: changed) == nil)
    }
  }

  @Test func countsNoMoreKeysThanItHas() {
    for count in [2, UInt64(1) << 61, .max] {
      let file = DigestedFile.bytes(Array("canting deploy, version 1\n".utf8), [0, count, 9])
      #expect(DeployClaim(id: 1, file: file) == nil)
    }
  }

  @Test(
    arguments: [
      "deploy-0000000300000007", "deploy-300000007", "deploy-+000000300000007", "deployed",
      "deploy-000000030000000A", "deploy-", "deploy-00000003000000070", "x-0000000300000007",
    ])
  func hasOneName(_ name: String) {
    #expect(
      DeployClaim.id(named: name) == (name == DeployClaim.name(of: claim.id) ? claim.id : nil))
  }

  @Test func hasAHigherNumberThanAllBeforeIt() {
    #expect(DeployClaim.id(after: [], random: 5) == 1 << 32 | 5)
    #expect(DeployClaim.id(after: [claim.id, 9], random: 0) == 4 << 32)
    #expect(DeployClaim.id(after: [.max], random: 0) == nil)
  }

  @Test func makesTheBytesOfAFileUnknownToOthers() {
    var state = TargetState()
    state.writer = 2 << 32
    for key in [UInt64(1), 2] { state.set(key, 77) }
    #expect(state.weighed(against: [claim]).contentDigest(1) == TargetState.unknownDigest)
    #expect(state.weighed(against: [claim]).contentDigest(2) == 77)
    // Its own claim says nothing that the state does not know.
    state.writer = claim.id
    #expect(state.weighed(against: [claim]).contentDigest(1) == 77)
  }

  @Test func makesAStateUnbelievedThatWasWrittenTooLate() {
    var state = TargetState()
    state.writer = 2 << 32
    state.set(2, 77)
    let weighed = state.weighed(against: [claim.finished])
    #expect(weighed.contentDigest(2) == TargetState.unknownDigest)
    #expect(!weighed.isComplete)
  }
}
