import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { page } from "../../bin/bundle";
import type { FleetCluster } from "../../cli/verbs/ui/views";
import { commit } from "../cli/support/fake-cluster";
import { TreeRepo } from "../cli/support/tree-repo";
import type { ApiStub } from "../cli/verbs/ui/support/api-stub";
import { failing, object } from "../cli/verbs/ui/support/objects";
import { PageServer, type StubCluster } from "../cli/verbs/ui/support/page-server";
import { eventually } from "../e2e/support/eventually";
import { findBrowser } from "../support/browser";
import { addTree } from "../support/fixtures";
import { docs, inCheckout } from "../support/paths";

/** What is shown, and on which screens; docs/ui.md refers to each. */
export const shots = [
  { name: "fleet", path: "", ready: ".troubles" },
  {
    name: "application",
    path: "clusters/prod-eu-1/orders",
    ready: "section:has(#values) tbody, section:has(#values) p",
  },
  { name: "plan", path: "plan", ready: "details.card" },
] as const;
export const screens = [
  { name: "desktop", width: 1280, height: 1060, colorScheme: "light" },
  { name: "phone", width: 390, height: 780, colorScheme: "dark" },
] as const;

export const imageFile = (shot: string, screen: string) => join(docs, "images", `ui-${shot}-${screen}.png`);

/** Says of which sources the pictures are. */
export const stampFile = join(docs, "images", "sources.sha256");

/** What the page and what it shows in the pictures are made from. What packages are like is left out: their updates are no reason for new pictures. */
export function sourcesStamp(): string {
  const fleet = ["test/bench/screenshots.ts", "test/cli/verbs/ui/support/objects.ts"];
  const hash = createHash("sha256");
  for (const source of [...page().sources, ...fleet].sort())
    hash.update(`${source}\0${readFileSync(inCheckout(source), "utf8")}\0`);
  return `${hash.digest("hex")}\n`;
}

const components = [
  ...["bootstrap", "cert-manager", "external-dns", "guardrails", "ingress", "metrics-server"],
  ...["cart", "catalog", "checkout", "guestbook", "orders", "payments", "search"],
];

function fleet(): StubCluster[] {
  const of = (stage: string, names: string[], ring = ""): StubCluster[] =>
    names.map((name) => ({ name, stage, ring, region: name.includes("-us") ? "us-east-1" : "eu-west-1" }));
  return [
    ...of("dev", ["dev-eu-1", "dev-us-1"]),
    ...of("staging", ["staging-eu-1", "staging-us-1"]),
    // Its address is of another machine, so that it is asked through the API server, as in most fleets.
    { name: "prod-eu-1", stage: "prod", ring: "canary", region: "eu-west-1", argocd: "https://argocd.example.com" },
    ...of("prod", ["prod-eu-2", "prod-eu-3", "prod-us-1", "prod-us-2"], "rest"),
  ];
}

/** The tree of the tests with these clusters in place of its own. */
function addFleetTree(root: string): void {
  addTree(root);
  const clusters = join(root, "gitops", "clusters");
  const of = (stage: string) => readFileSync(join(clusters, stage, "cluster.yaml"), "utf8");
  const texts = new Map(["dev", "staging", "prod"].map((stage) => [stage, of(stage)]));
  rmSync(clusters, { recursive: true });
  for (const { name, stage } of fleet()) {
    mkdirSync(join(clusters, name), { recursive: true });
    writeFileSync(join(clusters, name, "cluster.yaml"), texts.get(stage)!.replace(/^name: .*$/m, `name: ${name}`));
  }
}

/** Waits until every cluster is as it should be shown. */
const settled = (server: PageServer, isSo: (cluster: FleetCluster) => boolean) =>
  eventually(
    async () => {
      const left = server.answers.fleet().clusters.filter((cluster) => !isSo(cluster));
      return { holds: left.length === 0, message: `waiting for ${left.map(({ name }) => name).join(", ")}` };
    },
    60,
    50,
  );

