import { existsSync } from "node:fs";
import type { Context } from "mocha";
import { chromium, type Browser } from "playwright-core";
import { skip } from "./skip";

/** Without a network, a GPU and a sandbox, which root has no use for. */
const chromiumArguments = [
  ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
];
const browsers = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/snap/bin/chromium"];

/** The Chromium of this machine; undefined when it has none. */
export async function findBrowser(): Promise<Browser | undefined> {
  const executablePath = browsers.find((path) => existsSync(path));
  return executablePath === undefined ? undefined : chromium.launch({ executablePath, args: chromiumArguments });
}

/** The same for a test, which is skipped without one. */
export async function launchBrowser(context: Context): Promise<Browser> {
  return (await findBrowser()) ?? skip(context, "no Chromium on this machine; apt-get install chromium");
}
