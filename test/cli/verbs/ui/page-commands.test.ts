import assert from "node:assert/strict";
import type { Browser } from "playwright-core";
import { launchBrowser } from "../../../support/browser";
import { object } from "./support/objects";
import { PageServer } from "./support/page-server";

describe("the commands of the page", () => {
  const clusters = [{ name: "dev", stage: "dev", region: "us-east-1" }];
  let browser: Browser;
  let server: PageServer;

  before(async function () {
    browser = await launchBrowser(this);
    server = new PageServer(clusters);
    server.stub("dev").set(object("orders"));
    await server.start();
  });
  after(async () => {
    await browser?.close();
    await server?.end();
  });

  it("copies the command that prints the same", async () => {
    const context = await browser.newContext({ permissions: ["clipboard-read", "clipboard-write"] });
    const page = await context.newPage();
    await page.goto(`${server.url}clusters/dev/orders`);
    await page.getByRole("button", { name: "Copy onebranch explain dev orders" }).click();
    await page.getByText("onebranch explain dev orders is copied").waitFor({ state: "attached" });
    assert.equal(await page.evaluate("navigator.clipboard.readText()"), "onebranch explain dev orders");
    await context.close();
  });

  it("offers commands as this user types them, where PATH lacks the tool too", async () => {
    const other = new PageServer(clusters);
    other.stub("dev").set(object("orders"));
    await other.start({ tool: "./onebranch" });
    const page = await browser.newPage();
    for (const [path, line] of [
      ["", "./onebranch status"],
      ["recent", "./onebranch ui --export snapshot"],
      ["components/orders", "./onebranch pins orders"],
      ["clusters/dev", "./onebranch status dev"],
      ["clusters/dev/orders", "./onebranch explain dev orders"],
    ] as const) {
      await page.goto(other.url + path);
      await page.getByRole("button", { name: `Copy ${line}`, exact: true }).waitFor();
      const lines = await page.locator(".commands code").allInnerTexts();
      assert.deepEqual(
        lines.filter((line) => line.startsWith("onebranch")),
        [],
      );
    }
    await page.close();
    await other.end();
  });
});
