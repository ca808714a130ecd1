import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { fitsGlob, fitsPath } from "../../../cli/tree/patterns";
import { refusalOfResource, refusalsOfWhole, type Project } from "../../../cli/tree/project";
import { fixtures } from "../../support/paths";

interface Row extends Record<"texts" | "separated" | "whole" | "path", string[]> {
  pattern: string;
}

describe("patterns of AppProjects", () => {
  const rows = parse(readFileSync(join(fixtures, "argocd/patterns.yaml"), "utf8")) as Row[];
  for (const { pattern, texts, separated, whole, path } of rows) {
    it(`are read as Argo CD's libraries read them: ${pattern}`, () => {
      const fitting = (fits: (text: string) => boolean) => texts.filter(fits);
      assert.deepEqual(
        { separated, whole, path },
        {
          separated: fitting((text) => fitsGlob(pattern, text, "/")),
          whole: fitting((text) => fitsGlob(pattern, text)),
          path: fitting((text) => fitsPath(pattern, text)),
        },
      );
    });
  }
});

describe("an AppProject", () => {
  const own = "https://kubernetes.default.svc";
  const about = { project: "team-a", application: "orders" };
  const allowsSource = (sourceRepos: string[], url: string) => {
    const project = { sourceRepos, destinations: [{ server: "*", namespace: "*" }] };
    const refused = refusalsOfWhole(project, about, {
      destination: { server: own, namespace: "a" },
      repositories: [url],
    });
    return refused.length === 0;
  };
  const allowsNamespace = (destinations: Project["destinations"] & object, namespace: string, server = own) => {
    const destination = { server, namespace };
    return refusalsOfWhole({ sourceRepos: ["*"], destinations }, about, { destination, repositories: [] }).length === 0;
  };

  it("allows the repositories that a pattern fits and no denial names, wherever that stands", () => {
    const shops = ["https://git.example.com/{shop,pay}/*"];
    assert.ok(allowsSource(shops, "https://git.example.com/pay/tree"));
    assert.ok(!allowsSource(shops, "https://git.example.com/other/tree"));
    assert.ok(!allowsSource(shops, "https://git.example.com/shop/a/b"));
    const denial = "!https://git.example.com/*/secret";
    for (const repos of [
      [...shops, denial],
      [denial, ...shops],
    ]) {
      assert.ok(allowsSource(repos, "https://git.example.com/shop/tree"));
      assert.ok(!allowsSource(repos, "https://git.example.com/shop/secret"));
    }
    // Argo CD takes a denial for a pattern that everything else fits.
    assert.ok(allowsSource([denial], "https://git.example.com/other/tree"));
  });

  it("takes addresses for the same as Argo CD does: letters, .git, and the short form of SSH", () => {
    assert.ok(allowsSource(["https://Git.example.com/Tree.git"], "https://git.example.com/tree"));
    assert.ok(allowsSource(["git@git.example.com:acme/tree.git"], "ssh://git@git.example.com/acme/tree"));
    assert.ok(!allowsSource(["git@git.example.com:acme/tree"], "https://git.example.com/acme/tree"));
  });

  it("allows namespaces of its clusters, by the server or the name of the cluster", () => {
    assert.ok(allowsNamespace([{ name: "in-cluster", namespace: "orders-[0-9]" }], "orders-1"));
    assert.ok(!allowsNamespace([{ name: "in-cluster", namespace: "orders-[0-9]" }], "orders-x"));
    assert.ok(!allowsNamespace([{ name: "in-cluster", namespace: "*" }], "orders", "https://other.example.com"));
  });

  it("refuses what one entry denies, although another one allows it", () => {
    const denies = [
      { server: "*", namespace: "*" },
      { server: own, namespace: "!kube-system" },
    ];
    assert.ok(!allowsNamespace(denies, "kube-system"));
    assert.ok(allowsNamespace(denies, "orders"));
    const elsewhere = [
      { server: "*", namespace: "*" },
      { server: "!https://other.example.com", namespace: "*" },
    ];
    assert.ok(!allowsNamespace(elsewhere, "orders", "https://other.example.com"));
  });

  it("allows a cluster-scoped object by its name too", () => {
    const project = {
      clusterResourceWhitelist: [{ group: "", kind: "Namespace", name: "team-a-*" }],
      clusterResourceBlacklist: [{ group: "", kind: "Namespace", name: "team-a-secret" }],
    };
    const refused = (name: string) =>
      refusalOfResource(
        project,
        { destination: { server: own, namespace: "a" } },
        { apiVersion: "v1", kind: "Namespace", name },
      );
    assert.equal(refused("team-a-web"), undefined);
    assert.deepEqual(refused("team-b-web"), { is: "kind", what: "Namespace", isClusterScoped: true });
    assert.ok(refused("team-a-secret"));
  });
});
