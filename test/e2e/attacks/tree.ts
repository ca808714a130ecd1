import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { stringify } from "yaml";

const image = { repository: "ghcr.io/stefanprodan/podinfo", tag: "6.9.2" };

interface Made {
  /** The one template of a chart of its own; without it there is no chart. */
  template?: string | object;
  values?: object;
  pin?: object;
  stages?: string[];
}

/** The files of a repository, to change them. Paths begin at its root. */
export class Tree {
  constructor(readonly root: string) {}

  write(path: string, content: string | object): this {
    const text = typeof content === "string" ? content : stringify(content, { aliasDuplicateObjects: false });
    this.clear(path);
    writeFileSync(join(this.root, path), text);
    return this;
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), "utf8");
  }

  /** Replaces a text that must be there. */
  edit(path: string, from: string | RegExp, to: string): this {
    const text = this.read(path);
    const changed = text.replace(from, to);
    if (changed === text) throw new Error(`${path} has no ${from}`);
    return this.write(path, changed);
  }

  link(path: string, target: string): this {
    this.clear(path);
    symlinkSync(target, join(this.root, path));
    return this;
  }

  /** A commit of another repository that nobody has, in a directory that is empty as in a clone. */
  submodule(path: string): this {
    this.clear(path);
    mkdirSync(join(this.root, path));
    // Git does not put a directory over the files that the index has below it.
    execFileSync("git", ["-C", this.root, "rm", "-r", "--quiet", "--cached", "--ignore-unmatch", path]);
    const entry = `160000,${"1".repeat(40)},${path}`;
    execFileSync("git", ["-C", this.root, "update-index", "--add", "--cacheinfo", entry]);
    return this;
  }

  remove(path: string): this {
    rmSync(join(this.root, path), { recursive: true });
    return this;
  }

  rename(from: string, to: string): this {
    this.clear(to);
    renameSync(join(this.root, from), join(this.root, to));
    return this;
  }

  /** An app of the team commerce, by default in dev alone, with a chart of its own. */
  app(name: string, made: Made): this {
    return this.component("apps", name, { team: "commerce", namespace: "orders", image }, made);
  }

  addon(name: string, made: Made): this {
    return this.component("addons", name, { namespace: "kube-system" }, made);
  }

  /** The one template may be an object. */
  chart(name: string, version: string, template: string | object): this {
    const folder = `gitops/charts/${name}/${version}`;
    this.write(`${folder}/Chart.yaml`, { apiVersion: "v2", name, version });
    this.write(`${folder}/values.yaml`, "{}\n");
    return this.write(`${folder}/templates/all.yaml`, template);
  }

  private component(group: string, name: string, owner: object, made: Made): this {
    const { template, values, pin, stages = ["dev"] } = made;
    const folder = `gitops/${group}/${name}`;
    if (template) this.chart(name, "1.0.0", template);
    if (values) this.write(`${folder}/values.yaml`, values);
    const usual = { component: name, chart: name, version: "1.0.0", ...owner, requires: "base" };
    for (const stage of stages) this.write(`${folder}/stages/${stage}/pin.yaml`, { ...usual, ...pin });
    return this;
  }

  private clear(path: string): void {
    const full = join(this.root, path);
    rmSync(full, { recursive: true, force: true });
    mkdirSync(dirname(full), { recursive: true });
  }
}

/** Remembers which paths a change touches, and changes nothing. */
export class TouchedPaths extends Tree {
  readonly paths = new Set<string>();

  constructor() {
    super("/nowhere");
  }

  override write(path: string): this {
    this.paths.add(path);
    return this;
  }

  override edit(path: string): this {
    return this.write(path);
  }

  override link(path: string): this {
    return this.write(path);
  }

  override submodule(path: string): this {
    return this.write(path);
  }

  override remove(path: string): this {
    return this.write(path);
  }

  override rename(from: string, to: string): this {
    return this.write(from).write(to);
  }
}
