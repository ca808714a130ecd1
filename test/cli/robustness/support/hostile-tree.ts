import { execFileSync, spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { rendererBinary } from "../../../../cli/tree/renderer/binary";
import { cacheRoot } from "../../../../machine/cache.cjs";
import { addTree } from "../../../support/fixtures";
import { inCheckout } from "../../../support/paths";

/** What Node runs to read requests, one a line. */
export const toolProgram = [
  "--eval",
  `require(${JSON.stringify(inCheckout("bin/bundle"))}).load("test/cli/robustness/support/run-verbs.ts")`,
];

/** Command lines for a tree, each in words: those that only read, which run side by side, and those that write. */
export type Request = [readers: string[][], writers: string[][]];

export function requestOf(root: string, readers: readonly string[], writers: readonly string[]): Request {
  const split = (lines: readonly string[]) => lines.map((line) => [...line.split(" "), "--tree", root]);
  return [split(readers), split(writers)];
}

/** What one command line said. */
export interface Said {
  verb: string;
  code: number;
  out: string;
  err: string;
}

/** What is below the place: paths, with what changes whenever somebody writes to them. */
export type Listing = ReadonlyMap<string, string>;

/** A home, a temporary directory, a cache and a neighbour of trees, so that whatever is written where nothing belongs is seen. */
export class Place {
  readonly path = realpathSync(mkdtempSync(join(tmpdir(), "onebranch-hostile-")));
  readonly env: NodeJS.ProcessEnv = {
    PATH: process.env.PATH,
    HOME: join(this.path, "home"),
    TMPDIR: join(this.path, "tmp"),
    ONEBRANCH_CACHE: join(this.path, "cache"),
  };

  constructor() {
    for (const name of ["home/.config/go/telemetry", "tmp", "cache", "outside"]) {
      mkdirSync(join(this.path, name), { recursive: true });
    }
    // The Go command, which brings what `check` knows of Kubernetes, writes its counters there otherwise.
    writeFileSync(join(this.path, "home/.config/go/telemetry/mode"), "off");
    writeFileSync(join(this.path, "outside", "secret.yaml"), "password: from-outside\n");
  }

  /** Puts the renderer that is built for this checkout into the cache, and what `check` knows of Kubernetes. */
  async addRenderer(): Promise<void> {
    const binary = await rendererBinary({ env: process.env });
    const directory = join(this.path, "cache", basename(dirname(binary)));
    mkdirSync(directory, { recursive: true });
    // A link of its own: builds of other versions remove old directories.
    try {
      linkSync(binary, join(directory, basename(binary)));
    } catch {
      copyFileSync(binary, join(directory, basename(binary)));
    }
    const known = join(cacheRoot(process.env), "kubernetes");
    if (existsSync(known)) symlinkSync(known, join(this.path, "cache", "kubernetes"));
  }

  /** Everything below the place except for Git's own files and the cache. */
  listing(): Listing {
    return listingOf(this.path);
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** A checkout with the tests' tree, committed, in a place of its own or in one that it shares with trees before it. */
export class HostileTree {
  readonly place: string;
  root: string;
  env: NodeJS.ProcessEnv;

  constructor(private readonly home = new Place()) {
    this.place = home.path;
    this.root = join(this.place, "tree");
    this.env = { ...home.env };
    if (existsSync(this.root)) {
      this.git("reset", "-q", "--hard");
      this.git("clean", "-fdxq");
      return;
    }
    addTree(this.root);
    this.git("init", "-q", "-b", "main");
    this.commit();
  }

  addRenderer(): Promise<void> {
    return this.home.addRenderer();
  }

  git(...args: string[]): string {
    const settings = ["user.name=t", "user.email=t@example.com", "commit.gpgsign=false", "protocol.file.allow=always"];
    const options = settings.flatMap((setting) => ["-c", setting]);
    return execFileSync("git", ["-C", this.root, ...options, ...args], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      env: this.env,
    }).trim();
  }

  commit(): string {
    this.git("add", "-A");
    this.git("commit", "-q", "--allow-empty", "-m", "change");
    return this.git("rev-parse", "HEAD");
  }

  /** The full path of a file, with the directories that lead there. */
  path(path: string): string {
    const full = join(this.root, path);
    mkdirSync(dirname(full), { recursive: true });
    return full;
  }

  write(path: string, content: string | Buffer): this {
    writeFileSync(this.path(path), content);
    return this;
  }

  link(path: string, target: string): this {
    const full = this.path(path);
    rmSync(full, { recursive: true, force: true });
    symlinkSync(target, full);
    return this;
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), "utf8");
  }

  /** Replaces a text that must be there. */
  edit(path: string, from: string, to: string): this {
    const text = this.read(path);
    if (!text.includes(from)) throw new Error(`${path} has no ${from}`);
    return this.write(path, text.replace(from, to));
  }

  /** A chart of the tree named `bad`, and an app of that name that uses it in dev. */
  chart(files: Record<string, string | Buffer>, values = "{}\n"): this {
    const chart: Record<string, string | Buffer> = {
      "Chart.yaml": "apiVersion: v2\nname: bad\nversion: 1.0.0\n",
      "values.yaml": "{}\n",
      ...files,
    };
    for (const [name, content] of Object.entries(chart)) this.write(`gitops/charts/bad/1.0.0/${name}`, content);
    const pin = [
      "component: bad",
      "chart: bad",
      "version: 1.0.0",
      "namespace: orders",
      "requires: base",
      "team: commerce",
    ];
    pin.push("image: { repository: r, tag: 1.0.0 }");
    return this.write("gitops/apps/bad/values.yaml", values).write(
      "gitops/apps/bad/stages/dev/pin.yaml",
      `${pin.join("\n")}\n`,
    );
  }

  /** Runs command lines in a process of their own; those that write come last, one after the other. */
  run(readers: readonly string[], writers: readonly string[] = [], seconds = 240): Said[] {
    const { stdout, stderr, status, signal, error } = spawnSync(process.execPath, toolProgram, {
      cwd: this.place,
      env: this.env,
      input: `${JSON.stringify(requestOf(this.root, readers, writers))}\n`,
      encoding: "utf8",
      timeout: seconds * 1000,
      killSignal: "SIGKILL",
      maxBuffer: 1 << 28,
    });
    if (status !== 0) throw new Error(`the tool ended with ${signal ?? status}: ${error?.message ?? ""}\n${stderr}`);
    return JSON.parse(stdout) as Said[];
  }

  listing(): Listing {
    return this.home.listing();
  }

  /** Whether a file or directory is there, below the place. */
  has(path: string): boolean {
    return existsSync(join(this.place, path));
  }

  remove(): void {
    rmSync(this.place, { recursive: true, force: true });
  }
}

function listingOf(place: string): Listing {
  const found = new Map<string, string>();
  const walk = (directory: string) => {
    for (const name of readdirSync(join(place, directory))) {
      const path = directory === "" ? name : `${directory}/${name}`;
      if (path === "cache" || name === ".git") continue;
      const full = join(place, path);
      const stats = lstatSync(full);
      if (stats.isDirectory()) walk(path);
      else if (stats.isSymbolicLink()) found.set(path, `link to ${readlinkSync(full)}`);
      else if (stats.isFile()) found.set(path, `file ${stats.ino} of ${stats.size} bytes, ${stats.mtimeMs}`);
      else found.set(path, "neither file nor link");
    }
  };
  walk("");
  return found;
}
