import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compare, inc } from "semver";
import { isPair, isScalar, parseDocument, visit } from "yaml";
import { writeChartPages } from "../../cli/tree/chart-page";
import { Directory } from "../../model/directory";
import type { Group } from "../../model/layers";
import { readTree } from "../../model/tree";
import { Checkout } from "../e2e/support/checkout";

/** Keys whose texts are names of something else in the tree, or have a form of their own. */
const fixed = new Set(
  [
    ["name", "kind", "type", "apiVersion", "component", "chart", "repo", "version", "keys", "pin"],
    ["stage", "region", "provider", "kubernetesVersion", "capabilities", "compliance", "requires"],
    ["team", "namespace", "namespaces", "chartRepositories", "applicationsSync", "preemptionPolicy"],
    ["owner", "schedule", "duration", "maxDuration", "timeZone", "expires", "priorityClassName"],
    ["cpu", "memory", "pods", "requests.cpu", "requests.memory", "podSecurity", "imageDigests", "addonImageDigests"],
    ["enforcement", "mode", "registries", "prefix", "digest", "objective"],
  ].flat(),
);

/** Keys below which nothing is a text of the tree's own: facts of clusters, and fields of Kubernetes' objects. */
const untouched = new Set(["facts", "ignoreDifferences"]);

/**
 * A clone of this checkout, with its own gitops/, as its user leaves it: a cluster and an app are new, an app is promoted, an
 * add-on is gone, a shared chart has a new version, and every text outside of charts is another one. `remove` it afterwards.
 */
export async function changedCheckout(): Promise<Checkout> {
  const checkout = new Checkout("user");
  const { stages, regions, teams } = readTree(new Directory(checkout.root));
  const [first = "", second = ""] = stages.keys();
  const [region = ""] = regions.keys();
  const app = namesIn(checkout, "apps").find((name) => isAhead(checkout, name, first, second));
  if (app !== undefined) await checkout.succeed("promote", app, "--to", second);
  const identity = ["--stage", first, "--region", region, "--provider", "embedded"];
  await checkout.succeed("new", "cluster", "one-more", ...identity);
  const image = "ghcr.io/stefanprodan/podinfo:6.9.2";
  await checkout.succeed("new", "app", "one-more", "--team", teams.names[0]!, "--image", image, "--set", "replicas=2");
  const [addon] = namesIn(checkout, "addons");
  if (addon !== undefined) rmSync(join(checkout.root, "gitops/addons", addon), { recursive: true });
  addChartVersion(checkout, "service");
  changeTexts(join(checkout.root, "gitops"));
  // As `make docs` does.
  writeChartPages(checkout.root);
  checkout.commit("the tree of its user");
  return checkout;
}

function namesIn({ root }: Checkout, group: Group): string[] {
  const directory = join(root, "gitops", group);
  return existsSync(directory) ? readdirSync(directory).sort() : [];
}

/** Whether an app has another pin in the second stage than in the first, so that it can be promoted. */
function isAhead(checkout: Checkout, app: string, first: string, second: string): boolean {
  const pins = [first, second].map((stage) => `gitops/apps/${app}/stages/${stage}/pin.yaml`);
  const [from, to] = pins.map((file) => existsSync(join(checkout.root, file)) && checkout.read(file));
  return from !== false && to !== false && from !== to;
}

/** A new version of a shared chart, with a key that none of the tests' cases sets. */
function addChartVersion(checkout: Checkout, chart: string): void {
  const directory = join(checkout.root, "gitops/charts", chart);
  const newest = existsSync(directory) ? readdirSync(directory).sort(compare).at(-1) : undefined;
  if (newest === undefined) return;
  const version = inc(newest, "minor")!;
  const at = `gitops/charts/${chart}/${version}`;
  cpSync(join(directory, newest), join(directory, version), { recursive: true });
  checkout.edit(`${at}/Chart.yaml`, `version: ${newest}`, `version: ${version}`);
  checkout.edit(`${at}/values.schema.json`, /"replicas":/, '"ownKey": { "type": "string", "description": "Own." }, $&');
}

function changeTexts(directory: string): void {
  const files = readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".yaml") && !file.includes("templates") && !file.startsWith("charts/"))
    .map((file) => join(directory, file));
  for (const file of files) {
    const document = parseDocument(readFileSync(file, "utf8"), { version: "1.1" });
    visit(document, {
      Scalar(key, node, path) {
        const names = path.filter(isPair).map((pair) => (isScalar(pair.key) ? String(pair.key.value) : ""));
        const name = names.at(-1) ?? "";
        if (names.some((above) => untouched.has(above))) return;
        if (key === "key" || typeof node.value !== "string" || node.value === "" || fixed.has(name)) return;
        // A dependency on a directory of the tree.
        if (node.value.startsWith("file://")) return;
        node.value = `${node.value}-changed`;
      },
    });
    writeFileSync(file, String(document));
  }
}
