import Input

/// The values of a row after its rules were checked; its texts are in its `StoredRow`.
struct RowValues {
  var revision = 1
  var scheme = 0
  var schemeEdition = 0
  var issuerEdition = 0
  var issued: CalendarDate
  var expires: CalendarDate
  var status = Status.valid
  var statusDate: CalendarDate?
  var isListed = false
  /// Position in `Registry.batches`.
  var batch: Int?
}
