import Cluster
import Wire

/// Everything that a table says, one row a line, to be compared by people and tests alike.
func dump(_ table: StatTable) -> String {
  var text = ""
  for (index, row) in table.roster.rows.enumerated() {
    text += "\(row.kind) \(row.proxy)/\(row.name)"
    for (name, value) in [("addr", row.address), ("cookie", row.cookie), ("mode", row.mode)] where value != ""
    {
      text += " \(name)=\(value)"
    }
    for note in StatNote.allCases where table[index, note] != "" {
      text += " \(note.column)='\(table[index, note])'"
    }
    for figure in StatFigure.allCases {
      if let value = table[index, figure] { text += " \(figure.column)=\(value)" }
    }
    text += "\n"
  }
  return text
}

func parse(_ bytes: [UInt8], ending: StatParser.Ending = .emptyLine) throws(ReplyFault) -> StatTable {
  var parser = StatParser()
  return try parser.parse(bytes.span, ending: ending)
}

func parse(_ text: String, ending: StatParser.Ending = .emptyLine) throws(ReplyFault) -> StatTable {
  try parse(Array(text.utf8), ending: ending)
}

/// The same by the plainest means: split at commas, columns by name. Only for replies without quotes.
func plainDump(_ bytes: [UInt8]) -> String {
  let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
  let names = lines[0].dropFirst(2).split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  let kinds = ["frontend", "backend", "server", "listener"]
  var text = ""
  for line in lines.dropFirst() {
    var fields: [String: String] = [:]
    for (name, value) in zip(names, line.split(separator: ",", omittingEmptySubsequences: false)) {
      fields[name] = String(value)
    }
    func field(_ name: String) -> String { fields[name] ?? "" }
    text += "\(kinds[Int(field("type")) ?? 0]) \(field("pxname"))/\(field("svname"))"
    for name in ["addr", "cookie", "mode"] where field(name) != "" { text += " \(name)=\(field(name))" }
    for note in StatNote.allCases where field(note.column) != "" {
      text += " \(note.column)='\(field(note.column))'"
    }
    for figure in StatFigure.allCases where field(figure.column) != "" {
      text += " \(figure.column)=\(field(figure.column))"
    }
    text += "\n"
  }
  return text
}
