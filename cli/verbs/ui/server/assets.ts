import { join } from "node:path";
import { escapeHtml } from "../../../terminal/html-escape";
import { sourceRoot } from "../../../../model/source-root";

/** What the page consists of. */
export interface Assets {
  script: string;
  style: string;
}

/** The page as it was bundled at the installation, or bundled again where its sources have changed since. */
export function bundlePage(): Assets {
  const { page } = require(join(sourceRoot, "bin", "bundle.js")) as typeof import("../../../../bin/bundle");
  return page();
}

/** What a person reads who opens an address that is not answered. */
export function refusalHtml(error: string): string {
  return documentHtml({ body: `<p>${escapeHtml(error)}</p>` });
}

/**
 * The document of every view; the script shows the one that its address names.
 * @param tool what the user types for the tool
 */
export function pageHtml(base: string, acts: boolean, tool: string): string {
  return documentHtml({
    attributes: ` data-base="${base}" data-tool="${escapeHtml(tool)}"${acts ? " data-acts" : ""}`,
    head: `<link rel="stylesheet" href="${base}/assets/page.css">\n`,
    body: `<div id="page"><p class="muted">The page needs JavaScript. <code>${escapeHtml(tool)} status</code> prints the same without it.</p></div>
<script src="${base}/assets/page.js"></script>`,
  });
}

function documentHtml({
  attributes = "",
  head = "",
  body,
}: {
  attributes?: string;
  head?: string;
  body: string;
}): string {
  return `<!doctype html>
<html lang="en"${attributes}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>onebranch</title>
<link rel="icon" href="data:,">
${head}</head>
<body>
${body}
</body>
</html>
`;
}
