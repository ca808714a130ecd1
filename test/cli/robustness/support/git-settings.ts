import { execFileSync } from "node:child_process";
import { appendFileSync, chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PlanTree } from "../../support/plan-tree";

/** A checkout of somebody else, and a program beside it that leaves a mark. */
export interface Prepared {
  root: string;
  /** Directory outside of the checkout. */
  outside: string;
  /** A program that does what a filter does and leaves the mark of this setting. */
  program: string;
  set(key: string, value: string): void;
  git(...args: string[]): void;
}

/** A setting of a repository that can start a program. */
export interface ProgramSetting {
  name: string;
  set(prepared: Prepared): void;
  /** The words with which Git starts the program; undefined: only at a terminal, or by another program. */
  starts: string[] | undefined;
}

const hooks = (directory: string, program: string) => {
  mkdirSync(directory, { recursive: true });
  for (const name of ["post-index-change", "reference-transaction", "pre-auto-gc"]) {
    writeFileSync(join(directory, name), `#!/bin/sh\nexec ${program} </dev/null\n`, { mode: 0o755 });
  }
};

const set =
  (key: string, value = (program: string) => program) =>
  (prepared: Prepared) =>
    prepared.set(key, value(prepared.program));

/** A file that the repository's settings include, with a filter. */
const includes = (key: string, filter: string) => (prepared: Prepared) => {
  const file = join(prepared.outside, `included-${filter}`);
  writeFileSync(file, `[filter "${filter}"]\n\tclean = ${prepared.program}\n`);
  prepared.set(key, file);
};

const commit = ["commit", "--allow-empty", "-m", "x"];

/** What Git reads when it looks at files, or shows or makes something. All of them can be set at once. */
export const fileSettings: readonly ProgramSetting[] = [
  { name: "filter.*.clean", set: set("filter.values.clean"), starts: ["status"] },
  { name: "filter.*.process", set: set("filter.charts.process"), starts: ["status"] },
  {
    name: "filter.*.smudge",
    set: set("filter.values.smudge"),
    starts: ["checkout", "--force", "HEAD", "--", "gitops"],
  },
  { name: "include.path", set: includes("include.path", "readme"), starts: ["status"] },
  { name: "includeIf.*.path", set: includes("includeIf.gitdir:/**.path", "license"), starts: ["status"] },
  {
    name: "core.attributesFile",
    set(prepared) {
      const file = join(prepared.outside, "attributes");
      writeFileSync(file, "package.json filter=package\n");
      prepared.set("core.attributesFile", file);
      prepared.set("filter.package.clean", prepared.program);
    },
    starts: ["status"],
  },
  { name: "core.fsmonitor", set: set("core.fsmonitor"), starts: ["status"] },
  {
    name: "core.fsmonitor of a worktree",
    set(prepared) {
      prepared.set("extensions.worktreeConfig", "true");
      prepared.git("config", "--worktree", "core.fsmonitor", prepared.program);
    },
    starts: ["status"],
  },
  {
    name: "core.hooksPath",
    set(prepared) {
      hooks(join(prepared.outside, "hooks"), prepared.program);
      prepared.set("core.hooksPath", join(prepared.outside, "hooks"));
    },
    starts: ["update-index", "--refresh"],
  },
  {
    name: "the hooks of the repository",
    set: ({ root, program }) => hooks(join(root, ".git", "hooks"), program),
    starts: ["update-index", "--refresh"],
  },
  {
    name: "core.fsmonitor of a submodule",
    set: ({ git, program }) => git("-C", "module", "config", "core.fsmonitor", program),
    starts: ["status"],
  },
  {
    name: "submodule.*.update",
    set(prepared) {
      prepared.set("submodule.module.update", `!${prepared.program}`);
      prepared.git("-C", "module", "checkout", "-q", "HEAD~1");
    },
    starts: ["submodule", "update"],
  },
  { name: "diff.external", set: set("diff.external"), starts: ["diff"] },
  { name: "diff.*.command", set: set("diff.values.command"), starts: ["diff"] },
  { name: "diff.*.textconv", set: set("diff.values.textconv"), starts: ["diff"] },
  { name: "merge.*.driver", set: set("merge.values.driver"), starts: ["merge", "side"] },
  { name: "core.pager", set: set("core.pager"), starts: ["grep", "-O", "replicas"] },
  { name: "pager.*", set: set("pager.status"), starts: undefined },
  { name: "core.editor", set: set("core.editor"), starts: ["commit", "--allow-empty"] },
  { name: "sequence.editor", set: set("sequence.editor"), starts: ["rebase", "--autostash", "-i", "HEAD~1"] },
  { name: "gpg.program", set: set("gpg.program"), starts: [...commit, "-Skey"] },
  { name: "gpg.ssh.program", set: set("gpg.ssh.program"), starts: ["-c", "gpg.format=ssh", ...commit, "-Skey"] },
  {
    name: "gpg.ssh.defaultKeyCommand",
    set: set("gpg.ssh.defaultKeyCommand"),
    starts: ["-c", "gpg.format=ssh", ...commit, "-S"],
  },
  { name: "gpg.x509.program", set: set("gpg.x509.program"), starts: ["-c", "gpg.format=x509", ...commit, "-Skey"] },
  { name: "trailer.*.command", set: set("trailer.spy.command"), starts: [...commit, "--trailer", "spy: x"] },
  { name: "tar.*.command", set: set("tar.spy.command"), starts: ["archive", "--format=spy", "HEAD"] },
  { name: "alias.*", set: set("alias.spy", (program) => `!${program}`), starts: ["spy"] },
  { name: "lfs.customtransfer.*.path", set: set("lfs.customtransfer.spy.path"), starts: undefined },
];

