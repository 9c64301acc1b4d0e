import Cluster

/// A stretch that was saved elsewhere, checked, and ready to be looked at as any store.
///
/// Whoever made the file may mean harm. All of it is read with bounds, nothing of it is executed, and SQLite never
/// opens it: its rows are put into tables of this program's own, in memory and a nameless file, where texts pass
/// the sanitiser and times that nobody can reckon with are refused.
public struct ReplayFile {
  public let header: ExportHeader
  public let timeline: Timeline

  /// Whether a file begins as a saved stretch does, so that it is meant to be one.
  public static func isOne(_ path: String) -> Bool { ExportReader.isExport(path) }

  /// What a file says of itself, before all of it is read.
  public static func header(of path: String) throws(ExportFailure) -> ExportHeader {
    let reader = try ExportReader(path)
    guard let (kind, content) = try reader.next(), kind == .header else { throw .foreign(path: path) }
    var bytes = ByteReader(content, from: .foreign)
    do { return try ExportHeader(from: &bytes) } catch { throw error.failure(reader, path) }
  }

  /// Reads a whole file. O(bytes).
  public init(path: String) throws(ExportFailure) {
    let reader = try ExportReader(path)
    do {
      var loader = try ReplayLoader(path)
      let header = try loader.load(reader)
      self.header = header
      timeline = Timeline(replaying: loader.database, cluster: header.cluster, from: header.first)
    } catch let error as ExportFailure {
      throw error
    } catch let error as ChunkFault {
      throw error.failure(reader, path)
    } catch StoreFailure.database(_, _, let words) {
      // A number that is there twice, mostly.
      throw reader.damage(words)
    } catch let error as StoreFailure {
      throw .store(error)
    } catch {
      throw .foreign(path: path)
    }
  }
}

extension ChunkFault {
  fileprivate func failure(_ reader: ExportReader, _ path: String) -> ExportFailure {
    switch self {
    case .tooLarge(let what): .tooMuch(path: path, of: what)
    default: reader.damage("\(self)")
    }
  }
}
