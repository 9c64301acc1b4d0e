import Cluster
import Testing

@Suite struct StatTableTests {
  @Test func aRowHasAPlaceForEveryColumn() {
    #expect(StatFigure.count == StatFigure.allCases.count)
    #expect(StatNote.count == StatNote.allCases.count)
    #expect(StatFigure.allCases.map(\.rawValue) == Array(0..<StatFigure.count))
  }

  @Test func columnsAreNamedAsHAProxyNamesThem() {
    let names = StatFigure.allCases.map(\.column) + StatNote.allCases.map(\.column)
    #expect(Set(names).count == names.count)
    for name in [
      "rate_lim", "hrsp_5xx", "hrsp_other", "req_tot", "cli_abrt", "ttime_max", "srv_icur", "last_chk",
    ] {
      #expect(names.contains(name))
    }
  }
}
