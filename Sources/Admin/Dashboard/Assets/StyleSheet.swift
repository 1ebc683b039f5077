/// How the dashboard looks. No font, picture or style comes from elsewhere.
enum StyleSheet {
    static let text = base + parts

    /// Colours, type, what every page has. Distances are multiples of 4 px. Texts have a contrast of at least 4.5 on
    /// every ground that they stand on; the end-to-end test computes it.
    static let base = """
        :root {
          color-scheme: dark light;
          --ground: #0e1318; --panel: #161d24; --inset: #1f2830; --line: #2d3944; --edge-line: #75879a;
          --text: #e6ecf1; --soft: #a7b4c0; --accent: #7cc4ff; --on-accent: #06131d;
          --good: #58c98d; --warn: #e9b949; --bad: #ff8a80; --move: #bba3ff; --quiet: #9aa8b5;
          --good-soft: #14301f; --warn-soft: #33290f; --bad-soft: #3a1a19; --move-soft: #272042; --quiet-soft: #222b34;
        }
        @media (prefers-color-scheme: light) {
          :root {
            --ground: #f2f4f7; --panel: #ffffff; --inset: #edf1f5; --line: #d5dde5; --edge-line: #6d7d8c;
            --text: #16202b; --soft: #4c5b69; --accent: #0a5ea8; --on-accent: #ffffff;
            --good: #14693c; --warn: #7a5200; --bad: #ad241b; --move: #5437ae; --quiet: #55636f;
            --good-soft: #e1f3e8; --warn-soft: #fbf0d5; --bad-soft: #fce6e4; --move-soft: #ece7fb; --quiet-soft: \
            #e9edf1;
          }
        }
        * { box-sizing: border-box; }
        html { -webkit-text-size-adjust: 100%; scrollbar-gutter: stable; }
        body {
          margin: 0; background: var(--ground); color: var(--text);
          font: 14px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
          font-variant-numeric: tabular-nums; overflow-wrap: anywhere;
        }
        h1, h2, h3, h4, p, ul, ol, dl, dd, fieldset { margin: 0; padding: 0; }
        h1 { font-size: 22px; line-height: 1.25; font-weight: 650; }
        h2 { font-size: 15px; line-height: 1.3; font-weight: 650; }
        h3 { font-size: 15px; line-height: 1.3; font-weight: 650; }
        h4 { font-size: 14px; line-height: 1.3; font-weight: 650; }
        ul, ol { list-style: none; }
        a { color: var(--accent); text-decoration-thickness: 1px; text-underline-offset: 2px; }
        h3 a, h4 a { color: inherit; text-decoration-color: var(--edge-line); }
        a:hover, h3 a:hover, h4 a:hover { color: var(--accent); text-decoration-thickness: 2px; }
        :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
        [tabindex="-1"]:focus-visible { outline: none; }
        code, pre, .address, .hash { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; \
        font-size: 13px; }
        pre { margin: 8px 0 0; padding: 12px; background: var(--inset); border-radius: 6px; overflow-x: auto;
          white-space: pre-wrap; }
        small, .small { font-size: 13px; }
        .quiet, small { color: var(--soft); }
        .num { font-variant-numeric: tabular-nums; }
        .unseen { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%);
          white-space: nowrap; }
        .skip { position: absolute; left: -9999px; top: 0; padding: 12px 16px; background: var(--accent);
          color: var(--on-accent); z-index: 3; }
        .skip:focus { left: 8px; top: 8px; }
        .top { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 24px; padding: 8px 24px;
          background: var(--panel); border-bottom: 1px solid var(--line); }
        .brand { display: flex; align-items: center; gap: 8px; font-weight: 700; font-size: 16px; }
        .brand a { color: inherit; text-decoration: none; }
        .brand .edge { font-weight: 400; color: var(--soft); font-size: 14px; }
        .rose { width: 20px; height: 20px; fill: var(--accent); }
        .top nav ul { display: flex; gap: 4px; }
        .top nav a { display: block; padding: 8px 12px; color: var(--soft); text-decoration: none; border-radius: 6px; }
        .top nav a:hover { color: var(--text); background: var(--inset); }
        .top nav a[aria-current] { color: var(--text); font-weight: 650; box-shadow: inset 0 -2px 0 var(--accent);
          border-radius: 6px 6px 0 0; }
        .who { display: flex; align-items: center; gap: 12px; margin-left: auto; color: var(--soft); font-size: 13px; }
        .role { padding: 2px 8px; border: 1px solid var(--line); border-radius: 999px; }
        .connection { position: sticky; top: 0; z-index: 2; padding: 8px 24px; background: var(--warn-soft);
          color: var(--warn); font-weight: 650; border-bottom: 1px solid var(--warn); }
        main { display: grid; gap: 20px; padding: 20px 24px 32px; max-width: 1560px; margin: 0 auto; }
        main > *, .part, .part > section { min-width: 0; }
        .part:empty { display: none; }
        section { display: grid; gap: 12px; align-content: start; }
        .part > section { margin: 0; }
        .card { padding: 16px; background: var(--panel); border: 1px solid var(--line); border-radius: 10px; }
        .columns { display: grid; gap: 20px; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); align-items: start; }
        .columns > div { display: grid; gap: 20px; min-width: 0; }
        .columns > .forms { grid-column: 2; grid-row: 1 / span 2; }
        .columns.tall { grid-template-rows: auto 1fr; }
        .crumbs { font-size: 13px; color: var(--soft); margin-bottom: -12px; }
        .foot { padding: 0 24px 24px; max-width: 1560px; margin: 0 auto; color: var(--soft); font-size: 13px; }
        .freshness[data-state=lost] { color: var(--warn); font-weight: 650; }
        .mark { width: 11px; height: 11px; flex: none; fill: var(--quiet); margin-right: 6px; vertical-align: -1px; }
        .mark.good { fill: var(--good); } .mark.warn { fill: var(--warn); } .mark.bad { fill: var(--bad); }
        .mark.move { fill: var(--move); }
        .badge { display: inline-flex; align-items: center; padding: 1px 8px 1px 7px; border-radius: 999px;
          font-size: 12.5px; font-weight: 600; white-space: nowrap; background: var(--quiet-soft); color: \
          var(--quiet); }
        .badge.good { background: var(--good-soft); color: var(--good); }
        .badge.warn { background: var(--warn-soft); color: var(--warn); }
        .badge.bad { background: var(--bad-soft); color: var(--bad); }
        .badge.move { background: var(--move-soft); color: var(--move); }
        .tag { padding: 1px 7px; border: 1px solid var(--line); border-radius: 999px; color: var(--soft);
          font-size: 12.5px; white-space: nowrap; }
        .notice { display: flex; align-items: baseline; padding: 12px 16px; border-radius: 8px;
          border: 1px solid var(--quiet); background: var(--quiet-soft); color: var(--text); }
        .notice.good { border-color: var(--good); background: var(--good-soft); }
        .notice.warn { border-color: var(--warn); background: var(--warn-soft); }
        .notice.bad { border-color: var(--bad); background: var(--bad-soft); }
        .notice ul { list-style: disc; padding-left: 20px; }

        """
}
