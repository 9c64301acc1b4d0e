extension NginxConfiguration {
  /// The static files of a lab's site, by their names.
  static func site(title: String) -> [(name: String, text: String)] {
    [
      (
        "index.html",
        """
        <!doctype html>
        <html lang="en">
        <title>\(title)</title>
        <link rel="stylesheet" href="/style.css">
        <img src="/logo.svg" alt="" width="64" height="64">
        <h1>\(title)</h1>
        <p>A demo site: it is served by the cluster that tiertop shows.</p>

        """
      ),
      ("style.css", "body { font-family: sans-serif; margin: 4rem auto; max-width: 40rem; }\n"),
      (
        "logo.svg",
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 3 3">
        <path d="M0 2h1v1H0zm1-1h1v2H1zm1-1h1v3H2z"/>
        </svg>

        """
      ),
    ]
  }
}