/** Argo CD's answers about an Application whose image cannot be had. */
function answerAsArgoCd(stub: ApiStub, name: string, [running, wanted]: readonly [string, string], why: string): void {
  const api = "/api/v1/namespaces/argocd/services/https:argocd-server:443/proxy/api/v1";
  const answers = (path: string, answer: object) => stub.answers.set(path, () => answer);
  const deployment = (version: string) => {
    const containers = [{ name: "web", image: `registry.example.com/${name}:${version}` }];
    return JSON.stringify({ kind: "Deployment", spec: { template: { spec: { containers } } } });
  };
  const of = { namespace: name, name };
  const node = (uid: string, parent: string, kind: string, node: string, health: object, fact: string) => ({
    ...{ uid, kind, namespace: name, name: node, health, info: [{ name: "Status", value: fact }] },
    ...(parent !== "" && { parentRefs: [{ uid: parent }] }),
  });
  const [good, bad] = [{ status: "Healthy" }, { status: "Degraded", message: why }];
  answers("GET /api/v1/namespaces/argocd/secrets/argocd-initial-admin-secret", {
    data: { password: Buffer.from("of a picture").toString("base64") },
  });
  answers(`POST ${api}/session`, { token: "a.session" });
  answers(`GET ${api}/applications/${name}/managed-resources`, {
    items: [
      {
        ...{ ...of, kind: "Deployment", targetState: deployment(wanted) },
        ...{ normalizedLiveState: deployment(running), predictedLiveState: deployment(wanted) },
      },
    ],
  });
  answers(`GET ${api}/applications/${name}/resource-tree`, {
    nodes: [
      node("1", "", "Deployment", name, bad, "Rev:7"),
      node("2", "1", "ReplicaSet", `${name}-6d9c5b`, good, "Rev:7"),
      node("3", "2", "Pod", `${name}-6d9c5b-x7k2p`, bad, "ImagePullBackOff"),
    ],
  });
  const lastTimestamp = new Date(Date.now() - 90_000).toISOString();
  answers(`GET /api/v1/namespaces/${name}/events`, {
    items: [
      {
        ...{ type: "Warning", reason: "Failed", message: why, count: 12, lastTimestamp },
        involvedObject: { kind: "Pod", name: `${name}-6d9c5b-x7k2p` },
      },
    ],
  });
  answers("GET /api/v1/namespaces/argocd/events", { items: [] });
}

/** A fleet of stubs with some trouble, over a tree with work in it. */
export async function withFleet(work: (server: PageServer) => Promise<void>): Promise<void> {
  const tree = new TreeRepo(addFleetTree);
  const server = new PageServer(fleet(), tree.root);
  try {
    const values = (stage: string) => `gitops/apps/orders/stages/${stage}/values.yaml`;
    tree.put({
      [values("staging")]: tree.read(values("staging")).replace("replicas: 2", "replicas: 4"),
      [values("prod")]: tree.read(values("prod")).replace("256Mi", "512Mi"),
    });
    for (const [name, stub] of server.stubs) {
      for (const component of components) stub.set(object(component, {}, name.startsWith("dev") ? "1.5.0" : "1.4.2"));
    }
    const why = 'Back-off pulling image "registry.example.com/orders:1.4.3"';
    const stuck = failing("orders", why, "1.4.3");
    Object.assign(stuck.status!, { sync: { status: "OutOfSync", revision: commit } });
    server.stub("prod-eu-1").set(stuck);
    answerAsArgoCd(server.stub("prod-eu-1"), "orders", ["1.4.2", "1.4.3"], why);
    Object.assign(server.stub("prod-eu-1").identity, {
      ...{ kubernetesVersion: "1.34", domain: "shop.example.com" },
      capabilities: "base,dns,ingress,nodes",
    });
    for (const name of ["prod-us-1", "prod-us-2"])
      server.stub(name).set(object("search", { sync: { status: "OutOfSync", revision: commit } }, "1.4.2"));
    server.stub("staging-eu-1").set(object("payments", { health: { status: "Progressing" } }, "1.4.2"));
    await server.start();
    await settled(server, ({ applications }) => applications.length === components.length);
    await server.stub("prod-eu-3").stop();
    await settled(server, ({ name, link }) => name !== "prod-eu-3" || link.state === "unreachable");
    await work(server);
  } finally {
    await server.end();
    tree.remove();
  }
}

async function takeAll(browser: Browser, server: PageServer): Promise<void> {
  for (const { name: screen, width, height, colorScheme } of screens) {
    const shown = await browser.newPage({ viewport: { width, height }, colorScheme, reducedMotion: "reduce" });
    for (const { name, path, ready } of shots) {
      await shown.goto(server.url + path);
      await shown.locator(ready).first().waitFor({ timeout: 60_000 });
      await shown.waitForTimeout(300);
      await shown.screenshot({ path: imageFile(name, screen) });
      console.log(`wrote ${imageFile(name, screen)}`);
    }
    await shown.close();
  }
}

async function main(): Promise<void> {
  const browser = await findBrowser();
  if (browser === undefined) throw new Error("screenshots are taken in Chromium; apt-get install chromium");
  mkdirSync(join(docs, "images"), { recursive: true });
  try {
    await withFleet((server) => takeAll(browser, server));
    writeFileSync(stampFile, sourcesStamp());
  } finally {
    await browser.close();
  }
}

if (require.main === module) void main();
