import { execFileSync } from "node:child_process";
import { chmodSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { HostileTree } from "../../../cli/robustness/support/hostile-tree";
import { chartCases } from "../../../cli/robustness/support/chart-cases";
import { linkCases, pipeCases } from "../../../cli/robustness/support/file-cases";
import type { HostileCase } from "../../../cli/robustness/support/hostile-case";
import { sizeCases } from "../../../cli/robustness/support/yaml-cases";
import type { ToolAttempt } from "../attempt";

const read = { who: "reader", how: "tool" } as const;

/** A program that leaves a mark beside the tree, and does what a filter of Git does. */
function spy(tree: HostileTree, then = "exec cat"): string {
  const program = join(tree.place, "outside", "spy.sh");
  writeFileSync(program, `#!/bin/sh\ntouch ${join(tree.place, "outside", "ran")}\n${then}\n`);
  chmodSync(program, 0o755);
  return program;
}

/** Settings of the checkout whose values are the program. */
function settings(id: string, title: string, ...keys: string[]): ToolAttempt {
  return {
    ...{ ...read, id, title: `${title} of a checkout names a program` },
    make(tree) {
      const program = spy(tree);
      tree.write(".gitattributes", "* filter=evil diff=evil merge=evil\n").commit();
      for (const key of keys) tree.git("config", key, program);
      // Git looks again at a file whose time has changed.
      tree.write("gitops/apps/orders/values.yaml", `${tree.read("gitops/apps/orders/values.yaml")}# changed\n`);
      rmSync(join(tree.place, "outside", "ran"), { force: true });
    },
  };
}

/** A case of the tests of hostile trees. */
function hostile(id: string, title: string, cases: readonly HostileCase[], name: RegExp): ToolAttempt {
  const found = cases.find((one) => name.test(one.name));
  if (!found) throw new Error(`no case is called ${name}`);
  const [says] = [found.finds ?? []].flat();
  return { ...read, id, title, make: found.make, ...(says && { says }) };
}

const values = "gitops/apps/orders/values.yaml";
const odd = [
  "line\nend",
  "\u001b[31mred",
  "\u001b]0;title\u0007",
  "$(touch ran)",
  "`touch ran`",
  "--help",
  "-rf",
  "::error::x",
  "<img src=x onerror=alert(1)>",
  "a|b",
];

export const tool: ToolAttempt[] = [
  settings("102", "filter.*.clean", "filter.evil.clean"),
  settings("102a", "filter.*.process", "filter.evil.process"),
  settings("102b", "filter.*.smudge", "filter.evil.smudge"),
  {
    ...{ ...read, id: "103", title: "a partial clone names a program that fetches what is missing" },
    make(tree) {
      const program = spy(tree, "exit 1");
      tree.commit();
      tree.write(values, `${tree.read(values)}# changed\n`).commit();
      tree.git("config", "uploadpack.allowFilter", "true");
      const clone = join(tree.place, "clone");
      rmSync(clone, { recursive: true, force: true });
      const args = ["clone", "-q", "--filter=blob:none", `file://${tree.root}`, clone];
      execFileSync("git", args, { env: tree.env, stdio: "ignore" });
      tree.root = clone;
      tree.git("config", "remote.origin.uploadpack", program);
      rmSync(join(tree.place, "outside", "ran"), { force: true });
    },
    verbs: ["plan --offline HEAD~1 HEAD", "check --offline HEAD~1"],
  },
  settings("104", "core.fsmonitor", "core.fsmonitor"),
  {
    ...settings("104a", "core.hooksPath", "core.fsmonitor"),
    make(tree) {
      const program = spy(tree);
      for (const hook of ["post-index-change", "reference-transaction", "post-checkout"])
        writeFileSync(join(tree.place, "outside", hook), `#!/bin/sh\nexec ${program} </dev/null\n`, { mode: 0o755 });
      tree.git("config", "core.hooksPath", join(tree.place, "outside"));
      rmSync(join(tree.place, "outside", "ran"), { force: true });
    },
  },
  settings("105", "diff.*.textconv", "diff.evil.textconv", "diff.evil.command"),
  settings("105a", "diff.external", "diff.external"),
  settings("105b", "core.pager", "core.pager", "pager.log", "pager.diff"),
  settings("105c", "gpg.program", "gpg.program", "gpg.ssh.program"),
  settings("105d", "core.sshCommand", "core.sshCommand", "core.askPass", "credential.helper"),
  settings("105e", "core.alternateRefsCommand", "core.alternateRefsCommand", "core.editor", "merge.evil.driver"),
  ...odd.map((name, i): ToolAttempt => ({
    ...{
      ...read,
      id: `106${i === 0 ? "" : String.fromCharCode(96 + i)}`,
      title: `a file is called ${JSON.stringify(name)}`,
    },
    make: (tree) => void tree.write(`gitops/apps/orders/regions/${name.replaceAll("/", "")}.yaml`, "replicas: 1\n"),
    says: /unknown-layer|unexpected-file|bad-name/,
  })),
  {
    ...{ ...read, id: "106k", title: "a value turns the direction of the text (U+202E)" },
    make: (tree) => void tree.edit("gitops/apps/guestbook/stages/dev/values.yaml", "Guestbook (dev)", "x\u202egpj.exe"),
    says: /^[^\u202a-\u202e\u2066-\u2069]*$/,
  },
  {
    ...{ ...read, id: "106l", title: "a name turns the direction of the text (U+202E)" },
    make: (tree) => void tree.write("gitops/apps/orders/regions/x\u202elmay.yaml", "replicas: 1\n"),
    says: /^[^\u202a-\u202e\u2066-\u2069]*$/,
  },
  hostile("107", "values whose aliases unfold without measure", sizeCases, /aliases that unfold/),
  hostile("107a", "values that nest 10,000 brackets", sizeCases, /10,000 brackets/),
  hostile("108", "a link to itself", linkCases, /a link to itself/),
  hostile("108a", "a link to a file outside of the tree", linkCases, /an absolute link out/),
  hostile("108b", "a link to /dev/zero", linkCases, /dev.zero/),
  {
    ...{ ...read, id: "108c", title: "a link to /etc/passwd" },
    make: (tree) => void tree.link(values, "/etc/passwd"),
    says: /a file with the text \/etc\/passwd/,
  },
  hostile("108d", "a pipe in the place of values", pipeCases, /apps.orders.values/),
  hostile("109", "a subchart that is no archive", chartCases, /a subchart that is/),
  hostile("109a", "a chart whose dependency is a directory of the machine", chartCases, /a dependency in a directory/),
  {
    ...{ ...read, id: "109b", title: "a subchart whose archive climbs with ../" },
    make: (tree) =>
      tree.chart({ "templates/a.yaml": "", "charts/x.tgz": archive(tree, "../x/Chart.yaml", "name: x\n") }),
    says: /x\.tgz|parent|\.\.\//,
  },
  {
    ...{ ...read, id: "109c", title: "a subchart whose archive unfolds to 240 MB" },
    make: (tree) =>
      tree.chart({ "templates/a.yaml": "", "charts/x.tgz": archive(tree, "x/files/zero", "0".repeat(240 << 20)) }),
    says: /x\.tgz|larger|maximum/,
  },
  {
    ...{ ...read, id: "110", title: "an address with a password in values" },
    make: (tree) =>
      void tree.edit(values, "config:", "config:\n  DB: postgres://app:s3cr3t-Pa55word@db.example.com/orders"),
    // `render` gives the manifests as Argo CD applies them.
    verbs: ["plan --offline", "check --offline"],
    says: /secret-in-git/,
  },
  {
    ...{ ...read, id: "110a", title: "an AWS key in values" },
    make: (tree) => void tree.edit(values, "config:", `config:\n  KEY: ${"AKIA"}Z7QKX2M4N6P8R5TV`),
    says: /secret-in-git/,
  },
];

/** A packed archive with one file. */
function archive(tree: HostileTree, name: string, content: string): Buffer {
  const file = join(tree.place, "tmp", "content");
  writeFileSync(file, content);
  try {
    const change = `--transform=s|.*|${name}|`;
    const args = ["-C", join(tree.place, "tmp"), "-P", change, "-czf", "-", "content"];
    return execFileSync("tar", args, { maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "ignore"] });
  } finally {
    rmSync(file);
  }
}
