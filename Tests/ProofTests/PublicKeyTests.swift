import Foundation
import Proof
import Testing

@Suite struct PublicKeyTests {
  private static func bytes(_ hex: String) -> [UInt8] { Hex.decode(Array(hex.utf8)) ?? [] }

  /// The public keys of RFC 8032, section 7.1, and that of the W3C's vectors.
  @Test(arguments: [
    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
    "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
    "278117fc144c72340f67d0f2316e8386ceffbf2b2428c9c51fef7c597f1d426e",
    "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
    // The base point, which is of the right order too.
    "5866666666666666666666666666666666666666666666666666666666666666",
  ])
  func acceptsKeysOfTheSubgroup(hex: String) {
    #expect(PublicKey(Self.bytes(hex))?.hex == hex)
  }

  /// Points whose order divides 8, in every encoding that some library takes; anybody can sign for them.
  @Test(arguments: [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    // The neutral point and others again, their coordinate not below the prime.
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
  ])
  func refusesPointsOfLowOrder(hex: String) {
    #expect(PublicKey(Self.bytes(hex)) == nil)
  }

  /// Points of the subgroup with one of low order added, and what is no point.
  @Test(
    arguments: mixed + [
      "0200000000000000000000000000000000000000000000000000000000000000",
      "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f70751",
      "", "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a00",
    ])
  func refusesEverythingElse(hex: String) {
    #expect(PublicKey(Self.bytes(hex)) == nil)
    #expect(PublicKey(multikey: "z" + Base58.encode([0xED, 0x01] + Self.bytes(hex))) == nil)
    let packed = Data([1] + Self.bytes(hex)).base64EncodedString()
    #expect(throws: NoteFailure.self) { try NoteVerifier("a.example/log+00000000+\(packed)") }
  }

  private static let mixed = [
    "3b5b475c4b82dd1572799fc546f4c6c03e478c6654aa4c7f945b347ea32af60d",
    "40c7570f4dd54835b9131184410ed4a0cc93e7d9ad053cbc6d07a62426999582",
    "9158312a9a8d6e3b34c891d6d61444f8b8211c5117ebad15bdb0bd68b07e0245",
    "16a567fe7d4ef5482ab4012c369bf8c5f11e8d0c2559dcda50fde59708f8aee5",
    "b2a4b8a3b47d22ea8d86603ab90b393fc1b87399ab55b3806ba4cb815cd509f2",
    "ad38a8f0b22ab7ca46ecee7bbef12b5f336c182652fac34392f859dbd9666a7d",
    "5ca7ced5657291c4cb376e2929ebbb0747dee3aee81452ea424f42974f81fdba",
  ]
}
