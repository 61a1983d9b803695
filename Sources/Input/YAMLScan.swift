import CYaml

/// What YAML is looked through for before it is taken apart: a value that stands for another one,
/// which may stand for ten more, and so on, until a small file fills any memory.
enum YAMLScan {
  /// Where an anchor or an alias stands first, in lines and columns from 1; nil where there is none.
  static func anchor(in yaml: String) -> (line: Int, column: Int)? {
    var yaml = yaml
    return yaml.withUTF8 { bytes in
      guard mayHoldAnchor(bytes) else { return nil }
      var parser = yaml_parser_t()
      guard yaml_parser_initialize(&parser) == 1 else { return nil }
      defer { yaml_parser_delete(&parser) }
      yaml_parser_set_input_string(&parser, bytes.baseAddress, bytes.count)
      yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING)
      while true {
        var event = yaml_event_t()
        // What is no YAML is told where it is taken apart.
        guard yaml_parser_parse(&parser, &event) == 1 else { return nil }
        defer { yaml_event_delete(&event) }
        if event.type == YAML_STREAM_END_EVENT { return nil }
        if isAnchored(event) {
          return (Int(event.start_mark.line) + 1, Int(event.start_mark.column) + 1)
        }
      }
    }
  }

  /// Whether a word begins with `&` or `*`, as it does in almost no file.
  private static func mayHoldAnchor(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    bytes.indices.contains { index in
      guard bytes[index] == UInt8(ascii: "&") || bytes[index] == UInt8(ascii: "*") else {
        return false
      }
      return index == 0
        || " \t\r\n[{,:-?!\u{85}\u{2028}\u{2029}\u{FEFF}".utf8.contains(bytes[index - 1])
    }
  }

  private static func isAnchored(_ event: yaml_event_t) -> Bool {
    switch event.type {
    case YAML_ALIAS_EVENT: true
    case YAML_SCALAR_EVENT: event.data.scalar.anchor != nil
    case YAML_SEQUENCE_START_EVENT: event.data.sequence_start.anchor != nil
    case YAML_MAPPING_START_EVENT: event.data.mapping_start.anchor != nil
    default: false
    }
  }
}
