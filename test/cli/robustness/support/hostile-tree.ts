import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
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
import { rendererBinary } from "../../../../cli/engine/binary";

const checkout = join(__dirname, "..", "..", "..", "..");

/** What one command line said. */
export interface Said {
  verb: string;
  code: number;
  out: string;
  err: string;
}

/** What the tool left behind: paths below the place, with what they hold. */
export type Listing = ReadonlyMap<string, string>;

/**
 * A checkout with this repository's tree, committed twice, in a place of its own with a home, a temporary directory, a
 * cache and a neighbour, so that whatever is written where nothing belongs is seen.
 */
export class HostileTree {
  readonly place = realpathSync(mkdtempSync(join(tmpdir(), "onebranch-hostile-")));
  root = join(this.place, "tree");
  env: NodeJS.ProcessEnv;

  constructor() {
    for (const name of ["home/.config/go/telemetry", "tmp", "cache", "outside"]) {
      mkdirSync(join(this.place, name), { recursive: true });
    }
    // The Go command, which brings what `check` knows of Kubernetes, writes its counters there otherwise.
    writeFileSync(join(this.place, "home/.config/go/telemetry/mode"), "off");
    writeFileSync(join(this.place, "outside", "secret.yaml"), "password: from-outside\n");
    cpSync(join(checkout, "gitops"), join(this.root, "gitops"), { recursive: true });
    this.env = {
      PATH: process.env.PATH,
      HOME: join(this.place, "home"),
      TMPDIR: join(this.place, "tmp"),
      ONEBRANCH_CACHE: join(this.place, "cache"),
    };
    this.git("init", "-q", "-b", "main");
    this.commit();
  }

  /** Puts the renderer that is built for this checkout into the cache. */
  async addRenderer(): Promise<void> {
    const directory = dirname(await rendererBinary({ env: process.env }));
    symlinkSync(directory, join(this.place, "cache", basename(directory)));
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

  /** Runs command lines in one process; those that write come last, one after the other. */
  run(readers: readonly string[], writers: readonly string[] = [], seconds = 60): Said[] {
    const split = (lines: readonly string[]) => lines.map((line) => [...line.split(" "), "--tree", this.root]);
    const { stdout, stderr, status, signal, error } = spawnSync(
      process.execPath,
      ["--require", join(checkout, "bin", "typescript.js"), join(__dirname, "run-verbs.ts")],
      {
        cwd: this.place,
        env: this.env,
        input: JSON.stringify([split(readers), split(writers)]),
        encoding: "utf8",
        timeout: seconds * 1000,
        killSignal: "SIGKILL",
        maxBuffer: 1 << 28,
      },
    );
    if (status !== 0) throw new Error(`the tool ended with ${signal ?? status}: ${error?.message ?? ""}\n${stderr}`);
    return JSON.parse(stdout) as Said[];
  }

  /** Everything below the place except for Git's own files and the cache. */
  listing(): Listing {
    const found = new Map<string, string>();
    const walk = (directory: string) => {
      for (const name of readdirSync(join(this.place, directory))) {
        const path = directory === "" ? name : `${directory}/${name}`;
        if (path === "cache" || name === ".git") continue;
        const full = join(this.place, path);
        const stats = lstatSync(full);
        if (stats.isDirectory()) walk(path);
        else if (stats.isSymbolicLink()) found.set(path, `link to ${readlinkSync(full)}`);
        else if (stats.isFile()) found.set(path, createHash("sha256").update(readFileSync(full)).digest("hex"));
        else found.set(path, "neither file nor link");
      }
    };
    walk("");
    return found;
  }

  /** Whether a file or directory is there, below the place. */
  has(path: string): boolean {
    return existsSync(join(this.place, path));
  }

  remove(): void {
    rmSync(this.place, { recursive: true, force: true });
  }
}
