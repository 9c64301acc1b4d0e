import Testing

/// Whole-program tests: the built product against real peers, as a user runs it. One at a time, since each
/// stands a cluster up.
@Suite(.serialized) struct ProgramTests {}
