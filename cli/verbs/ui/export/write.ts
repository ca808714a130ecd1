import { inlinePolicy } from "../../../page/policy";
import { escapeDirectional, nameDirectional } from "../../../terminal/directional";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { failure } from "../../../terminal/fail";
import type { Assets } from "../server/assets";
import type { Snapshot } from "../views";

/** The files of a snapshot: the page, and what it shows. */
export const [pageFile, dataFile] = ["index.html", "snapshot.json"];

/** Writes a snapshot into a directory, which is made where it is missing; other files there stay. */
export function writeSnapshot(directory: string, snapshot: Snapshot, assets: Assets): void {
  try {
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, pageFile), snapshotHtml(snapshot, assets));
    writeFileSync(join(directory, dataFile), `${escapeDirectional(JSON.stringify(snapshot, undefined, 1))}\n`);
  } catch (error) {
    throw failure(`the snapshot cannot be written to ${directory}: ${(error as Error).message}`, error);
  }
}

/** One page that needs nothing else. It may be opened from a disk, where a script may read no other file. */
function snapshotHtml(snapshot: Snapshot, { script, style }: Assets): string {
  // The end of an element cannot stand in a text of JSON.
  const data = nameDirectional(JSON.stringify(snapshot)).replaceAll("<", "\\u003c");
  return `<!doctype html>
<html lang="en" data-base="">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${inlinePolicy({ style, script })}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>onebranch</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<div id="page"><p class="muted">The page needs JavaScript. <code>${dataFile}</code> has the same as JSON.</p></div>
<script type="application/json" id="snapshot">${data}</script>
<script>${script}</script>
</body>
</html>
`;
}
