import Files
import Layout
import Output
import Synchronization

/// What is gathered while files are written.
struct BuildTally: ~Copyable {
  var receipt = BuildReceipt()
  var signatures: [String: UInt64] = [:]
  var entries: [CertificateTable.Entry] = []
  /// Made of the entries while the files behind the certificates are written.
  var certificates: Task<CertificateTable, Never>?
  var list: ReceiptFile?

  init(list: consuming ReceiptFile?) {
    self.list = list
  }

  /// Takes it that no more certificates come. What was noted of them is then gone from here: of a
  /// million, one copy is enough.
  mutating func closeCertificates() {
    let entries = TransferBox(&entries)
    certificates = Task { CertificateTable(entries.take()) }
  }

  typealias Named = (path: OutputPath, written: OutputWriter.Written)

  mutating func note(_ file: Named) throws {
    let (path, written) = file
    receipt.count(written.change)
    signatures[path.text] = written.signature.value
    if let news = written.news, !path.isPrivate { try list?.append(news) }
  }

  mutating func note(_ result: CertificateWriter.Result) throws {
    for change in result.changes { receipt.count(change) }
    entries += result.entries
    for news in result.news { try list?.append(news) }
  }
}

/// Gives what is large to a task without a copy.
private final class TransferBox<Element: Sendable>: Sendable {
  private let elements: Mutex<[Element]>

  /// Takes the elements, which are then gone from where they were.
  init(_ elements: inout [Element]) {
    var taken: [Element] = []
    swap(&taken, &elements)
    self.elements = Mutex(taken)
  }

  func take() -> [Element] {
    elements.withLock { elements in
      var taken: [Element] = []
      swap(&taken, &elements)
      return taken
    }
  }
}
