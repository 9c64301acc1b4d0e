import FuzzerKit

/// What is in files, in the record, and what a person does.
@main enum Main {
  static func main() {
    FuzzerCommand(Fuzzer.files + Fuzzer.history + Fuzzer.screen).run()
  }
}
