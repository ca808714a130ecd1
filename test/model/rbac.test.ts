import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { findToolchain } from "../../infra/providers/embedded/toolchain";
import { givesRoles, groupLine, rbacFaults } from "../../model/argocd";
import { nowhere } from "../support/nowhere";
import { skip } from "../support/skip";

/** A policy, the fault of its last line, and whether Argo CD refuses the file because of it. */
const cases: [title: string, text: string, fault: string | undefined, refused?: boolean][] = [
  ["nothing at all", "", undefined],
  ["comments and empty lines", "# who may do what\n\n   # more", undefined],
  ["a rule", "p, role:a, applications, sync, */*, allow", undefined],
  ["a rule without spaces", "p,role:a,applications,sync,*/*,deny", undefined],
  ["a rule for one group, without a role", "p, shop, projects, get, shop, allow", undefined],
  ["an action with a path", "p, role:a, applications, action/apps/Deployment/restart, */*, allow", undefined],
  ["every action", "p, role:a, applications, *, */*, allow", undefined],
  ["every resource", "p, role:a, *, get, *, allow", undefined],
  ["a role that has its rights from another", "g, role:a, role:readonly\ng, shop, role:a", undefined],
  ["a group with a comma", 'g, "CN=Admins,OU=Shop", role:admin', undefined],
  ["a group with quotes", 'g, "the ""admins""", role:admin', undefined],
  ["another letter that Argo CD knows", "r, role:a, applications, sync, */*, allow", 'a line begins with "r"'],
  ["another letter", "x, role:a, applications, sync, */*, allow", 'a line begins with "x"', true],
  ["a policy of another type", "p2, role:a, applications, sync, */*, allow", 'a line begins with "p2"', true],
  ["a rule without effect", "p, role:a, applications, sync, */*", "a line with p has 4 fields after it", true],
  [
    "a rule with one field more",
    "p, role:a, applications, sync, a, b, allow",
    "a line with p has 6 fields after it",
    true,
  ],
  ["a group without a role", "g, shop", "a line with g has 1 fields after it", true],
  ["a field after the role", "g, shop, role:admin, shop", "a line with g has 3 fields after it", true],
  ["a quote inside a field", 'g, a"b, role:admin', "the quotes of this line do not match", true],
  ["a quote without its end", 'g, "a, role:admin', "the quotes of this line do not match", true],
  ["a text behind a quote", 'g, "a"b, role:admin', "the quotes of this line do not match", true],
  ["an empty field", "g, , role:admin", "a line with g has 2 fields after it, one of them empty"],
  [
    "another effect",
    "p, role:a, applications, sync, */*, Allow",
    'the effect is "Allow", and the rule counts as neither',
  ],
  ["a misspelt resource", "p, role:a, application, sync, */*, allow", '"application" is not a resource of Argo CD'],
  ["a misspelt action", "p, role:a, applications, snyc, */*, allow", '"snyc" is not an action on applications'],
  ["an action of another resource", "p, role:a, projects, sync, *, allow", '"sync" is not an action on projects'],
  ["a path where there is none", "p, role:a, clusters, delete/x, *, allow", '"delete/x" is not an action on clusters'],
  [
    "an Application without its project",
    "p, role:a, applications, sync, orders, allow",
    '"orders" is not an object of applications, which lie in projects',
  ],
  ["a role without rights", "g, shop, role:operater", 'no rule gives "role:operater" any right'],
  ["roles that give each other nothing", "g, role:a, role:b\ng, role:b, role:a", 'no rule gives "role:a" any right'],
];

describe("a policy.csv of Argo CD", () => {
  let argocd: string | undefined;
  let folder: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "onebranch-rbac-"));
    // argocd asks for a cluster before it reads the file, and never connects to it.
    writeFileSync(join(folder, "kubeconfig"), nowhere);
    const built = await findToolchain({ parts: ["argocd"] });
    const path = built && join(built.bin, "argocd");
    argocd = path !== undefined && existsSync(path) ? path : undefined;
  });
  after(() => rmSync(folder, { recursive: true }));

  function asked(...args: string[]) {
    const env = { PATH: process.env.PATH, HOME: folder, KUBECONFIG: join(folder, "kubeconfig") };
    return spawnSync(argocd!, ["admin", "settings", "rbac", ...args], { encoding: "utf8", env });
  }

  /** As the ConfigMap that Argo CD would read. */
  function fileWith(policy: string): string {
    const file = join(folder, "argocd-rbac-cm.yaml");
    writeFileSync(file, stringify({ data: { "policy.csv": policy } }));
    return file;
  }

  for (const [title, text, fault] of cases) {
    it(`${fault === undefined ? "may have" : "is told about"} ${title}`, () => {
      const last = rbacFaults(text).at(-1);
      assert.equal(last?.message, fault);
      if (last) assert.equal(last.line, text.split("\n").length);
    });
  }

  it("is refused by Argo CD itself for the faults that stop the whole file", function () {
    if (argocd === undefined) return skip(this, "no argocd built (make toolchain)");
    // Argo CD's own check does not take an empty one, which its ConfigMap has where nothing is set.
    for (const [title, text, , refused = false] of cases.filter(([, content]) => content !== "")) {
      const { status, stdout, stderr } = asked("validate", "--policy-file", fileWith(text));
      assert.equal(status !== 0, refused, `${title}: ${stdout}${stderr}`);
    }
  });

  it("gives a group its role, whatever its name", function () {
    if (argocd === undefined) return skip(this, "no argocd built (make toolchain)");
    const groups = ["platform", "CN=Admins, OU=Shop", 'the "admins"', "a#b"];
    const file = fileWith(groups.map((group) => `${groupLine(group, "role:admin")}\n`).join(""));
    const can = (group: string) => asked("can", group, "sync", "applications", "*/*", "--policy-file", file);
    for (const group of groups) assert.equal(can(group).stdout.trim(), "Yes", group);
    assert.equal(can("else").stdout.trim(), "No");
  });

  it("is known to give roles or not", () => {
    assert.equal(givesRoles("p, role:a, logs, get, */*, allow\n # g, shop, role:a"), false);
    assert.equal(givesRoles("p, role:a, logs, get, */*, allow\n g, shop, role:a"), true);
  });
});
