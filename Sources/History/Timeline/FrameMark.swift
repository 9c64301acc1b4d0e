/// What is known of a frame without reading it.
struct FrameMark {
  var sequence: FrameNumber
  var layout: Int64
  var stretch: Int64
  var isBetweenTicks: Bool
}

extension FrameLoader {
  /// Those from `first` to `last` that there are, oldest first. O(frames), however large they are.
  func marks(
    _ first: FrameNumber, through last: FrameNumber
  ) throws(StoreFailure) -> [FrameMark] {
    var marks: [FrameMark] = []
    var next = first
    while next <= last {
      if let (place, head) = try sealed.head(of: next) {
        for sequence in next...min(last, place.last) {
          marks.append(
            FrameMark(
              sequence: sequence, layout: place.layout, stretch: place.stretch,
              isBetweenTicks: head.isBetween[Int(sequence - place.first)]))
        }
        next = place.last + 1
      } else if let gap = sealed.damage(at: next) {
        next = gap.sequence
      } else if let mark = try open.mark(of: next) {
        marks.append(mark)
        next += 1
      } else if let later = try sequence(after: next) {
        next = later
      } else {
        break
      }
    }
    return marks
  }
}
