/** Colours keep a contrast of 4.5 to 1 on their grounds, light and dark; a test measures it. */
export const style = `
:root {
  --ground: #ffffff; --panel: #f6f8fa; --line: #d1d9e0; --text: #1f2328; --muted: #57606a; --focus: #0550ae;
  --add: #116329; --add-ground: #dafbe1; --change: #0550ae; --change-ground: #ddf4ff;
  --remove: #a40e26; --remove-ground: #ffebe9; --medium: #6e4600; --medium-ground: #fff8c5;
  --high: #ffffff; --high-ground: #b3122b;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0d1117; --panel: #161b22; --line: #3d444d; --text: #e6edf3; --muted: #a0a8b1; --focus: #79c0ff;
    --add: #7ee787; --add-ground: #12301f; --change: #8ecbff; --change-ground: #12263f;
    --remove: #ffb1a9; --remove-ground: #3b1519; --medium: #f0c95a; --medium-ground: #332808;
    --high: #ffffff; --high-ground: #b3122b;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body { margin: 0 auto; max-width: 1240px; padding: 1.5rem 1rem 3rem; background: var(--ground); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
code, pre, .diff h3, .diff summary { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 13px; }
h1 { margin: 0; font-size: 1.6rem; line-height: 1.25; letter-spacing: -0.01em; }
h2 { margin: 0 0 .5rem; font-size: 1.05rem; }
p { margin: .4rem 0; }
.muted { color: var(--muted); }
.revisions { color: var(--muted); }
.sr, .skip:not(:focus) { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip:focus { display: inline-block; padding: .3rem .6rem; color: var(--focus); }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; border-radius: 4px; }
.add { color: var(--add); background: var(--add-ground); }
.change { color: var(--change); background: var(--change-ground); }
.remove { color: var(--remove); background: var(--remove-ground); }
.medium { color: var(--medium); background: var(--medium-ground); }
.high { color: var(--high); background: var(--high-ground); }
.figures { display: flex; flex-wrap: wrap; gap: .5rem; margin: .8rem 0 0; padding: 0; list-style: none; }
.figures li { padding: .2rem .7rem; border-radius: 999px; font-size: 14px; }
#filters { display: flex; flex-wrap: wrap; align-items: center; gap: .6rem 1rem; margin: 1.4rem 0 1rem; }
#filters label { display: flex; align-items: center; gap: .4rem; color: var(--muted); }
#filters input[type=search] { width: 19rem; max-width: 62vw; }
input[type=search], select, button { min-height: 2.25rem; padding: .3rem .6rem; border: 1px solid var(--muted); border-radius: 6px;
  background: var(--ground); color: var(--text); font: inherit; }
input[type=checkbox] { width: 1.1rem; height: 1.1rem; accent-color: var(--focus); }
::placeholder { color: var(--muted); opacity: 1; }
.matrix { margin: 0 0 1.4rem; }
.scroll { width: fit-content; max-width: 100%; overflow-x: auto; border: 1px solid var(--line); border-radius: 8px; }
table { border-collapse: separate; border-spacing: 0; }
tbody th, thead td { position: sticky; left: 0; z-index: 1; background: var(--panel); }
tbody th { max-width: 15rem; overflow: hidden; padding: .15rem .8rem; text-align: left; text-overflow: ellipsis; font-weight: 600; white-space: nowrap; }
tbody tr + tr > * { border-top: 1px solid var(--line); }
thead tr > * { background: var(--panel); }
.stage { padding: .35rem .5rem 0; text-align: left; font-size: 13px; white-space: nowrap; color: var(--muted); border-left: 1px solid var(--line); }
.cluster { padding: .4rem .2rem; vertical-align: bottom; font-weight: 500; font-size: 13px; }
.cluster span { display: inline-block; max-height: 10rem; overflow: hidden; writing-mode: vertical-rl; transform: rotate(180deg); white-space: nowrap; }
tbody td { min-width: 2rem; height: 2rem; padding: 0; text-align: center; border-left: 1px solid var(--line); font-weight: 700; }
tbody td a { display: block; min-width: 2rem; line-height: 2rem; color: inherit; text-decoration: none; }
tbody td a:hover { text-decoration: underline; }
tbody td a:focus-visible { outline-offset: -2px; outline-color: currentColor; }
tbody td.off { background: none; color: var(--muted); }
.legend { display: flex; flex-wrap: wrap; gap: .3rem .9rem; align-items: center; font-size: 13px; }
.legend b { display: inline-block; min-width: 1.4rem; margin-right: .1rem; border-radius: 4px; text-align: center; }
.toggle { margin-left: auto; }
.toggle button { margin-left: .4rem; }
button { cursor: pointer; }
button:hover { background: var(--panel); }
button[aria-pressed=true] { background: var(--text); color: var(--ground); }
.card { margin: 0 0 .6rem; border: 1px solid var(--line); border-radius: 8px; background: var(--ground); color: var(--text); }
.card[open] { box-shadow: 0 1px 6px rgb(0 0 0 / .12); }
summary { display: flex; flex-wrap: wrap; align-items: center; gap: .3rem .7rem; padding: .65rem .8rem; cursor: pointer; list-style: none; }
summary::-webkit-details-marker { display: none; }
.card > summary:hover { background: var(--panel); border-radius: 8px; }
.sign { flex: none; width: 1.6rem; height: 1.6rem; border-radius: 6px; text-align: center; font-weight: 700; line-height: 1.6rem; }
.name { font-weight: 650; }
.where { flex: 1 1 auto; }
.badges { display: flex; flex-wrap: wrap; gap: .3rem; }
.badge { padding: .05rem .55rem; border-radius: 999px; font-size: 12.5px; white-space: nowrap; }
.badge:not(.high, .medium) { background: var(--panel); color: var(--muted); border: 1px solid var(--line); }
.body { padding: 0 .8rem .8rem; border-top: 1px solid var(--line); }
.danger { padding: .45rem .7rem; border-radius: 6px; overflow-wrap: anywhere; }
.danger code { margin-right: .4rem; font-weight: 700; }
dl { margin: .7rem 0; }
dl > div { display: grid; grid-template-columns: 5.8rem minmax(0, 1fr); padding: .15rem 0; }
dt { color: var(--muted); }
dd { grid-column: 2; margin: 0; line-height: 1.6; overflow-wrap: anywhere; font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 13px; }
.names summary { display: inline-block; padding: 0; color: var(--focus); text-decoration: underline; }
.names span { display: inline-block; margin-right: .8rem; white-space: nowrap; }
.diff { margin: .7rem 0 0; overflow: hidden; border: 1px solid var(--line); border-radius: 6px; }
.diff h3, .diff summary { display: block; margin: 0; padding: .35rem .7rem; font-weight: 400; overflow-wrap: anywhere; }
.diff summary:hover { border-radius: 0; text-decoration: underline; }
.diff summary b::after { content: " \\25b8"; }
.diff[open] summary b::after { content: " \\25be"; }
.source { margin-left: .6rem; }
.field { padding: .35rem .7rem .45rem; }
.field + .field { border-top: 1px solid var(--line); }
.path { color: var(--muted); overflow-wrap: anywhere; }
pre { margin: .15rem 0 0; white-space: pre-wrap; overflow-wrap: anywhere; }
ins, del { display: block; padding: 0 .3rem 0 1.5rem; text-indent: -1.2rem; text-decoration: none; }
ins { background: var(--add-ground); color: var(--add); }
del { background: var(--remove-ground); color: var(--remove); }
.varied ul { margin: .2rem 0; padding-left: 1.2rem; overflow-wrap: anywhere; }
.unknowns { margin: 1.2rem 0 0; padding: .8rem 1rem; border: 1px solid var(--line); border-left: 4px solid var(--medium); border-radius: 8px; overflow-wrap: anywhere; }
.unknowns.failed { border-left-color: var(--high-ground); }
.unknowns ul { margin: 0; padding-left: 1.2rem; }
footer { margin-top: 2rem; font-size: 13px; }
[hidden] { display: none !important; }
@media (max-width: 600px) {
  body { padding: 1rem .75rem 2rem; }
  h1 { font-size: 1.35rem; }
  #filters label:first-child, #filters input[type=search] { width: 100%; max-width: none; }
  dl > div { grid-template-columns: minmax(0, 1fr); }
  dd { grid-column: 1; }
  .where { flex-basis: 60%; }
  .toggle { margin-left: 0; }
  tbody th { max-width: 9rem; }
}
@media print { .card > .body { display: block; } #filters { display: none; } }
`;
