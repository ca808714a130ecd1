import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { HostileTree } from "./support/hostile-tree";
import { Renderer } from "../../../cli/tree/renderer";
import { UserError } from "../../../model/errors";
import { skip } from "../../support/skip";

/** Megabytes that the renderers of this process hold; none when there is no /proc. */
function rendererMegabytes(): number {
  let sum = 0;
  for (const id of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const status = readFileSync(`/proc/${id}/status`, "utf8");
      if (!status.includes(`PPid:\t${process.pid}\n`) || !/^Name:\tonebranch-rend/m.test(status)) continue;
      sum += Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024;
    } catch {
      // It ended meanwhile.
    }
  }
  return sum;
}

describe("a template that eats memory", () => {
  it("ends the renderer near its limit, with the chart's name", async function () {
    if (process.platform !== "linux") skip(this, "processes are found in /proc, which only Linux has");
    const tree = new HostileTree();
    // A list of lists that shares its halves is small; each element of what it unfolds into is not.
    const grown = '{{ $x := list (repeat 1000000 "x") }}{{ range until 40 }}{{ $x = list $x $x }}{{ end }}';
    tree.chart({ "templates/a.yaml": `${grown}{{ $y := toJson $x }}` });
    const renderer = await Renderer.open({
      root: tree.root,
      env: process.env,
      offline: true,
      memory: 400 << 20,
      renderSeconds: 50,
    });
    let most = 0;
    const watch = setInterval(() => (most = Math.max(most, rendererMegabytes())), 20);
    try {
      const open = await renderer.tree();
      await assert.rejects(renderer.render(open, { clusters: ["dev"], applications: ["bad"] }), (error) => {
        assert.ok(error instanceof UserError);
        assert.match(
          error.message,
          /rendering gitops\/charts\/bad\/1\.0\.0 takes more than 400 MiB of memory; give it less/,
        );
        assert.equal(error.exitCode, 1);
        return true;
      });
      assert.ok(most > 0 && most < 2000, `the renderer held ${most} MiB`);
    } finally {
      clearInterval(watch);
      renderer.close();
      tree.remove();
    }
  });
});
