/// How an HTML page looks: on a screen by day and by night, on a phone, and on paper.
enum HTMLStyle {
    /// How wide a table's columns are.
    enum Shape: String {
        /// Who, what, why.
        case changes
        /// Who, what it is about.
        case remarks
        /// A name, a number, a note.
        case counts
        /// A guard, what it saw, what it does, what it means.
        case guards
        /// A list with any columns.
        case list
    }

    // A part of a table (tbody) is a block of its own, so that `content-visibility` can leave out what is not in sight; its rows are
    // grids with the same columns. On paper they are an ordinary table again, whose head is repeated on every page.
    static let sheet = """
        :root {
          color-scheme: light dark;
          --ink: #1f2328; --soft: #59636e; --line: #d8dee4; --ground: #ffffff; --shade: #f6f8fa;
          --good: #1a7f37; --waiting: #9a6700; --bad: #cf222e;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --ink: #e6edf3; --soft: #9198a1; --line: #30363d; --ground: #0d1117; --shade: #161b22;
            --good: #3fb950; --waiting: #d29922; --bad: #f85149;
          }
        }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
        main { max-width: 76rem; margin: 0 auto; padding: 2.5rem 1.5rem 4rem; }
        h1 { margin: 0 0 1rem; padding-left: 1rem; border-left: .3rem solid var(--soft); font-size: 1.5rem; line-height: 1.3; font-weight: 600; }
        h1.good { border-color: var(--good); } h1.waiting { border-color: var(--waiting); } h1.bad { border-color: var(--bad); }
        h2 { margin: 2.5rem 0 .6rem; font-size: 1.1rem; font-weight: 600; }
        p { margin: .5rem 0; }
        .quiet { color: var(--soft); }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1.25rem; margin: 0; font-size: .9rem; color: var(--soft); }
        dt { font-weight: 600; } dd { margin: 0; overflow-wrap: anywhere; }
        pre { margin: .5rem 0; padding: .7rem 1rem; background: var(--shade); border: 1px solid var(--line); border-radius: .4rem;
          font: .9rem/1.6 ui-monospace, "SFMono-Regular", Menlo, Consolas, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
        table { display: block; width: 100%; font-size: .9rem; font-variant-numeric: tabular-nums; text-align: left; }
        thead, tbody { display: block; }
        .long tbody { content-visibility: auto; contain-intrinsic-size: auto 520rem; }
        tr { display: grid; gap: 0 1.25rem; padding: .35rem 0; border-bottom: 1px solid var(--line); }
        th, td { min-width: 0; padding: 0; font-weight: inherit; overflow-wrap: anywhere; }
        tbody th { font-weight: 500; }
        thead th { color: var(--soft); font-size: .8rem; font-weight: 600; }
        .changes tr { grid-template-columns: 3fr 6fr 6fr; }
        .remarks tr { grid-template-columns: 3fr 12fr; }
        .counts tr { grid-template-columns: 11rem 7rem 1fr; }
        .counts td:nth-child(2), .counts th:nth-child(2) { text-align: right; }
        .guards tr { grid-template-columns: 3fr 4fr 3fr 6fr; }
        .list tr { grid-auto-flow: column; grid-auto-columns: minmax(0, 1fr); }
        @media (max-width: 42rem) {
          main { padding: 1.5rem 1rem 3rem; }
          h1 { font-size: 1.25rem; }
          .changes tr, .remarks tr, .guards tr { grid-template-columns: 1fr; }
          .counts tr { grid-template-columns: 1fr max-content 5rem; }
          .list tr { grid-auto-flow: row; }
          .changes thead, .remarks thead, .guards thead, .list thead { display: none; }
          tbody th { font-weight: 600; }
        }
        @media print {
          :root { --ink: #000; --soft: #444; --line: #bbb; --ground: #fff; --shade: #fff; }
          body { font-size: 10pt; }
          main { max-width: none; padding: 0; }
          h2 { break-after: avoid; }
          table { display: table; border-collapse: collapse; }
          thead { display: table-header-group; }
          .long tbody { content-visibility: visible; }
          tbody { display: table-row-group; }
          tr { display: table-row; break-inside: avoid; }
          th, td { display: table-cell; padding: .2rem .6rem .2rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
        }
        """
}
