import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc, { type Arbitrary } from "fast-check";
import { parse, stringify } from "yaml";
import { YamlFile } from "../../model/document";
import { parseExceptions } from "../../model/exception";
import { readRoot } from "../../model/fields";
import { formatFinding, type Finding } from "../../model/findings";
import { identityShape } from "../../model/identity";
import { parseClusterPin, parsePin, type Checked } from "../../model/pin";
import { regionShape } from "../../model/region";
import { stageShape } from "../../model/stage";
import { Directory } from "../../model/directory";
import { readTree } from "../../model/tree";
import { helmYaml } from "../../model/yaml-1.1";
import { fuzzed, patience } from "./support/settings";
import { anyYaml, damaged, damagedBytes, oddScalars } from "./support/yaml";

const cluster = `# A cluster.
name: dev
stage: &stage dev
region: us-east-1
provider: kind
kubernetesVersion: "1.36"
domain: dev.example.com
capabilities: [base, nodes]
compliance:
  - gdpr
`;
const stage = `order: 1
applicationsSync: sync
preserveResourcesOnDeletion: false
prune: true
approvers: [team-a]
syncWindows:
  - kind: deny # the turn of the year
    schedule: 0 18 24 12 *
    duration: 216h
    manualSync: true
`;
const region = "compliance: [gdpr]\ndnsZone: us.example.com\ncloudRegion: us-east-1\n";
const pin = `component: shop
chart: web-service
version: 1.1.0
namespace: shop
requires: base
team: storefront
image:
  repository: registry.example.com/shop
  tag: 2.0.1
`;
const clusterPin = 'component: shop\nversion: 1.2.0\nimage: { tag: "2.1" }\n';
const exceptions = `- component: shop
  keys: [replicas, "a.b"]
  owner: team-a
  reason: A sale.
  ticket: OPS-1
  expires: 2030-12-31
`;

function ofShape<T>(shape: Parameters<typeof readRoot<T>>[1]) {
  return (path: string, content: string): Checked<T> => {
    const file = new YamlFile(path, content);
    const value = readRoot(file, shape);
    return { ...(value === undefined ? {} : { value }), findings: file.findings };
  };
}

interface Reader {
  path: string;
  valid: string;
  read: (path: string, content: string) => Checked<unknown>;
}

const readers: Readonly<Record<string, Reader>> = {
  "cluster.yaml": { path: "gitops/clusters/dev/cluster.yaml", valid: cluster, read: ofShape(identityShape) },
  "a stage file": { path: "gitops/stages/dev.yaml", valid: stage, read: ofShape(stageShape) },
  "a region file": { path: "gitops/regions/us-east-1.yaml", valid: region, read: ofShape(regionShape) },
  "a pin": { path: "gitops/apps/shop/stages/dev/pin.yaml", valid: pin, read: parsePin },
  "a cluster's own pin": { path: "gitops/clusters/dev/pins/shop.yaml", valid: clusterPin, read: parseClusterPin },
  "exceptions.yaml": { path: "gitops/clusters/dev/exceptions.yaml", valid: exceptions, read: parseExceptions },
};

/** A finding that a person can act on: a place inside the file, and one line of words. */
function assertSound({ rule, file, line, message, fix }: Finding, path: string, content: string): void {
  assert.equal(file, path);
  assert.match(rule, /^[a-z][a-z0-9-]*$/);
  const lines = content.split("\n").length;
  assert.ok(Number.isInteger(line) && line >= 1 && line <= lines, `line ${line} of ${lines}: ${message}`);
  assert.ok(message.trim() !== "" && fix.trim() !== "");
  const printed = formatFinding({ rule, severity: "error", file, line, message, fix });
  assert.ok(!/\p{Cc}/u.test(printed), `more than a line of text: ${JSON.stringify(printed)}`);
}

describe("the readers of the tree", function () {
  this.timeout(patience);

  for (const [what, { path, valid, read }] of Object.entries(readers)) {
    const contents: Arbitrary<string> = fc.oneof({ weight: 4, arbitrary: damaged(valid) }, anyYaml);

    it(`give a value of ${what}, or say what is wrong on which line`, () => {
      assert.deepEqual(read(path, valid).findings, []);
      const property = fc.property(contents, (content) => {
        const { value, findings } = read(path, content);
        assert.equal(value === undefined, findings.length > 0, "either a value or findings");
        for (const finding of findings) assertSound(finding, path, content);
        if (value !== undefined) assert.deepEqual(read(path, stringify(value, { version: "1.1" })).value, value);
      });
      fc.assert(property, fuzzed(400));
    });

    it(`take ${what} only where Helm reads the same values from it`, () => {
      const leaves = valid.split("\n").flatMap((line, index) => (/: \S/.test(line) ? [index] : []));
      const property = fc.property(fc.constantFrom(...leaves), fc.constantFrom(...oddScalars), (at, scalar) => {
        fc.pre(scalar !== "0o17"); // The same number in YAML 1.2 and to Helm, though not in YAML 1.1.
        const lines = valid.split("\n");
        lines[at] = lines[at]!.replace(/: .*$/, () => `: ${scalar}`);
        const content = lines.join("\n");
        const { value } = read(path, content);
        if (value !== undefined) assert.deepEqual(parse(content, helmYaml), value);
      });
      fc.assert(property, fuzzed(200));
    });
  }

  it("read a tree of damaged files without a crash", () => {
    const root = mkdtempSync(join(tmpdir(), "onebranch-fuzz-"));
    const files: Readonly<Record<string, string>> = {
      "gitops/clusters/dev/cluster.yaml": cluster,
      "gitops/clusters/other/cluster.yaml": cluster,
      "gitops/stages/dev.yaml": stage,
      "gitops/regions/us-east-1.yaml": region,
    };
    const contents = fc.record(
      Object.fromEntries(Object.entries(files).map(([path, text]) => [path, damagedBytes(damaged(text))])),
    );
    try {
      const property = fc.property(contents, (written) => {
        for (const [path, bytes] of Object.entries(written)) {
          mkdirSync(join(root, dirname(path)), { recursive: true });
          writeFileSync(join(root, path), bytes);
        }
        for (const finding of readTree(new Directory(root)).findings) {
          assertSound(finding, finding.file, written[finding.file]?.toString() ?? "");
        }
      });
      fc.assert(property, fuzzed(100));
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });
});
