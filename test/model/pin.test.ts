import assert from "node:assert/strict";
import { formatFinding } from "../../model/findings";
import { parseClusterPin, parsePin } from "../../model/pin";

const app = "gitops/apps/shop/stages/dev/pin.yaml";
const addon = "gitops/addons/cert-manager/stages/dev/pin.yaml";
const ours = "gitops/clusters/dev/pins/shop.yaml";

const appPin = {
  component: "shop",
  chart: "web-service",
  version: "1.1.0",
  namespace: "shop",
  requires: "base",
  team: "storefront",
  image: { repository: "registry.example.com/shop", tag: "2.0.1" },
};
const addonPin = {
  component: "cert-manager",
  chart: "cert-manager",
  repo: "https://charts.example.com/stable",
  version: "v1.21.3",
  namespace: "cert-manager",
  requires: "nodes",
};

/** YAML with one key to a line; an override of undefined leaves the key out. */
function yaml(base: object, override: object = {}): string {
  return Object.entries({ ...base, ...override })
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`)
    .join("");
}

function faults(path: string, content: string): string[] {
  const { value, findings } = path.includes("/pins/") ? parseClusterPin(path, content) : parsePin(path, content);
  assert.equal(value === undefined, findings.length > 0, "a pin with a fault has no value");
  return findings.map(formatFinding);
}

describe("parsePin", () => {
  it("reads an app's and an add-on's pin", () => {
    assert.deepEqual(parsePin(app, yaml(appPin)), { value: appPin, findings: [] });
    assert.deepEqual(parsePin(addon, yaml(addonPin)), { value: addonPin, findings: [] });
  });

  it("takes an image by digest, and charts from a registry", () => {
    assert.deepEqual(faults(app, yaml(appPin, { image: { digest: `sha256:${"0a".repeat(32)}` } })), []);
    assert.deepEqual(faults(addon, yaml(addonPin, { repo: "registry.example.com:5000/charts" })), []);
  });

  it("names a version as it stands in the file, also where the number loses its zero", () => {
    assert.deepEqual(faults(app, yaml(appPin).replace(/^version: .*/m, "version: 1.10")), [
      `${app}:3: version is the number 1.10, not text; put it in quotes: "1.10" [wrong-type]`,
    ]);
  });

  it("takes facts of the cluster for values of the chart", () => {
    const facts = { "global.multiCluster.clusterName": "name", txt_owner: "account", "a-b": "ring" };
    assert.deepEqual(parsePin(addon, yaml(addonPin, { facts })).value, { ...addonPin, facts });
  });

  it("takes a list of capabilities", () => {
    const requires = ["nodes", "loadbalancer"];
    assert.deepEqual(parsePin(addon, yaml(addonPin, { requires })).value, { ...addonPin, requires });
    assert.deepEqual(faults(addon, yaml(addonPin, { requires: ["nodes", "nodes", "node"] })), [
      `${addon}:6: requires has "nodes" twice; keep it once [duplicate-entry]`,
      `${addon}:6: requires[2] is "node"; use "nodes" (allowed: aws-load-balancer, base, dns, gateway, loadbalancer, monitoring, nodes, signatures, storage) [unknown-capability]`,
    ]);
    assert.deepEqual(faults(addon, yaml(addonPin, { requires: [] })), [
      `${addon}:6: requires is an empty list; write at least 1 entry [wrong-type]`,
    ]);
  });

  it("takes ignored differences in Argo CD's own form", () => {
    const ignoreDifferences = [
      { kind: "Service", namespace: "web", jsonPointers: ["/spec/clusterIP", "/metadata/annotations/a.b~1c"] },
      {
        group: "apps",
        kind: "Deployment",
        name: "web",
        jqPathExpressions: ['.spec["a.b/c"][0].d', '.spec.containers[] | select(.name == "web") | .image'],
        managedFieldsManagers: ["keda-operator"],
      },
    ];
    assert.deepEqual(parsePin(addon, yaml(addonPin, { ignoreDifferences })).value, { ...addonPin, ignoreDifferences });
  });

  it("lists everything that is wrong with its ignored differences", () => {
    const ignoreDifferences = [
      { group: "*", kind: "*", jsonPointers: ["/spec/a"] },
      { kind: "Service", jqPathExpression: [".a"] },
      { kind: "Service", name: "web" },
      { kind: "Service", jsonPointers: ["spec/a", "/a~b"], jqPathExpressions: [".a | del(.b)", "..", "."] },
    ];
    const pointer = "begin with /, and write ~1 for a slash inside a key [wrong-value]";
    const path =
      'write keys (.spec, ["a.b/c"]), items ([], [0]) and conditions (| select(.name == "x")); Argo CD stops comparing at what it cannot read [wrong-value]';
    assert.deepEqual(faults(addon, yaml(addonPin, { ignoreDifferences })), [
      `${addon}:7: ignoreDifferences[0].group is "*"; name one group; for kinds such as Service leave it out [wrong-value]`,
      `${addon}:7: ignoreDifferences[0].kind is "*"; name one kind, as manifests do; a pattern would hide fields of any kind [wrong-value]`,
      `${addon}:7: unknown key "ignoreDifferences[1].jqPathExpression"; did you mean "jqPathExpressions"? [unknown-key]`,
      `${addon}:7: ignoreDifferences[2] names no field; add one of jsonPointers, jqPathExpressions, managedFieldsManagers [missing-key]`,
      ...["spec/a", "/a~b"].map(
        (is, i) => `${addon}:7: ignoreDifferences[3].jsonPointers[${i}] is "${is}"; ${pointer}`,
      ),
      ...[".a | del(.b)", "..", "."].map(
        (is, i) => `${addon}:7: ignoreDifferences[3].jqPathExpressions[${i}] is "${is}"; ${path}`,
      ),
    ]);
  });

  it("lists everything that is wrong with its facts", () => {
    const facts = {
      "a=1,b": "name",
      "a{": "stage",
      "a[0]": "ring",
      "a\\.b": "region",
      zone: "cloud",
      owner: 7,
      x: null,
    };
    const key = (name: string) =>
      `${addon}:7: a key of facts is "${name}"; use letters, digits, - and _, with dots between them, such as global.clusterName; anything else could set other values [wrong-value]`;
    const names = "account, domain, name, region, ring, stage";
    assert.deepEqual(faults(addon, yaml(addonPin, { facts })), [
      ...["a=1,b", "a{", "a[0]", "a\\.b"].map(key),
      `${addon}:7: facts.zone is "cloud"; use one of: ${names} [unknown-fact]`,
      `${addon}:7: facts.owner is the number 7, not text; put it in quotes: "7" [wrong-type]`,
      `${addon}:7: facts.x is empty; write one of name, stage, ring, region, domain, account [wrong-type]`,
    ]);
  });

  const cases: [string, string, object, string][] = [
    [
      "facts that are not a mapping",
      addon,
      { facts: ["name"] },
      "7: facts is a list; write a mapping from a value of the chart to one of name, stage, ring, region, domain, account [wrong-type]",
    ],
    [
      "no facts",
      addon,
      { facts: {} },
      "7: facts is empty; write a mapping from a value of the chart to one of name, stage, ring, region, domain, account, or leave facts out [wrong-type]",
    ],
    [
      "a fact inside a fact",
      addon,
      { facts: { "global.name": "name", global: "stage" } },
      "7: facts sets global to a text, and global.name inside it; keep one of the two [wrong-value]",
    ],
    [
      "a chart with directories of an OCI registry",
      addon,
      { repo: "ghcr.io", chart: "opencost/charts/cost" },
      `2: chart is "opencost/charts/cost", which names directories of the registry; write repo: ghcr.io/opencost/charts and chart: cost [bad-name]`,
    ],
    [
      "a chart with directories, and a repository that has none",
      addon,
      { chart: "stable/cost" },
      `2: chart is "stable/cost"; use a DNS label such as "stable-cost": lowercase letters, digits and inner dashes, at most 63 characters [bad-name]`,
    ],
    [
      "a range for a version",
      addon,
      { version: "^1.0.0" },
      `4: version is "^1.0.0"; use one exact version such as 1.2.3; ranges would move without a commit [wrong-value]`,
    ],
    [
      "a number for a version",
      app,
      { version: 1.1 },
      `3: version is the number 1.1, not text; put it in quotes: "1.1" [wrong-type]`,
    ],
    [
      "a moving tag",
      app,
      { image: { tag: "latest" } },
      `7: image.tag is "latest"; use a tag that does not move [wrong-value]`,
    ],
    [
      "a short digest",
      app,
      { image: { digest: "sha256:12" } },
      `7: image.digest is "sha256:12"; use sha256: and 64 hexadecimal digits [wrong-value]`,
    ],
    [
      "neither tag nor digest",
      app,
      { image: { repository: "shop" } },
      "7: image has neither tag nor digest; name exactly one of them [wrong-value]",
    ],
    [
      "tag and digest",
      app,
      { image: { tag: "1", digest: `sha256:${"0".repeat(64)}` } },
      "7: image has both tag and digest; name exactly one of them [wrong-value]",
    ],
    [
      "an app without a team",
      app,
      { team: undefined },
      `1: key "team" is missing; add the team that owns this app [missing-key]`,
    ],
    [
      "an app without an image",
      app,
      { image: undefined },
      `1: key "image" is missing; add the image with its tag or digest [missing-key]`,
    ],
    [
      "an add-on with a team",
      addon,
      { team: "storefront" },
      "7: an add-on has no team; remove it: add-ons are the platform's [unknown-key]",
    ],
    [
      "an image for a third-party chart",
      addon,
      { image: { tag: "1" } },
      "7: a third-party chart does not read the pin's image; set the image in values.yaml, as that chart wants it [unknown-key]",
    ],
    [
      "a component of another name",
      app,
      { component: "shopp" },
      `1: component is "shopp", but the directory is named "shop"; write component: shop, or rename the directory [directory-name]`,
    ],
    [
      "an unknown capability",
      addon,
      { requires: "gpu" },
      `6: requires is "gpu"; use one of: aws-load-balancer, base, dns, gateway, loadbalancer, monitoring, nodes, signatures, storage [unknown-capability]`,
    ],
    [
      "no capability",
      addon,
      { requires: undefined },
      `1: key "requires" is missing; add it: one of base, nodes, storage, loadbalancer, dns, monitoring, gateway, aws-load-balancer, signatures, or a list of them [missing-key]`,
    ],
    [
      "an address without TLS",
      addon,
      { repo: "http://charts.example.com" },
      `3: repo is "http://charts.example.com"; use an https address, or an OCI registry without scheme such as registry.example.com/charts [wrong-value]`,
    ],
    [
      "a password in an address",
      addon,
      { repo: "https://me:secret@charts.example.com" },
      "3: repo names a user or password; leave them out; they belong into a repository Secret [secret-in-git]",
    ],
    ["an unknown key", app, { chrat: "x" }, `8: unknown key "chrat"; did you mean "chart"? [unknown-key]`],
  ];
  for (const [what, path, override, expected] of cases) {
    it(`refuses ${what}`, () => {
      assert.deepEqual(faults(path, yaml(path === app ? appPin : addonPin, override)), [`${path}:${expected}`]);
    });
  }

  for (const key of ["name", "server", "metadata", "project", "values", "path", "pin"]) {
    it(`refuses the key ${key}, which the generators use`, () => {
      const fix = "rename it: the ApplicationSet's generators use this name for a parameter of their own";
      assert.deepEqual(faults(app, yaml(appPin, { [key]: "x" })), [
        `${app}:8: unknown key "${key}"; ${fix} [reserved-key]`,
      ]);
    });
  }

  it("names several faults at once", () => {
    const content = yaml(appPin, { component: "other", version: "x", team: undefined });
    assert.deepEqual(
      parsePin(app, content).findings.map(({ rule }) => rule),
      ["wrong-value", "directory-name", "missing-key"],
    );
  });

  it("refuses an empty file", () => {
    assert.deepEqual(
      parsePin(app, "").findings.map(({ message }) => message),
      ["the file is empty"],
    );
  });
});

describe("parseClusterPin", () => {
  it("takes any part of the version", () => {
    for (const part of [{ version: "1.2.0" }, { chart: "other" }, { image: { tag: "2.1.0" } }]) {
      assert.deepEqual(parseClusterPin(ours, yaml({ component: "shop", ...part })).value, {
        component: "shop",
        ...part,
      });
    }
  });

  it("refuses a pin that changes nothing", () => {
    const expected = `${ours}:1: this pin changes nothing; add version, chart or image, or remove the file [missing-key]`;
    assert.deepEqual(faults(ours, "component: shop\n"), [expected]);
  });

  it("refuses what is the stage's to say", () => {
    const expected = `${ours}:3: unknown key "requires"; remove it (allowed: component, chart, version, image) [unknown-key]`;
    assert.deepEqual(faults(ours, yaml({ component: "shop", version: "1.2.0", requires: "base" })), [expected]);
  });

  it("refuses a team, as it refuses a team that does not exist", () => {
    const expected = `${ours}:3: unknown key "team"; remove it: the team is the one of the stage's pin, in every cluster [unknown-team]`;
    assert.deepEqual(faults(ours, yaml({ component: "shop", version: "1.2.0", team: "platform" })), [expected]);
  });

  it("refuses a file of another name", () => {
    const expected = `${ours}:1: component is "orders", but the file is named "shop"; write component: shop, or rename the file [directory-name]`;
    assert.deepEqual(faults(ours, yaml({ component: "orders", version: "1.2.0" })), [expected]);
  });
});
