import Cluster

/// A transport that makes its samples itself: what it finds out is not in the bytes of one reply.
protocol Sampler: Transport {
  /// What the last exchange came to; valid after one that has succeeded, until the next one begins.
  var sample: Sample? { get }
}

extension Sampler {
  var reply: ReplyBuffer { ReplyBuffer(limit: 0) }
}
