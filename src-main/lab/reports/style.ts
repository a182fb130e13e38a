/** The app's colours and sizes. Nothing is loaded: the reader's own type where Inter is not at hand. */
export const style = `
:root {
  color-scheme: light dark;
  --paper: light-dark(#ffffff, #15171b);
  --panel: light-dark(#f6f7f8, #1b1e23);
  --line: light-dark(#e2e4e9, #2b2f36);
  --line-control: light-dark(#868b96, #737985);
  --ink: light-dark(#1a1d23, #e4e6ea);
  --ink-muted: light-dark(#5b616d, #a2a8b4);
  --accent: light-dark(#4a52c4, #959cf5);
  --method-sqrl: #0072b2;
  --method-sac: #e69f00;
  --method-esac: #56b4e9;
  --method-wcpg: #cc79a7;
  --method-cpo: #009e73;
  --method-rs: var(--ink);
  --group-other: var(--ink-muted);
}
* { box-sizing: border-box; }
html { background: var(--paper); color: var(--ink); font: 14px/1.5 "Inter Variable", Inter, system-ui, sans-serif; font-variant-numeric: tabular-nums; }
body { max-width: 1080px; margin: 0 auto; padding: 24px 16px 64px; }
h1, h2, h3, p, dl, dd, figure { margin: 0; }
h1 { font-size: 24px; line-height: 1.25; font-weight: 600; overflow-wrap: anywhere; }
h2 { margin: 36px 0 8px; padding-bottom: 4px; border-bottom: 1px solid var(--line); font-size: 17px; font-weight: 600; }
h3 { margin: 20px 0 6px; font-size: 14px; font-weight: 600; overflow-wrap: anywhere; }
p { max-width: 78ch; }
p + p { margin-top: 6px; }
.kind, .muted, figcaption, dt { color: var(--ink-muted); }
.about { margin: 10px 0 0; }
.answer { margin-top: 4px; font-size: 17px; line-height: 1.45; overflow-wrap: anywhere; }
ul { margin: 10px 0 0; padding-left: 20px; }
li { max-width: 90ch; margin: 3px 0; overflow-wrap: anywhere; }
.warnings { padding: 8px 12px 8px 28px; border-left: 3px solid var(--line-control); background: var(--panel); }
.scroll { overflow: auto; margin: 6px 0; }
details .scroll { max-height: 70vh; }
:is(.scroll, summary):focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
table { border-collapse: collapse; font-size: 13px; }
th, td { padding: 4px 16px 4px 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; font-weight: 400; white-space: nowrap; }
.long { display: inline-block; width: max-content; max-width: 44ch; white-space: pre-line; overflow-wrap: anywhere; }
thead th { color: var(--ink-muted); font-size: 12px; vertical-align: bottom; }
.number { text-align: right; }
.mark { margin-right: 6px; overflow: visible; vertical-align: baseline; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 440px), 1fr)); gap: 12px 32px; }
figure { min-width: 0; }
figure > svg { display: block; max-width: 100%; height: auto; font-family: inherit; }
figcaption, .words { margin-top: 4px; font-size: 12px; overflow-wrap: anywhere; }
details { margin: 8px 0; }
summary { cursor: pointer; color: var(--accent); font-size: 13px; overflow-wrap: anywhere; }
dl > div { display: flex; flex-wrap: wrap; gap: 0 12px; padding: 3px 0; }
dt { min-width: 150px; }
dd { flex: 1 1 240px; overflow-wrap: anywhere; }
.facts { margin-bottom: 12px; }
.note { white-space: pre-wrap; overflow-wrap: anywhere; }
code, pre { font: 12px/1.5 ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", monospace; }
pre { margin: 0; }
.legend { display: flex; flex-wrap: wrap; gap: 2px 18px; margin: 6px 0 10px; padding: 0; list-style: none; }
@page { margin: 14mm 12mm; }
@media print {
  :root { color-scheme: light; }
  body { max-width: none; padding: 0; }
  html { font-size: 11px; }
  h1 { font-size: 20px; }
  h2 { margin-top: 20px; font-size: 14px; }
  h3 { margin-top: 12px; font-size: 12px; }
  .answer { font-size: 14px; }
  figure, tr, dl > div, .warnings { break-inside: avoid; }
  h2, h3, .legend { break-after: avoid; }
  p, li { orphans: 3; widows: 3; }
  figcaption, .words { font-size: 9px; }
  .figures { grid-template-columns: 1fr 1fr; gap: 8px 20px; }
  .figures h3 { margin-top: 4px; }
  .scroll, details .scroll { max-height: none; overflow: visible; }
  /* A closed part cannot be opened on paper. */
  details:not([open]) { display: none; }
  summary { color: inherit; list-style: none; }
  table { font-size: 9px; }
  thead th { font-size: 9px; }
  th, td { padding: 2px 6px 2px 0; white-space: normal; }
  .long { display: inline; }
  code, pre { font-size: 9px; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; }
  td code { font-size: 8px; white-space: nowrap; }
}
`
