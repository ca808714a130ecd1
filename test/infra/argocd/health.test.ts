import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { argoCdConfig } from "../../../infra/argocd/config";
import { findToolchain } from "../../../infra/providers/embedded/toolchain";
import { skip } from "../../support/skip";

type Case = [title: string, status: object | undefined, health: string, message: string];

const condition = (type: string, status: string, message: string) => ({ conditions: [{ type, status, message }] });

/** Objects of one kind by what their controller says of them. */
const kinds: { apiVersion: string; kind: string; cases: Case[] }[] = [
  {
    apiVersion: "templates.gatekeeper.sh/v1",
    kind: "ConstraintTemplate",
    cases: [
      ["nothing is known of it", undefined, "Progressing", "has not made the kind"],
      ["only some pods have seen it", { byPod: [{ id: "audit" }] }, "Progressing", "has not made the kind"],
      ["its kind is there", { created: true, byPod: [{ id: "audit" }] }, "Healthy", "has made the kind"],
      [
        "it has a fault",
        {
          created: true,
          byPod: [{ id: "a" }, { id: "b", errors: [{ code: "ingest_error", message: "rego_parse_error" }] }],
        },
        "Degraded",
        "rego_parse_error",
      ],
    ],
  },
  {
    apiVersion: "constraints.gatekeeper.sh/v1beta1",
    kind: "AllowedRegistries",
    cases: [
      ["nothing is known of it", undefined, "Progressing", "not every pod"],
      [
        "only some pods enforce it",
        {
          byPod: [
            { id: "a", enforced: true },
            { id: "b", enforced: false },
          ],
        },
        "Progressing",
        "not every pod",
      ],
      ["all enforce it", { byPod: [{ id: "a", enforced: true }] }, "Healthy", "0 violations"],
      [
        "it is broken by others",
        { byPod: [{ id: "a", enforced: true }], totalViolations: 3 },
        "Healthy",
        "3 violations",
      ],
      [
        "it has a fault",
        { byPod: [{ id: "a", enforced: false, errors: [{ code: "e", message: "no such parameter" }] }] },
        "Degraded",
        "no such parameter",
      ],
    ],
  },
  {
    apiVersion: "gateway.envoyproxy.io/v1alpha1",
    kind: "SecurityPolicy",
    cases: [
      ["nothing is known of it", undefined, "Progressing", "has not looked"],
      ["it is accepted", { ancestors: [condition("Accepted", "True", "")] }, "Healthy", "has accepted"],
      [
        "one of its targets refuses it",
        { ancestors: [condition("Accepted", "True", ""), condition("Accepted", "False", "no such route")] },
        "Degraded",
        "no such route",
      ],
    ],
  },
  {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "Alertmanager",
    cases: [
      ["nothing is known of it", undefined, "Progressing", "has not started"],
      ["its pods are ready", condition("Available", "True", ""), "Healthy", ""],
      ["some pods are not ready", condition("Available", "Degraded", "1 of 3 pods"), "Degraded", "1 of 3 pods"],
      ["the operator does not know", condition("Available", "Unknown", ""), "Progressing", "has not started"],
    ],
  },
  {
    apiVersion: "policy.sigstore.dev/v1beta1",
    kind: "ClusterImagePolicy",
    cases: [
      ["nothing is known of it", undefined, "Progressing", "has not taken"],
      ["it is ready", condition("Ready", "True", ""), "Healthy", ""],
      ["its key cannot be read", condition("Ready", "False", "bad key"), "Degraded", "bad key"],
    ],
  },
];

/**
 * Argo CD's own command runs the Lua, as its controller does. The command looks a kind up by its whole name, so what has a star
 * is given to it for the kind alone; the controller matches the star (test/e2e/addons.test.ts).
 */
describe("the health of what add-ons make", function () {
  let argocd: string;
  let directory: string;

  before(async function () {
    const built = await findToolchain({ parts: ["argocd"] });
    if (!built) return skip(this, "Argo CD is not built (make toolchain)");
    argocd = join(built.bin, "argocd");
    directory = mkdtempSync(join(tmpdir(), "onebranch-health-"));
  });
  after(() => {
    if (directory) rmSync(directory, { recursive: true });
  });

  function health(apiVersion: string, kind: string, status: object | undefined): string {
    const [group = ""] = apiVersion.split("/");
    const data = { ...argoCdConfig(180).cm };
    const wide = parse(data["resource.customizations"]!) as Record<string, { "health.lua": string }>;
    const star = Object.keys(wide).find((pattern) =>
      new RegExp(`^${pattern.replaceAll(".", "\\.").replaceAll("*", ".*")}$`).test(`${group}/${kind}`),
    );
    if (star !== undefined) data[`resource.customizations.health.${group}_${kind}`] = wide[star]!["health.lua"];
    const cm = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "argocd-cm" }, data };
    writeFileSync(join(directory, "cm.yaml"), stringify(cm));
    const file = join(directory, "object.yaml");
    writeFileSync(file, stringify({ apiVersion, kind, metadata: { name: "a" }, ...(status && { status }) }));
    const settings = ["admin", "settings", "resource-overrides", "health", file];
    const { stdout, stderr } = spawnSync(argocd, [...settings, "--argocd-cm-path", join(directory, "cm.yaml")], {
      encoding: "utf8",
      env: { ...process.env, HOME: directory },
    });
    return stdout || stderr;
  }

  for (const { apiVersion, kind, cases } of kinds) {
    for (const [title, status, wanted, message] of cases) {
      it(`${kind} is ${wanted} when ${title}`, () => {
        const said = health(apiVersion, kind, status);
        assert.match(said, new RegExp(`STATUS: ${wanted}\n`), said);
        assert.ok(said.includes(message), said);
      });
    }
  }
});
