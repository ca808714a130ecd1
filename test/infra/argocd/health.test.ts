import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { argoCdConfig } from "../../../infra/argocd/config";
import { findToolchain } from "../../../infra/providers/embedded/toolchain";
import { skip } from "../../support/skip";

const template = {
  apiVersion: "templates.gatekeeper.sh/v1",
  kind: "ConstraintTemplate",
  metadata: { name: "requiredlabels" },
};

/** Argo CD's own command runs the Lua, as its controller does. */
describe("the health of a ConstraintTemplate", function () {
  this.timeout(60_000);
  let argocd: string;
  let directory: string;

  before(async function () {
    const built = await findToolchain({ parts: ["argocd"] });
    if (!built) return skip(this, "Argo CD is not built (make toolchain)");
    argocd = join(built.bin, "argocd");
    directory = mkdtempSync(join(tmpdir(), "onebranch-health-"));
    const cm = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "argocd-cm" }, data: argoCdConfig(180).cm };
    writeFileSync(join(directory, "cm.yaml"), stringify(cm));
  });
  after(() => {
    if (directory) rmSync(directory, { recursive: true });
  });

  const cases: [string, object | undefined, string, string][] = [
    ["nothing is known of it", undefined, "Progressing", "has not made the kind"],
    ["only some pods have seen it", { byPod: [{ id: "audit" }] }, "Progressing", "has not made the kind"],
    ["its kind is there", { created: true, byPod: [{ id: "audit" }] }, "Healthy", "has made the kind"],
    [
      "its Rego has a fault",
      {
        created: true,
        byPod: [{ id: "a" }, { id: "b", errors: [{ code: "ingest_error", message: "rego_parse_error" }] }],
      },
      "Degraded",
      "rego_parse_error",
    ],
  ];
  for (const [title, status, health, message] of cases) {
    it(`is ${health} when ${title}`, () => {
      const file = join(directory, "template.yaml");
      writeFileSync(file, stringify({ ...template, ...(status && { status }) }));
      const settings = ["admin", "settings", "resource-overrides", "health", file];
      const { stdout, stderr } = spawnSync(argocd, [...settings, "--argocd-cm-path", join(directory, "cm.yaml")], {
        encoding: "utf8",
        env: { ...process.env, HOME: directory },
      });
      assert.match(stdout, new RegExp(`STATUS: ${health}\n`), stderr);
      assert.ok(stdout.includes(message), stdout);
    });
  }
});
