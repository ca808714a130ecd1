import assert from "node:assert/strict";
import { pinFault } from "../../model/pin";
import { keepTree } from "./kept-tree";

const pin = "gitops/apps/orders/stages/dev/pin.yaml";

describe("a bad pin", () => {
  const kept = keepTree();

  /** What the controller would make in dev: the set's errors, and each Application with its fault. */
  async function made() {
    const { applications, sets } = await kept.renderer.expand(await kept.renderer.tree(), { clusters: ["dev"] });
    return {
      errors: sets.flatMap(({ name, error }) => (error === undefined ? [] : [name])),
      applications: applications.map(({ name, invalid }) => [name, invalid] as const),
    };
  }

  const others = ["bootstrap", "cert-manager", "guardrails", "guestbook", "metrics-server"];

  const cases: { title: string; files: Record<string, (text: string) => string>; fault: string }[] = [
    ...["component", "chart", "version", "namespace", "team"].map((key) => ({
      title: `without ${key}`,
      files: { [pin]: (text: string) => text.replace(new RegExp(`^${key}: .*\n`, "m"), "") },
      fault: `${key} is missing or is not a text`,
    })),
    {
      title: "with a number for a version",
      files: { [pin]: (text) => text.replace(/^version: .*/m, "version: 1.1") },
      fault: "version is missing or is not a text",
    },
    ...Object.entries({
      "that is empty": () => "",
      "of which every line is a comment": (text: string) => text.replaceAll(/^/gm, "# "),
    }).map(([title, edit]) => ({ title, files: { [pin]: edit }, fault: "team is missing or is not a text" })),
    {
      title: "of another component",
      files: { [pin]: (text) => text.replace("component: orders", "component: guestbook") },
      fault: "component is not orders",
    },
    ...Object.entries({
      "": "requires is missing",
      "requires: []": "requires is missing",
      "requires: bass": 'requires has "bass", which is not a capability',
      "requires: 7": 'requires has "7", which is not a capability',
      "requires: {base: true}": 'requires has "map[base:true]", which is not a capability',
      "requires: [base, [nodes]]": 'requires has "[nodes]", which is not a capability',
      "requires: [base, base]": "requires names a capability twice",
    }).map(([line, fault]) => ({
      title: `with ${line === "" ? "no requirement" : line}`,
      files: { [pin]: (text: string) => text.replace("requires: base", line) },
      fault,
    })),
    {
      title: "of the platform's team",
      files: { [pin]: (text) => text.replace("team: commerce", "team: platform") },
      fault: "team platform is not one of commerce, storefront",
    },
    {
      title: "of the cluster's own",
      files: { "gitops/clusters/dev/pins/orders.yaml": () => "component: orders\nversion: 2\n" },
      fault: "version is missing or is not a text",
    },
  ];
  for (const { title, files, fault } of cases) {
    it(`${title} stops its own component, which stays as it is`, async () => {
      for (const [path, edit] of Object.entries(files)) {
        const before = path === pin ? kept.repo.read(path) : "";
        assert.notEqual(edit(before), before);
        kept.repo.put({ [path]: edit(before) });
      }
      const { errors, applications } = await made();
      assert.deepEqual(errors, []);
      // An Application that the controller refuses is not deleted: it was generated.
      assert.deepEqual(applications.map(([name]) => name).sort(), [...others, "orders"]);
      assert.deepEqual(applications.filter(([, invalid]) => invalid !== undefined).length, 1);
      const invalid = applications.find(([name]) => name === "orders")?.[1] ?? "";
      const named = [pin, ...Object.keys(files).filter((path) => path !== pin)].join(" with ");
      assert.deepEqual(pinFault(invalid), { files: named, fault });
    });
  }

  it("beside one of the same name under addons stops this name", async () => {
    kept.repo.put({ "gitops/addons/orders/stages/dev/pin.yaml": kept.repo.read(pin) });
    const { errors, applications } = await made();
    assert.deepEqual(errors, []);
    for (const [name, invalid] of applications) {
      const expected = name === "orders" ? /contains applications with duplicate name: orders$/ : /^$/;
      assert.match(invalid ?? "", expected, name);
    }
  });

  for (const requires of ["dns", "[dns]", "[base, nodes, dns]", "[dns, nodes]"]) {
    it(`that requires ${requires}, which the cluster lacks, makes nothing`, async () => {
      kept.repo.put({ [pin]: kept.repo.read(pin).replace("requires: base", `requires: ${requires}`) });
      const { errors, applications } = await made();
      assert.deepEqual(errors, []);
      assert.deepEqual(applications.map(([name]) => name).sort(), others);
    });
  }

  it("is not one that requires several things which the cluster has", async () => {
    kept.repo.put({ [pin]: kept.repo.read(pin).replace("requires: base", "requires: [storage, base, nodes]") });
    const { errors, applications } = await made();
    assert.deepEqual(errors, []);
    assert.deepEqual(
      applications.filter(([, invalid]) => invalid !== undefined),
      [],
    );
    assert.deepEqual(applications.map(([name]) => name).sort(), [...others, "orders"]);
  });

  it("that is not YAML stops the sets until it is mended", async () => {
    kept.repo.put({ [pin]: "component: [orders\n" });
    const { errors, applications } = await made();
    assert.deepEqual(errors, ["charts", "components"]);
    assert.deepEqual(applications, [["bootstrap", undefined]]);
  });
});
