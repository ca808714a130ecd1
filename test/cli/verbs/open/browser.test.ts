import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { browserCommand } from "../../../../cli/verbs/open/browser";

describe("the browser", () => {
  const bin = mkdtempSync(join(tmpdir(), "onebranch-browser-"));
  before(() => {
    for (const program of ["xdg-open", "wslview"]) writeFileSync(join(bin, program), "");
  });
  after(() => rmSync(bin, { recursive: true }));
  const url = "https://localhost:8443";
  const command = (env: Record<string, string>, platform: NodeJS.Platform = "linux") =>
    browserCommand(url, { PATH: bin, ...env }, platform)?.join(" ");

  for (const [what, find, wanted] of [
    ["is what BROWSER names", () => command({ BROWSER: "firefox --new-tab" }), `firefox --new-tab ${url}`],
    ["gets the address where BROWSER says", () => command({ BROWSER: "lynx -o %s -x:w3m" }), `lynx -o ${url} -x`],
    ["is the desktop's on a Linux with a display", () => command({ DISPLAY: ":0" }), `xdg-open ${url}`],
    ["is the desktop's under Wayland", () => command({ WAYLAND_DISPLAY: "wayland-0" }), `xdg-open ${url}`],
    ["is not there without a display", () => command({}), undefined],
    ["is not there without a program for it", () => command({ DISPLAY: ":0", PATH: "/nowhere" }), undefined],
    ["is not there over SSH", () => command({ DISPLAY: ":0", SSH_CONNECTION: "a" }), undefined],
    ["is the desktop's on a Mac", () => command({}, "darwin"), `open ${url}`],
    ["is that of Windows in WSL", () => command({ WSL_DISTRO_NAME: "Debian" }), `wslview ${url}`],
  ] as const) {
    it(what, () => assert.equal(find(), wanted));
  }
});
