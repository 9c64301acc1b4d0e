/// How a screen is divided: fixed lines above and below, so that nothing moves when something happens.
struct Regions: Hashable, Sendable {
  /// Lines; nil where the screen is too small for them.
  var header: Int?
  var alert: Int?
  var tabs: Int?
  var body: Rect
  /// The bar of time.
  var bar: Int?
  /// The line that says all about the selected node.
  var status: Int?
  var footer: Int?

  init(size: Size, hasBar: Bool = false) {
    let (width, height) = (max(0, size.width), max(0, size.height))
    var top = 0
    var bottom = height
    if height >= 1 {
      header = 0
      top = 1
    }
    if height >= 3 {
      bottom -= 1
      footer = bottom
    }
    if height >= 6 {
      alert = top
      top += 1
    }
    if height >= 9 {
      tabs = top
      top += 1
    }
    if height >= 16 {
      bottom -= 1
      status = bottom
    }
    if hasBar, height >= 12 {
      bottom -= 1
      bar = bottom
    }
    body = Rect(x: 0, y: top, width: width, height: max(0, bottom - top))
  }
}
