import assert from "node:assert/strict";
import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parsePin } from "../../model/pin";
import { capabilityNames } from "../../model/capabilities";
import type { ClusterStatus } from "../../cli/verbs/status/show-status";
import { root } from "../support/root";
import { skip } from "../support/skip";
import { Checkout } from "./support/checkout";
import { Cluster } from "./support/cluster";
import { eventually } from "./support/eventually";
import { gatekeeperKinds } from "./support/policies";

/** What dev pins, and whether its chart comes from a chart repository. */
function pinned(): Map<string, boolean> {
  const pins = ["addons", "apps"].flatMap((group) =>
    readdirSync(join(root, "gitops", group)).map((name) => join("gitops", group, name, "stages/dev/pin.yaml")),
  );
  const there = pins.filter((path) => existsSync(join(root, path)));
  return new Map(
    there.map((path) => {
      const { value, findings } = parsePin(path, readFileSync(join(root, path), "utf8"));
      if (!value) throw new Error(`${path}: ${findings.map(({ message }) => message).join(", ")}`);
      return [value.component, value.repo !== undefined] as const;
    }),
  );
}

/** The shipped tree in a cluster that says it can do everything, and that reaches no chart repository. */
describe("the add-ons of gitops/ in an embedded cluster", () => {
  const checkout = new Checkout();
  const pins = pinned();
  const names = [...pins.keys()].sort();
  let cluster: Cluster;

  before(async () => {
    rmSync(join(checkout.root, "gitops"), { recursive: true });
    cpSync(join(root, "gitops"), join(checkout.root, "gitops"), { recursive: true });
    checkout.commit("the tree that is shipped");
    await checkout.succeed("up", "dev", "--provider", "embedded", "--yes");
    cluster = await Cluster.of(checkout, "dev");
  });
  after(async () => {
    await checkout.onebranch("destroy", "dev", "--yes");
    checkout.remove();
  });

  async function status(): Promise<ClusterStatus> {
    const { stdout } = await checkout.onebranch("status", "dev", "--json");
    return (JSON.parse(stdout) as ClusterStatus[])[0]!;
  }

  it("that requires nothing has those that need no nodes, Synced and Healthy", async () => {
    const { components } = await status();
    assert.ok(components.length > 1 && components.length < pins.size);
    for (const { sync, health } of components) assert.deepEqual([sync, health], ["Synced", "Healthy"]);
  });

  it("that claims every capability gets an Application of each from the real controller", async () => {
    const claim = `capabilities={${capabilityNames.join(",")}}`;
    cluster.kubectl("annotate", "secret", "in-cluster", "--namespace", "argocd", "--overwrite", claim);
    await eventually(async () => {
      const found = cluster
        .applications()
        .map(({ metadata }) => metadata.name)
        .sort();
      const wanted = [...names, "bootstrap"].sort();
      return { holds: found.join() === wanted.join(), message: `should be ${wanted.join()}, are ${found.join()}` };
    }, 120);
    assert.deepEqual(cluster.setErrors(), {});
  });

  it("says which wait for what, and which stand still by a mistake in the tree", async () => {
    checkout.edit("gitops/addons/gateway/values.yaml", "name: public", "nmae: public");
    checkout.commit("a misspelt value");
    const wanted = (name: string) =>
      name === "gateway"
        ? /additional properties 'nmae' not allowed/
        : pins.get(name)
          ? /^\S+ cannot be reached from the cluster: [a-z /]+$/
          : /^$|^waits for \S+ \(\S+\).*: nothing has brought the kind into the cluster yet$/;
    await eventually(async () => {
      const { components } = await status();
      const other = components.filter(({ name, message }) => !wanted(name).test(message));
      const found = other.map(({ name, message }) => `${name}: ${message}`);
      return { holds: found.length === 0, message: `each should say what it waits for: ${found.join("; ")}` };
    }, 240);
    const { output } = await checkout.onebranch("status", "dev");
    const repositories = output.match(/ cannot be reached from the cluster: /g) ?? [];
    assert.equal(repositories.length, [...pins.values()].filter((isThirdParty) => isThirdParty).length);
    checkout.git("revert", "--no-edit", "HEAD");
  });

  describe("whose Gatekeeper this test plays", () => {
    const application = () => cluster.applications().find(({ metadata }) => metadata.name === "gatekeeper-policies")!;
    const constraints = ["AllowedRegistries", "ImageDigests", "ServiceTypes", "StatedResources", "VersionedImages"];
    const all = (kind: string) => cluster.list(`${kind.toLowerCase()}.constraints.gatekeeper.sh`);

    function say(resource: string, name: string, said: object): void {
      const patch = JSON.stringify({ status: said });
      cluster.kubectl("patch", resource, name, "--subresource", "status", "--type", "merge", "--patch", patch);
    }

    const health = (wanted: string) => async () => {
      const { status: of } = application();
      const found = `${of?.sync?.status} ${of?.health?.status}`;
      return { holds: found === wanted, message: `gatekeeper-policies should be ${wanted}, is ${found}` };
    };

    before(function () {
      if (!pins.has("gatekeeper-policies")) skip(this, "gitops/ has no gatekeeper-policies");
      cluster.apply(gatekeeperKinds(constraints));
    });

    it("has its templates first, and is Progressing until their kinds are made", async () => {
      await checkout.onebranch("status", "dev", "--fix");
      await eventually(async () => {
        const found = cluster.list("constrainttemplates.templates.gatekeeper.sh").length;
        return {
          holds: found === constraints.length,
          message: `there should be ${constraints.length} templates, are ${found}`,
        };
      }, 180);
      await eventually(health("OutOfSync Progressing"), 60);
      assert.deepEqual(constraints.flatMap(all), []);
    });

    it("has its constraints then, and is Healthy when all pods enforce them, whatever breaks them", async () => {
      for (const { metadata } of cluster.list("constrainttemplates.templates.gatekeeper.sh"))
        say("constrainttemplates.templates.gatekeeper.sh", metadata.name, { created: true });
      await eventually(async () => {
        const found = constraints.flatMap(all).length;
        return {
          holds: found === constraints.length,
          message: `there should be ${constraints.length} constraints, are ${found}`,
        };
      }, 180);
      await eventually(health("Synced Progressing"), 60);
      for (const kind of constraints)
        for (const { metadata } of all(kind))
          say(`${kind.toLowerCase()}.constraints.gatekeeper.sh`, metadata.name, {
            ...{ byPod: [{ id: "audit", enforced: true }], totalViolations: 2 },
          });
      await eventually(health("Synced Healthy"), 60);
    });

    it("is Degraded when Gatekeeper refuses one", async () => {
      const { metadata } = all("ServiceTypes")[0]!;
      const errors = [{ code: "invalid", message: "no such parameter" }];
      say("servicetypes.constraints.gatekeeper.sh", metadata.name, {
        byPod: [{ id: "audit", enforced: false, errors }],
      });
      await eventually(health("Synced Degraded"), 60);
    });
  });
});
