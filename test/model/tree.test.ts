import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "../../model/errors";
import { formatFinding } from "../../model/findings";
import { Directory } from "../../model/directory";
import { readClusters, readTree } from "../../model/tree";
import { fixtures } from "../support/paths";
import { sameAsRecorded } from "../support/recorded";

function cases(kind: "valid" | "invalid"): string[] {
  return readdirSync(join(fixtures, kind)).filter((name) => existsSync(join(fixtures, kind, name, "gitops")));
}

describe("readTree", () => {
  for (const name of cases("valid")) {
    it(`finds nothing in valid/${name}`, () => {
      assert.deepEqual(readTree(new Directory(join(fixtures, "valid", name))).findings.map(formatFinding), []);
    });
  }

  for (const name of cases("invalid")) {
    it(`names the fault of invalid/${name}`, () => {
      const root = join(fixtures, "invalid", name);
      const lines = readTree(new Directory(root)).findings.map((finding) => `${formatFinding(finding)}\n`);
      assert.notDeepEqual(lines, []);
      sameAsRecorded(join(root, "expected.txt"), lines.join(""));
    });
  }

  it("keeps the clusters, stages and regions that have no fault of their own", () => {
    const tree = readTree(new Directory(join(fixtures, "invalid", "stage-order-gap")));
    assert.deepEqual([...tree.clusters.keys()], ["dev"]);
    assert.deepEqual([...tree.stages.keys()], ["dev"]);
    assert.deepEqual([...tree.regions.keys()], ["us-east-1"]);
  });

  it("leaves out a cluster with a fault", () => {
    assert.equal(readTree(new Directory(join(fixtures, "invalid", "unknown-stage"))).clusters.size, 0);
  });

  it("gives the identity as it stands in the file", () => {
    const tree = readTree(new Directory(join(fixtures, "valid", "three-stages")));
    assert.deepEqual(tree.clusters.get("prod-eu"), {
      name: "prod-eu",
      stage: "prod",
      region: "eu-west-1",
      provider: "eks",
      kubernetesVersion: "1.36",
      domain: "dev.example.com",
      capabilities: ["base", "nodes"],
      compliance: ["pci", "gdpr"],
    });
  });

  it("gives stages in promotion order, with no freeze where none is named", () => {
    const { stages } = readTree(new Directory(join(fixtures, "valid", "three-stages")));
    assert.deepEqual([...stages.keys()], ["dev", "staging", "prod"]);
    assert.deepEqual(stages.get("dev")?.syncWindows, []);
    assert.deepEqual(stages.get("prod"), {
      name: "prod",
      order: 3,
      applicationsSync: "create-update",
      preserveResourcesOnDeletion: true,
      prune: true,
      rings: [],
      confirmPrune: false,
      approvers: [],
      syncWindows: [{ kind: "deny", schedule: "0 18 24 12 *", duration: "8h30m" }],
    });
  });

  it("gives regions named as their files", () => {
    const { regions } = readTree(new Directory(join(fixtures, "valid", "three-stages")));
    assert.deepEqual(regions.get("eu-west-1"), {
      name: "eu-west-1",
      compliance: ["gdpr"],
      dnsZone: "example.com",
      cloudRegion: "eu-west-1",
    });
  });

  it("adds base to what a cluster can do", () => {
    const { clusters } = readTree(new Directory(join(fixtures, "valid", "base-is-implied")));
    assert.deepEqual(clusters.get("dev")?.capabilities, ["base", "nodes"]);
  });

  it("follows aliases", () => {
    assert.equal(readTree(new Directory(join(fixtures, "valid", "anchors"))).clusters.get("dev")?.stage, "dev");
  });

  it("refuses a directory that holds no tree", () => {
    const empty = mkdtempSync(join(tmpdir(), "onebranch-"));
    try {
      for (const root of [empty, join(empty, "gone")]) {
        assert.throws(
          () => readTree(new Directory(root)),
          (error: unknown) => {
            assert.ok(error instanceof UserError);
            assert.equal(error.exitCode, 2);
            const what = root === empty ? "has no directory gitops/clusters" : "cannot be read";
            const help = "run this in a checkout of onebranch, or name one with --tree";
            assert.equal(error.message, `${root} ${what}; ${help}`);
            return true;
          },
        );
      }
    } finally {
      rmSync(empty, { recursive: true });
    }
  });
});

describe("readClusters", () => {
  it("gives the tree when nothing is wrong with it", () => {
    assert.deepEqual([...readClusters(new Directory(join(fixtures, "valid", "minimal"))).clusters.keys()], ["dev"]);
  });

  it("throws everything that is wrong, one line each", () => {
    const root = join(fixtures, "invalid", "several-faults");
    const expected = readFileSync(join(root, "expected.txt"), "utf8").trimEnd();
    assert.ok(expected.split("\n").length > 1);
    assert.throws(
      () => readClusters(new Directory(root)),
      (error: unknown) => error instanceof UserError && error.exitCode === 2 && error.message === expected,
    );
  });
});