const remote = (url: string, more: Record<string, string> = {}) => ({
  set(prepared: Prepared) {
    prepared.set("remote.origin.url", url.replace("PROGRAM", prepared.program));
    for (const setting of Object.entries(more)) {
      const [key, value] = setting.map((text) => text.replace("PROGRAM", prepared.program)) as [string, string];
      prepared.set(key, value);
    }
  },
  starts: ["fetch", "origin"],
});

/** Nothing listens there. */
const nowhere = "127.0.0.1:1/x.git";

/**
 * What Git reads when it talks to a remote, as it does by itself in a clone without blobs that lacks some.
 * @param http the address of a server that asks for a password
 */
export function remoteSettings(http: string): ProgramSetting[] {
  const program = { set: set("remote.origin.uploadpack"), starts: ["fetch", "origin"] };
  return [
    { name: "remote.*.uploadpack", ...program },
    { name: "remote.*.receivepack", set: set("remote.origin.receivepack"), starts: ["push", "origin", "HEAD:new"] },
    { name: "remote.*.vcs", ...remote("PROGRAM", { "remote.origin.vcs": "ext", "protocol.ext.allow": "always" }) },
    { name: "protocol.ext.allow", ...remote("ext::PROGRAM", { "protocol.ext.allow": "always" }) },
    { name: "protocol.allow", ...remote("ext::PROGRAM", { "protocol.allow": "always" }) },
    {
      name: "url.*.insteadOf",
      ...remote("short:x", { "url.ext::PROGRAM .insteadOf": "short:", "protocol.ext.allow": "always" }),
    },
    { name: "core.sshCommand", ...remote(`ssh://${nowhere}`, { "core.sshCommand": "PROGRAM" }) },
    { name: "core.gitProxy", ...remote(`git://${nowhere}`, { "core.gitProxy": "PROGRAM" }) },
    { name: "credential.helper", ...remote(http, { "credential.helper": "PROGRAM" }) },
    { name: "credential.*.helper", ...remote(http, { [`credential.${http}.helper`]: "PROGRAM" }) },
    { name: "core.askPass", ...remote(http, { "core.askPass": "PROGRAM" }) },
    {
      name: "the name of a remote that reads like an option",
      set(prepared) {
        prepared.git("config", "--remove-section", "remote.origin");
        prepared.set(`remote.--upload-pack=${prepared.program}.promisor`, "true");
        prepared.set("remote.origin.url", prepared.root);
      },
      starts: ["cat-file", "-p", "HEAD~1:gitops/apps/orders/values.yaml"],
    },
    {
      name: "extensions.partialClone that reads like an option",
      set(prepared) {
        prepared.git("config", "--remove-section", "remote.origin");
        prepared.set("extensions.partialClone", `--upload-pack=${prepared.program}`);
        prepared.set("remote.origin.url", prepared.root);
      },
      starts: ["cat-file", "-p", "HEAD~1:gitops/apps/orders/values.yaml"],
    },
    {
      name: "core.alternateRefsCommand",
      set(prepared) {
        const other = join(prepared.outside, "other.git");
        execFileSync("git", ["init", "-q", "--bare", other]);
        appendFileSync(join(prepared.root, ".git/objects/info/alternates"), `${join(other, "objects")}\n`);
        prepared.set("core.alternateRefsCommand", prepared.program);
      },
      starts: ["fetch", "--refetch", "origin"],
    },
    {
      name: "include.path to a remote's program",
      set(prepared) {
        const file = join(prepared.outside, "included");
        writeFileSync(file, `[remote "origin"]\n\tuploadpack = ${prepared.program}\n`);
        prepared.set("include.path", file);
      },
      starts: ["fetch", "origin"],
    },
    {
      name: "the hooks of a fetch",
      set({ root, program }) {
        hooks(join(root, ".git", "hooks"), program);
      },
      starts: ["fetch", "origin", "+HEAD:refs/heads/fetched"],
    },
  ];
}

/** A program that leaves a mark and then does what a filter does, or ends. */
export function markingProgram(outside: string, name: string, then: "cat" | "exit 1") {
  const file = name.replaceAll(/[^a-z]+/gi, "-");
  const [program, mark] = [join(outside, `${file}.sh`), join(outside, `${file}.ran`)];
  writeFileSync(program, `#!/bin/sh\ntouch ${mark}\n${then}\n`);
  chmodSync(program, 0o755);
  return { program, mark };
}

/**
 * The tests' tree in a repository with all that the file settings are about: attributes, a submodule, a branch to merge, changed
 * files.
 */
export function attributedTree(): PlanTree {
  const tree = new PlanTree();
  tree.put({
    "README.md": "# Fleet\n",
    LICENSE: "MIT\n",
    "package.json": "{}\n",
    ".gitattributes":
      "*.md filter=readme\nLICENSE filter=license\nvalues.yaml filter=values diff=values merge=values\n**/templates/*.yaml filter=charts\n",
  });
  tree.commit();
  execFileSync("git", [
    "-C",
    tree.root,
    "-c",
    "protocol.file.allow=always",
    "submodule",
    "add",
    "-q",
    tree.root,
    "module",
  ]);
  tree.commit();
  tree.git("switch", "-q", "-c", "side");
  tree.edit("apps/orders/values.yaml", "PODINFO_UI_MESSAGE: Orders", "PODINFO_UI_MESSAGE: Side").commit();
  tree.git("switch", "-q", "main");
  tree.edit("apps/orders/values.yaml", "PODINFO_UI_MESSAGE: Orders", "PODINFO_UI_MESSAGE: Main").commit();
  return tree;
}
