import { buildSync } from "esbuild";
import { join } from "node:path";
import { sourceRoot } from "../../../../model/source-root";

/** What the page consists of. */
export interface Assets {
  script: string;
  style: string;
}

/** Bundles the page from its sources; takes some hundredths of a second, so nothing is kept. */
export function bundlePage(): Assets {
  const directory = join(sourceRoot, "cli", "verbs", "ui", "page");
  const { outputFiles } = buildSync({
    absWorkingDir: sourceRoot,
    entryPoints: [join(directory, "main.tsx"), join(directory, "style.css")],
    tsconfig: join(directory, "tsconfig.json"),
    outdir: directory,
    bundle: true,
    minify: true,
    platform: "browser",
    format: "iife",
    target: ["es2023"],
    write: false,
    logLevel: "silent",
  });
  const ending = (end: string) => outputFiles.find(({ path }) => path.endsWith(end))!.text;
  return { script: ending(".js"), style: ending(".css") };
}

/** The document of every view; the script shows the one that its address names. */
export function pageHtml(base: string, acts: boolean): string {
  return `<!doctype html>
<html lang="en" data-base="${base}"${acts ? " data-acts" : ""}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>onebranch</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${base}/assets/page.css">
</head>
<body>
<div id="page"><p class="muted">The page needs JavaScript. <code>onebranch status</code> prints the same without it.</p></div>
<script src="${base}/assets/page.js"></script>
</body>
</html>
`;
}
