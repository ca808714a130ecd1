import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isPair, isScalar, parseDocument, visit } from "yaml";
import { writeChartPages } from "../../cli/tree/chart-page";
import { Checkout } from "../e2e/support/checkout";

/** Keys whose texts are names of something else in the tree, or have a form of their own. */
const fixed = new Set(
  [
    ["name", "kind", "type", "apiVersion", "component", "chart", "repo", "version", "keys", "pin"],
    ["stage", "region", "provider", "kubernetesVersion", "capabilities", "compliance", "requires"],
    ["team", "namespace", "namespaces", "chartRepositories", "applicationsSync", "preemptionPolicy"],
    ["owner", "schedule", "duration", "maxDuration", "timeZone", "expires", "priorityClassName"],
    ["cpu", "memory", "pods", "requests.cpu", "requests.memory", "podSecurity", "imageDigests", "addonImageDigests"],
    ["enforcement", "mode", "registries", "prefix", "digest"],
  ].flat(),
);

/** Keys below which nothing is a text of the tree's own: facts of clusters, and fields of Kubernetes' objects. */
const untouched = new Set(["facts", "ignoreDifferences"]);

/**
 * A clone of this checkout as its user leaves it: a cluster and an app are new, an app is promoted, an add-on is gone, and
 * every text in gitops/ is another one. `remove` it afterwards.
 */
export async function changedCheckout(): Promise<Checkout> {
  const checkout = new Checkout();
  const image = "ghcr.io/stefanprodan/podinfo:6.9.2";
  await checkout.succeed("promote", "guestbook", "--to", "staging");
  await checkout.succeed(..."new cluster dev-2 --stage dev --region eu-west-1 --provider embedded".split(" "));
  await checkout.succeed(...`new app cart --team commerce --image ${image} --set replicas=2`.split(" "));
  rmSync(join(checkout.root, "gitops/addons/metrics-server"), { recursive: true });
  changeTexts(join(checkout.root, "gitops"));
  // As `make docs` does.
  writeChartPages(checkout.root);
  checkout.commit("the tree of its user");
  return checkout;
}

function changeTexts(directory: string): void {
  const files = readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".yaml") && !file.includes("templates"))
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
