public import Project
public import Proof
import Registry

/// The list that printing needs: number, holder, code, fingerprint, address.
public enum PrintingList {
  /// Writes the list as RFC 4180 CSV in the registry's order.
  ///
  /// - Parameter write: gets the rows' bytes, some at a time.
  /// - Throws: what `write` throws.
  public static func csv(
    _ project: Project, fingerprints: Fingerprints, write: ([UInt8]) throws -> Void
  ) throws {
    try write(Array("number,holder,code,fingerprint,address\r\n".utf8))
    for shard in project.registry.shards {
      var rows: [UInt8] = []
      for certificate in project.registry.certificates(in: shard) {
        let fingerprint = fingerprints[certificate.ordinal]
        append(certificate.number.bytes, to: &rows)
        rows.append(UInt8(ascii: ","))
        append(certificate.holder.bytes, to: &rows)
        rows.append(UInt8(ascii: ","))
        rows.append(contentsOf: fingerprint.code.hex)
        rows.append(UInt8(ascii: ","))
        rows.append(contentsOf: fingerprint.hex)
        rows.append(UInt8(ascii: ","))
        rows.append(
          contentsOf: "\(project.configuration.url)/\(fingerprint.code.folder)/\r\n".utf8)
      }
      try write(rows)
    }
  }

  private static func append(_ field: ArraySlice<UInt8>, to row: inout [UInt8]) {
    let quote = UInt8(ascii: "\"")
    guard field.contains(where: { $0 == quote || $0 == UInt8(ascii: ",") || $0 < 0x20 }) else {
      row.append(contentsOf: field)
      return
    }
    row.append(quote)
    for byte in field {
      if byte == quote { row.append(quote) }
      row.append(byte)
    }
    row.append(quote)
  }
}
