import { lstatSync, readdirSync, readFileSync, readlinkSync, realpathSync } from "node:fs";
import { join, sep } from "node:path";
import { compareText, type Finding } from "./findings";
import { isDnsLabel, labelRule, toDnsLabel } from "./names";

/** Largest file that is read, in bytes. Kubernetes stores no object above 1.5 MiB; a values file is far below. */
export const maxFileSize = 1024 * 1024;

/** One file or directory of the tree. */
export interface Entry {
  name: string;
  /** Path relative to the root of the tree, with forward slashes. */
  path: string;
  kind: "file" | "directory";
}

/** Reads files below one root and nothing outside of it, whatever symbolic links say. */
export class TreeFiles {
  readonly findings: Finding[] = [];
  private readonly realRoot: string;

  constructor(private readonly root: string) {
    this.realRoot = realpathSync(root);
  }

  /** Entries of a directory by name; none when it is missing. Hidden ones are left out, bad links become findings. */
  list(directory: string): Entry[] {
    let names: string[];
    try {
      names = readdirSync(join(this.root, directory));
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
    return names
      .filter((name) => !name.startsWith("."))
      .sort(compareText)
      .flatMap((name) => this.entry(directory, name) ?? []);
  }

  /** The entry of that name in a directory, or undefined when it is missing or leads out of the tree. */
  entry(directory: string, name: string): Entry | undefined {
    const path = `${directory}/${name}`;
    try {
      const real = realpathSync(join(this.root, path));
      if (real !== this.realRoot && !real.startsWith(this.realRoot + sep)) throw new LeadsOut();
      const stats = lstatSync(real);
      if (stats.isDirectory()) return { name, path, kind: "directory" };
      // Reading a pipe waits for somebody who writes into it.
      if (!stats.isFile()) {
        this.report("bad-link", path, "this is neither a file nor a directory", "remove it");
        return undefined;
      }
      if (stats.size > maxFileSize) {
        const fix = "keep the tree to what people write; large data belongs into an artifact";
        this.report("unreadable-file", path, `this file is larger than ${maxFileSize / 1024 / 1024} MiB`, fix);
        return undefined;
      }
      return { name, path, kind: "file" };
    } catch (error) {
      if (!isMissing(error) && !(error instanceof LeadsOut)) throw error;
      if (isMissing(error) && !this.isLink(path)) return undefined;
      const target = readlinkSync(join(this.root, path));
      const what = error instanceof LeadsOut ? "leads out of the tree" : "leads nowhere";
      this.report("bad-link", path, `this symbolic link to ${target} ${what}`, "put the file itself there");
      return undefined;
    }
  }

  /** The YAML files of a directory whose names are DNS labels; other entries become findings. */
  yamlFiles(directory: string): (Entry & { base: string })[] {
    return this.list(directory).flatMap((entry) => {
      const base = entry.name.replace(/\.ya?ml$/, "");
      if (entry.kind === "directory" || base === entry.name) {
        this.report("unexpected-file", entry.path, `only YAML files belong into ${directory}`, "move it elsewhere");
        return [];
      }
      if (!isDnsLabel(base)) {
        this.report("bad-name", entry.path, `"${base}" is no DNS label`, rename(base, ".yaml"));
        return [];
      }
      if (!entry.name.endsWith(".yaml")) {
        this.report("bad-name", entry.path, "nothing reads files that end in .yml", `rename it to ${base}.yaml`);
        return [];
      }
      return [{ ...entry, base }];
    });
  }

  /** Subdirectories whose names are DNS labels; other entries become findings. */
  directories(directory: string): Entry[] {
    return this.list(directory).filter((entry) => {
      if (entry.kind === "file") {
        this.report("unexpected-file", entry.path, `only directories belong into ${directory}`, "move it elsewhere");
        return false;
      }
      if (isDnsLabel(entry.name)) return true;
      this.report("bad-name", entry.path, `"${entry.name}" is no DNS label`, rename(entry.name, ""));
      return false;
    });
  }

  /** Whether a finding already says what is wrong with a file, so that nothing follows from its absence. */
  blames(path: string): boolean {
    return this.findings.some(({ file }) => file === path);
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), "utf8");
  }

  /** Adds an error about a file as a whole. */
  report(rule: string, file: string, message: string, fix: string): void {
    this.findings.push({ rule, severity: "error", file, line: 1, message, fix });
  }

  private isLink(path: string): boolean {
    try {
      return lstatSync(join(this.root, path)).isSymbolicLink();
    } catch {
      return false;
    }
  }
}

class LeadsOut extends Error {}

function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === "ENOENT" || code === "ENOTDIR" || code === "ELOOP";
}

function rename(name: string, ending: string): string {
  const near = toDnsLabel(name);
  return near === undefined ? `rename it: ${labelRule}` : `rename it to ${near}${ending}`;
}
