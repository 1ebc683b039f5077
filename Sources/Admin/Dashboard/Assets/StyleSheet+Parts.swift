/// Parts of pages, forms, small windows.
extension StyleSheet {
    static let parts = """
        .strip { background: var(--panel); border-bottom: 1px solid var(--line); }
        .strip dl { display: grid; grid-template-columns: minmax(150px, 1.3fr) minmax(190px, 1.4fr) minmax(190px, 1.6fr)
          repeat(3, minmax(90px, 1fr)); max-width: 1560px; margin: 0 auto; padding: 0 24px; }
        .strip dl > div { padding: 10px 16px 10px 0; }
        .strip dl > div + div { padding-left: 16px; border-left: 1px solid var(--line); }
        .strip dt { color: var(--soft); font-size: 12.5px; }
        .strip dd { display: flex; align-items: center; flex-wrap: wrap; gap: 0 6px; font-size: 16px; font-weight: \
        650; }
        .strip dd > .mark { margin-right: 0; }
        .strip small, .strip .quiet { font-weight: 400; font-size: 13px; }
        .strip .state dt { color: var(--text); font-weight: 650; }
        .history { width: 96px; height: 22px; margin-left: auto; }
        .history polyline { fill: none; stroke: var(--accent); stroke-width: 1.5; vector-effect: non-scaling-stroke; }
        .history .area { fill: var(--accent); opacity: .14; }

        .schematic { display: block; width: 100%; overflow: visible; }
        .schematic .grid { stroke: var(--line); stroke-width: 1; }
        .schematic .axis { fill: var(--soft); font-size: 12px; }
        .schematic .way { stroke: var(--good); opacity: .75; }
        .schematic .way.warn { stroke: var(--warn); } .schematic .way.bad { stroke: var(--bad); }
        .schematic .dashed { stroke-dasharray: 5 5; }
        .schematic .stop { fill: var(--good); } .schematic .hole { fill: var(--panel); }
        .schematic .stop.warn { fill: var(--warn); } .schematic .stop.bad { fill: var(--bad); }
        .schematic .edge-dot { fill: var(--accent); stroke: var(--panel); stroke-width: 3; }
        .schematic .label, .schematic .edge-name { fill: var(--text); font-size: 13px; font-weight: 650;
          paint-order: stroke; stroke: var(--panel); stroke-width: 4px; stroke-linejoin: round; }
        .schematic .soft { fill: var(--soft); font-weight: 400; }

        .legend { font-weight: 400; color: var(--soft); font-size: 13px; }
        .regions { display: grid; gap: 16px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 324px), 1fr));
          align-items: start; }
        .region { display: grid; gap: 8px; padding-bottom: 4px; }
        .region > header, .drain > header, .cell-head { display: flex; align-items: center; flex-wrap: wrap; gap: 4px \
        8px; }
        .region > header h3 { font-size: 17px; margin-right: 4px; }
        .facts { color: var(--soft); font-size: 13px; }
        .cell { display: grid; gap: 4px; padding: 12px 0; border-top: 1px solid var(--line); }
        .part > .cells > .cell:first-child { border-top: 0; padding-top: 0; }
        .share { margin-left: auto; font-size: 16px; font-weight: 650; }
        h1 + .columns .cell-head .share { font-size: 22px; }
        .bar { display: block; width: 100%; height: 8px; overflow: hidden; border-radius: 3px; }
        .part > .bar { margin: 6px 0; }
        .bar .track { fill: var(--inset); } .bar .fill { fill: var(--good); transition: width .6s ease-out; }
        .bar .fill.move { fill: var(--move); } .bar .fill.warn { fill: var(--warn); }
        .bar .fill.bad { fill: var(--bad); } .bar .fill.quiet { fill: var(--quiet); }
        .bar .tick { fill: var(--text); opacity: .75; }
        .bar .loss { fill: var(--bad); opacity: .7; } .bar .gain { fill: var(--accent); }
        .why { display: flex; align-items: baseline; font-size: 13px; }
        .numbers { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 4px 12px; margin-top: 4px; }
        .numbers dt { color: var(--soft); font-size: 12px; }
        .numbers dd { font-weight: 600; font-size: 13.5px; }
        .numbers dd.none { color: var(--soft); font-weight: 400; font-size: 12px; line-height: 1.65; }
        .drain { display: grid; gap: 8px; }
        .drain + .drain { margin-top: 12px; }
        .part > h2 { margin-bottom: 8px; }
        .progress { display: grid; grid-template-columns: repeat(auto-fit, minmax(200px, 1fr)); gap: 8px 24px; }
        .progress > div { display: grid; grid-template-columns: 1fr auto; gap: 2px 8px; }
        .progress dt { color: var(--soft); } .progress dd { font-weight: 650; } .progress .bar { grid-column: 1 / -1; }

        .events { display: grid; grid-template-columns: auto 12px auto minmax(90px, auto) 1fr auto; column-gap: 10px; }
        .events li { display: grid; grid-column: 1 / -1; grid-template-columns: subgrid; padding: 6px 0;
          border-top: 1px solid var(--line); align-items: baseline; font-size: 13.5px; }
        .events li:first-child, .audit > li:first-child, .endpoints li:first-child { border-top: 0; }
        .events time { color: var(--soft); white-space: nowrap; }
        .events .mark { margin: 0; align-self: center; }
        .events .event { font-size: 12.5px; font-weight: 600; letter-spacing: .02em; }
        .cause { color: var(--soft); }
        .audit > li { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 2px 16px; padding: 8px 0;
          border-top: 1px solid var(--line); align-items: start; }
        .audit .line, .audit details[open] { grid-column: 1 / -1; }
        .audit details { grid-row: span 1; } .audit summary { padding: 3px 0; }
        .audit .line { display: flex; flex-wrap: wrap; gap: 4px 12px; align-items: baseline; }
        .hash { margin-top: 8px; }
        summary { cursor: pointer; color: var(--accent); font-size: 13px; padding: 4px 0; width: fit-content; }
        .endpoints li { display: grid; grid-template-columns: minmax(0, 1fr) auto auto; gap: 2px 12px; padding: 8px 0;
          border-top: 1px solid var(--line); align-items: center; }
        .endpoints .cause { grid-column: 1 / -1; font-size: 13px; } .endpoints .cause:empty { display: none; }
        .rtt { min-width: 80px; text-align: right; }
        .moves li { display: grid; grid-template-columns: 1fr auto; gap: 4px 12px; padding: 4px 0; }
        .moves .bar { grid-column: 1 / -1; }
        .preview { display: grid; gap: 12px; }
        .confirm { border-color: var(--accent); border-width: 2px; }
        .plain-list li { padding: 2px 0; }
        .lost { color: var(--soft); font-size: 13px; }
        .stages { display: grid; gap: 8px; }
        .stages > li { display: grid; gap: 2px; padding-left: 12px; border-left: 3px solid var(--line); }
        .stages h3 { font-size: 14px; } .stages h3 .num { color: var(--soft); margin-right: 4px; }
        .verdict { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; font-size: 16px; }

        form { display: grid; gap: 12px; }
        .field { display: grid; gap: 4px; }
        .field.check { grid-template-columns: auto 1fr; gap: 10px; align-items: start; }
        .field.check label { font-weight: 400; }
        label, legend { font-weight: 600; }
        fieldset { border: 0; display: grid; gap: 8px; } legend { margin-bottom: 4px; padding: 0; }
        input:not([type=radio], [type=checkbox]), select, textarea { width: 100%; min-height: 40px; padding: 8px 10px;
          font: inherit; font-size: 16px; color: var(--text); background: var(--ground); border: 1px solid \
          var(--edge-line);
          border-radius: 6px; }
        textarea { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: 14px; resize: \
        vertical; }
        input[type=radio], input[type=checkbox] { width: 18px; height: 18px; margin: 2px 0 0; accent-color: \
        var(--accent); }
        .buttons { display: flex; flex-wrap: wrap; gap: 8px; }
        button, .button { display: inline-flex; align-items: center; justify-content: center; min-height: 40px;
          padding: 8px 16px; font: inherit; font-weight: 600; color: var(--text); background: var(--inset);
          border: 1px solid var(--edge-line); border-radius: 6px; cursor: pointer; text-decoration: none; }
        button:hover, .button:hover { border-color: var(--accent); color: var(--text); }
        button.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
        button.primary:hover { filter: brightness(1.08); color: var(--on-accent); }
        button.plain { background: none; border-color: transparent; color: var(--accent); padding: 4px 8px; \
        min-height: 32px; }
        .who form { display: block; }
        .undo { justify-items: start; }
        .sign-in { width: min(100%, 420px); margin: 8vh auto; }
        .trouble { max-width: 640px; margin: 4vh auto; }

        @media (max-width: 1080px) {
          .strip dl { grid-template-columns: repeat(3, minmax(0, 1fr)); }
          .strip dl > div { padding: 8px 12px 8px 0; }
          .strip dl > div:nth-child(n + 4) { border-top: 1px solid var(--line); }
          .strip dl > div:nth-child(3n + 1) { padding-left: 0; border-left: 0; }
        }
        @media (max-width: 860px) {
          .columns { grid-template-columns: minmax(0, 1fr); }
          .columns > .forms { grid-column: 1; grid-row: auto; }
          .events { grid-template-columns: auto 12px auto 1fr auto; }
          .events .generation { grid-column: 5; }
          .events .cause { grid-column: 3 / -1; grid-row: 2; }
        }
        @media (max-width: 620px) {
          .top { padding: 8px 12px 0; gap: 0 12px; } .top:not(:has(nav)) { padding-bottom: 8px; }
          .top nav { order: 3; width: 100%; overflow-x: auto; }
          .top nav ul { justify-content: space-between; }
          .top nav a { padding: 12px 6px; white-space: nowrap; }
          main { padding: 12px 12px 24px; gap: 16px; }
          .foot { padding: 0 12px 24px; } .connection { padding: 8px 12px; }
          .card { padding: 12px; } .columns, .columns > div { gap: 16px; }
          .strip dl { grid-template-columns: repeat(2, minmax(0, 1fr)); padding: 0 12px; }
          .strip dl > div { border-top: 1px solid var(--line); }
          .strip dl > div:nth-child(-n + 2) { border-top: 0; }
          .strip dl > div:nth-child(n) { padding-left: 12px; border-left: 1px solid var(--line); }
          .strip dl > div:nth-child(odd) { padding-left: 0; border-left: 0; }
          .strip .history { display: none; }
          .events { grid-template-columns: 12px 1fr auto; column-gap: 8px; } .events li { row-gap: 2px; }
          .events time { grid-column: 2; grid-row: 1; } .events .mark { grid-column: 1; grid-row: 1; }
          .events .generation { grid-column: 3; grid-row: 1; }
          .events .event { grid-column: 2 / -1; } .events .subject { grid-column: 2 / -1; }
          .events .cause { grid-column: 2 / -1; grid-row: auto; }
          button, .button { min-height: 44px; flex: 1 1 auto; }
          .who form button { flex: none; }
        }
        @media (prefers-reduced-motion: reduce) { * { transition: none !important; } }
        @media (forced-colors: active) { .mark, .bar .fill { forced-color-adjust: none; } }

        """
}
