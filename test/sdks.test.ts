import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { delimiter, join } from "node:path";
import { missingPlugins, preparePlugins } from "./support/plugins";
import { skip } from "./support/skip";
import { inCheckout } from "./support/paths";

/** `pulumi package` is not in the Pulumi that the toolchain builds. */
function noCompletePulumi(): string | undefined {
  const { status } = spawnSync("pulumi", ["package", "gen-sdk", "--help"], { stdio: "ignore" });
  return status === 0 ? undefined : "no complete pulumi on PATH: install one from pulumi.com";
}

describe("sdks/kind", () => {
  it("is what its command generates", function () {
    const missing = missingPlugins() ?? noCompletePulumi();
    if (missing) return skip(this, missing);
    const { path, home, base } = preparePlugins();
    try {
      const args = ["package", "gen-sdk", "terraform-provider@1.1.3", "--local", "--language", "nodejs", "--out", base];
      execFileSync("pulumi", [...args, "tehcyx/kind", "0.11.0"], {
        cwd: base,
        env: {
          ...process.env,
          PATH: [path, process.env.PATH].join(delimiter),
          PULUMI_HOME: home,
          PULUMI_SKIP_UPDATE_CHECK: "true",
        },
        stdio: ["ignore", "ignore", "pipe"],
      });
      const files = execFileSync("git", ["ls-files"], { cwd: inCheckout("sdks/kind"), encoding: "utf8" })
        .trim()
        .split("\n");
      assert.ok(files.length > 5);
      for (const file of files) {
        const generated = readFileSync(join(base, "nodejs", file), "utf8");
        assert.equal(
          readFileSync(inCheckout(`sdks/kind/${file}`), "utf8"),
          generated,
          `${file} is stale: see docs/kind.md`,
        );
      }
    } finally {
      rmSync(base, { recursive: true });
    }
  });
});
