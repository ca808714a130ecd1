import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { factKey, factNames } from "../../model/facts";
import { pinFault } from "../../model/pin";
import { bootstrapChart } from "../support/paths";
import { keepTree } from "./kept-tree";

const addon = (stage: string) => `gitops/addons/cert-manager/stages/${stage}/pin.yaml`;
const app = (stage: string) => `gitops/apps/orders/stages/${stage}/pin.yaml`;

describe("the facts of a pin", () => {
  const kept = keepTree();

  const add = (path: string, text: string) => kept.repo.put({ [path]: kept.repo.read(path) + text });

  /** What the controller would make in a cluster: the sets' errors, and the Application of a component with its fault. */
  async function made(cluster: string, component: string) {
    const { applications, sets } = await kept.renderer.expand(await kept.renderer.tree(), { clusters: [cluster] });
    const { application, invalid } = applications.find(({ name }) => name === component)!;
    const errors = sets.flatMap(({ name, error }) => (error === undefined ? [] : [`${name}: ${error}`]));
    return { application, invalid, errors };
  }

  // prod keeps its Applications and so has a source more; dev has one source alone in a set.
  for (const cluster of ["dev", "prod"]) {
    for (const [component, pin] of Object.entries({ "cert-manager": addon, orders: app })) {
      it(`become Helm parameters of ${component} in ${cluster}, and change nothing else`, async () => {
        const { application: before } = await made(cluster, component);
        add(pin(cluster), "facts:\n  global.clusterName: name\n  dns.zone: domain\n  a: stage\n  b: region\n");
        const { application, invalid, errors } = await made(cluster, component);
        assert.deepEqual([errors, invalid], [[], undefined]);
        const [main] = application.spec.sources ?? [application.spec.source!];
        const [b, zone] = { dev: ["us-east-1", "dev.us"], prod: ["eu-west-1", "prod.eu"] }[cluster]!;
        const wanted = { a: cluster, b: b!, "dns.zone": `${zone}.onebranch.example`, "global.clusterName": cluster };
        assert.deepEqual(
          main!.helm!.parameters,
          Object.entries(wanted).map(([name, value]) => ({ name, value, forceString: true })),
        );
        delete main!.helm!.parameters;
        assert.deepEqual(application, before);
      });
    }
  }

  it("may be the account that cluster.yaml names", async () => {
    add("gitops/clusters/dev/cluster.yaml", 'account: "012345678901"\n');
    add(addon("dev"), "facts:\n  owner: account\n");
    const { application, errors } = await made("dev", "cert-manager");
    assert.deepEqual(errors, []);
    const parameters = [{ name: "owner", value: "012345678901", forceString: true }];
    assert.deepEqual(application.spec.sources?.[0]?.helm?.parameters, parameters);
  });

  const faults: [string, string, string][] = [
    ["a fact that does not exist", "facts: {a: cloud}\n", 'facts.a is "cloud", and dev has domain, name, region, stage'],
    ["a fact that the cluster lacks", "facts: {a: account}\n", 'facts.a is "account", and dev has domain, name, region, stage'],
    ["a number", "facts: {a: 1}\n", 'facts.a is "1", and dev has domain, name, region, stage'],
    ["nothing", "facts: {a: }\n", 'facts.a is "<nil>", and dev has domain, name, region, stage'],
    ["a name that carries a value", 'facts: {"replicas=0,a": name}\n', 'facts has the key "replicas=0,a"'],
    ["a name with a second line", 'facts: {"a\\nb": name}\n', 'facts has the key "a\\nb"'],
    ["a name that would end a text of YAML", `facts: {"'": name}\n`, `facts has the key "'"`],
    ["a list", "facts: [name]\n", "facts is not a mapping"],
    ["no value", "facts:\n", "facts is not a mapping"],
  ];
  for (const [title, text, fault] of faults) {
    it(`with ${title} stop their own component, which stays as it is`, async () => {
      add(addon("dev"), text);
      const { invalid, errors } = await made("dev", "cert-manager");
      assert.deepEqual(errors, []);
      assert.deepEqual(pinFault(invalid ?? ""), { files: addon("dev"), fault });
    });
  }

  it("leave what else the pin says a text, whatever is in it", async () => {
    const chart = `x'"}\\n  helm: {values: "a: 1"}\\n# {{ .name }}`;
    kept.repo.put({ [addon("dev")]: kept.repo.read(addon("dev")).replace(/^chart: .*/m, `chart: ${JSON.stringify(chart)}`) });
    add(addon("dev"), "facts: {a: name}\n");
    const { application, errors } = await made("dev", "cert-manager");
    assert.deepEqual(errors, []);
    const [main] = application.spec.sources!;
    assert.equal(main!.chart, chart);
    assert.deepEqual(Object.keys(main!.helm!).sort(), ["ignoreMissingValueFiles", "parameters", "valueFiles"]);
  });

  it("are named in the template as in the model", () => {
    const template = readFileSync(join(bootstrapChart, "templates", "_helpers.tpl"), "utf8");
    assert.ok(template.includes(`regexMatch "${factKey}"`));
    assert.ok(template.includes(`list ${factNames.map((name) => `"${name}"`).join(" ")} `));
  });
});
