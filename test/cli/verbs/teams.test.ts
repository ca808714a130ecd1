import assert from "node:assert/strict";
import { candidates } from "../../../cli/verbs/completion/candidates";
import { commands } from "../../../cli/commands";
import type { Plan } from "../../../cli/verbs/plan/types";
import { addTeamTree, hasTenantChart } from "../../support/fixtures";
import { skip } from "../../support/skip";
import { renewRepo, TreeRepo } from "../support/tree-repo";

const file = (team: string) => `gitops/teams/${team}.yaml`;
const codeOwners = ".github/CODEOWNERS";

/** What the verbs say of a tree whose teams are files. */
describe("a tree with files of teams", function () {
  const repo = renewRepo(new TreeRepo(addTeamTree));
  const words = `new team payments --reviewer @acme/payments --group edit=payments --group view=support --slack payments-alerts --email p@example.com --description`;

  before(function () {
    if (!hasTenantChart) skip(this, "gitops/charts/tenant/2.1.0 is not there");
  });

  const newTeam = (...more: string[]) => repo.run(...words.split(" "), "Cards", ...more);

  async function errors(...rules: string[]): Promise<string[]> {
    const { out } = await repo.run(
      "check",
      "HEAD",
      "--offline",
      "--json",
      ...rules.flatMap((rule) => ["--rule", rule]),
    );
    const found = JSON.parse(out) as { file: string; line: number; message: string; severity: string }[];
    return found.flatMap(({ file, line, message, severity }) =>
      severity === "error" ? `${file}:${line} ${message}` : [],
    );
  }

  function edit(path: string, from: string, to: string): void {
    assert.ok(repo.read(path).includes(from), path);
    repo.put({ [path]: repo.read(path).replace(from, to) });
  }

  it("has no error", async () => assert.deepEqual(await errors(), []));

  it("gets an app by one directory of at most three files, and a cluster by one file", async () => {
    const app = "new app cart --team commerce --image ghcr.io/stefanprodan/podinfo:6.9.2 --set replicas=2";
    assert.equal((await repo.run(...app.split(" "))).code, 0);
    const added = () => repo.changes().filter((line) => line.startsWith("?? "));
    assert.ok(added().length <= 3, added().join("\n"));
    for (const line of added()) assert.match(line, /^\?\? gitops\/apps\/cart\//);
    repo.commit("cart");
    const cluster = "new cluster dev-2 --stage dev --region eu-west-1 --provider embedded";
    assert.equal((await repo.run(...cluster.split(" "))).code, 0);
    assert.deepEqual(repo.changes(), ["?? gitops/clusters/dev-2/cluster.yaml"]);
  });

  it("gets a team by one file, with nothing else to write", async () => {
    const { code, out, err } = await newTeam();
    assert.deepEqual([code, err, out.split("\n")[0]], [0, "", `wrote ${file("payments")}`]);
    assert.deepEqual(repo.changes(), [`?? ${file("payments")}`]);
    assert.equal(
      repo.read(file("payments")),
      `description: Cards
owners: ["@acme/payments"]
groups:
  edit: [payments]
  view: [support]
contacts:
  slack: payments-alerts
  email: p@example.com
namespaces:
  payments: {}
`,
    );
    assert.deepEqual(await errors(), [], "also that it is in every stage and ring at once");
  });

  const refusals: [string, string[], RegExp][] = [
    ["that is there", ["commerce"], /the team commerce is there already; nothing was written/],
    ["of a project that is not a team's", ["platform"], /no team can be called platform/],
    ["that Helm reads as a file of its own", ["values"], /no team can be called values/],
    [
      "with another team's namespace",
      ["a", "--namespace", "orders"],
      /the namespace orders is in gitops\/teams\/commerce\.yaml/,
    ],
    ["with a namespace of Kubernetes' own", ["a", "--namespace", "kube-system"], /use a namespace of the team's own/],
    [
      "with a role that there is not",
      ["a", "--group", "boss=a"],
      /--group takes ROLE=GROUP with one of admin, edit, view/,
    ],
    ["with all logins as a group", ["a", "--group", "edit=system:authenticated"], /name a group of people/],
  ];
  for (const [title, [name, ...more], says] of refusals) {
    it(`refuses a team ${title}`, async () => {
      const { code, err } = await repo.run("new", "team", name!, "--description", "A", "--reviewer", "@a/b", ...more);
      assert.notEqual(code, 0);
      assert.match(err, says);
      assert.deepEqual(repo.changes(), []);
    });
  }

  it("says what a team lacks, and where a tree without such files has its teams", async () => {
    assert.match((await repo.run("new", "team", "a", "--reviewer", "@a/b")).err, /this needs --description SENTENCE/);
    assert.match((await repo.run("new", "team", "a", "--description", "A")).err, /this needs --reviewer NAME/);
    repo.git("rm", "-rq", "gitops/teams");
    assert.match(
      (await newTeam()).err,
      /this tree has no gitops\/teams\/Chart\.yaml, .*; add the team to teams in gitops\/bootstrap/,
    );
  });

  it("gives a new app a namespace in the file of its team, and a line in CODEOWNERS", async () => {
    const app = "new app cart --team commerce --image ghcr.io/stefanprodan/podinfo:6.9.2".split(" ");
    assert.equal((await repo.run("owners", "--write")).out, `wrote ${codeOwners}\n`);
    repo.commit("owners");
    assert.equal((await repo.run(...app)).code, 0);
    assert.deepEqual(repo.changes(), [
      ` M ${codeOwners}`,
      ` M ${file("commerce")}`,
      "?? gitops/apps/cart/stages/dev/pin.yaml",
      "?? gitops/apps/cart/values.yaml",
    ]);
    assert.match(repo.git("diff", file("commerce")), /^\+ {2}cart: \{\}$/m);
    assert.match(repo.git("diff", codeOwners), /^\+\/gitops\/apps\/cart\/ @acme\/commerce$/m);
    assert.deepEqual(await errors("stale-owners", "unknown-team", "project-destination"), []);
  });

  it("writes CODEOWNERS once, and keeps what people wrote there", async () => {
    repo.put({ CODEOWNERS: "* @acme/everybody\n" });
    const { out } = await repo.run("owners");
    const lines =
      "/gitops/ @acme/platform\n/gitops/apps/guestbook/ @acme/storefront\n/gitops/apps/orders/ @acme/commerce\n";
    assert.equal(out, lines);
    assert.equal((await repo.run("owners", "--write")).out, "wrote CODEOWNERS\n");
    const written = repo.read("CODEOWNERS");
    assert.ok(written.startsWith("* @acme/everybody\n\n# Written by") && written.includes(lines));
    assert.equal((await repo.run("owners", "--write")).out, "CODEOWNERS has these lines already\n");
    repo.put({ CODEOWNERS: `${written}/docs/ @acme/writers\n` });
    assert.equal((await repo.run("owners")).code, 0);
    edit(file("commerce"), "@acme/commerce", "@acme/tills");
    assert.deepEqual(
      [(await repo.run("owners")).code, await errors("stale-owners")],
      [
        1,
        [
          'CODEOWNERS:6 it has "/gitops/apps/orders/ @acme/commerce" where the files say "/gitops/apps/orders/ @acme/tills"',
        ],
      ],
    );
    await repo.run("owners", "--write");
    assert.equal(repo.read("CODEOWNERS"), `${written.replace("@acme/commerce", "@acme/tills")}/docs/ @acme/writers\n`);
  });

  it("gives what reaches one stage or one ring to its approvers, and a new cluster or stage too", async () => {
    const stage = "gitops/stages/prod.yaml";
    edit(
      stage,
      "approvers: [",
      'rings: [canary, rest]\nringApprovers: { canary: ["@acme/sre"] }\napprovers: ["@acme/oncall", ',
    );
    edit("gitops/clusters/prod/cluster.yaml", "stage: prod", "stage: prod\nring: canary");
    const ofProd = async () => (await repo.run("owners")).out.split("\n").filter((line) => /prod|qa/.test(line));
    const lines = [
      "/gitops/stages/prod.yaml @acme/oncall",
      "/gitops/*/*/stages/prod/ @acme/oncall",
      "/gitops/*/*/stages/prod/rings/canary/ @acme/sre",
      "/gitops/clusters/prod/ @acme/sre",
    ];
    assert.deepEqual(await ofProd(), lines);
    await repo.run("owners", "--write");
    repo.commit("owners");
    const cluster = "new cluster prod-b --stage prod --ring rest --region eu-west-1 --provider existing".split(" ");
    const made = await repo.run(...cluster);
    assert.equal(made.code, 0, made.out + made.err);
    await repo.run(..."new stage qa --after staging --approver @acme/qa".split(" "));
    const qa = ["/gitops/stages/qa.yaml @acme/qa", "/gitops/*/*/stages/qa/ @acme/qa"];
    assert.deepEqual(await ofProd(), [...qa, ...lines, "/gitops/clusters/prod-b/ @acme/oncall"]);
    assert.deepEqual(await errors("stale-owners"), []);
  });

  it("finds one fault where bootstrap does not render, and no loss: the clusters stay as they are", async () => {
    edit(file("commerce"), "  orders:", "  kube-system: {}\n  orders:");
    repo.commit("too much");
    const found = await errors("broken-set", "render-failure", "mass-removal", "refused-application");
    assert.equal(found.length, 1, found.join("\n"));
    assert.match(
      found[0]!,
      / bootstrap, which holds ApplicationSets, does not render in dev, prod and staging: .* kube-system /,
    );
  });

  it("says in the plan what a file of a team changes, by line and cluster", async () => {
    edit(file("commerce"), 'pods: "80"', 'pods: "90"');
    edit(file("commerce"), "edit: [commerce]", "edit: [commerce, tills]");
    const { changes } = JSON.parse((await repo.run("plan", "--offline", "--json")).out) as Plan;
    const told = changes.map(({ component, clusters, causes }) => [
      component,
      clusters,
      [...new Set(causes.map(({ file, line, key }) => `${file}:${line} ${key}`))],
    ]);
    const group = `${file("commerce")}:3 groups.edit[1]`;
    const quota = `${file("commerce")}:8 quotas.prod.pods`;
    assert.deepEqual(
      told.filter(([component]) => component !== "bootstrap"),
      [
        ["tenants", ["prod"], [group, quota]],
        ["tenants", ["dev", "staging"], [group, quota]],
      ],
    );
    assert.deepEqual(
      told.find(([component]) => component === "bootstrap"),
      ["bootstrap", ["dev", "prod", "staging"], [group, quota]],
    );
    const rights = changes.flatMap(({ dangers }) => dangers.filter(({ id }) => id === "rbac-wider"));
    assert.ok(rights.some(({ message }) => message.includes("gives ClusterRole edit to Group tills")));
  });

  it("lets groups, contacts and namespaces come everywhere at once, and a quota of all stages not", async () => {
    edit(file("commerce"), "edit: [commerce]", "edit: [tills]");
    edit(file("commerce"), "commerce-alerts", "orders-alerts");
    edit(file("commerce"), "orders: {}", "orders: {}\n  carts: {}");
    assert.deepEqual(await errors("crosses-rings"), []);
    edit(file("commerce"), 'prod: { pods: "80" }', 'prod: { pods: "90" }\n  dev: { pods: "5" }');
    const [found] = await errors("crosses-rings");
    assert.match(found!, /^gitops\/teams\/commerce\.yaml:3 this changes dev and prod at once/);
  });

  it("says of a team's file that it sets no values", async () => {
    const { out } = await repo.run("explain", "dev", "tenants", "--why-not", file("commerce"), "--offline");
    assert.match(out, /bootstrap and the chart tenant read it as a file, and it sets no values/);
  });

  it("offers teams where one is meant, and the kind", () => {
    const complete = (...typed: string[]) => candidates({ words: typed, cwd: repo.root, commands });
    assert.deepEqual(complete("new", "app", "x", "--team", "c"), ["commerce"]);
    assert.deepEqual(complete("new", "t"), ["team"]);
    assert.deepEqual(complete("new", "team", "x", "--g"), ["--group"]);
  });
});
