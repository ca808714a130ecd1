/** Runs one suite, prints what failed and one closing line `N passed, N failed`. */
import { spawn } from "node:child_process";
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { changedCheckout } from "./changed-checkout";
import { treeReaders } from "./tree-readers";
import { root } from "./root";

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

type Step = () => Promise<Counts>;

const bin = join(root, "node_modules", ".bin");
/** The attacks are held off by programs that we build; publishers' ones leave two open (docs/toolchain.md). */
const releases = process.env.ONEBRANCH_RELEASES ?? "never";
const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}`, ONEBRANCH_RELEASES: releases };

/** Runs a command to its end; with `quiet` its output comes at once when it is over, so that two may run side by side. */
async function run(command: string, args: string[], { cwd = root, extra = {}, quiet = false }: RunOptions = {}) {
  const child = spawn(command, args, {
    cwd,
    env: { ...env, ...extra },
    stdio: quiet ? ["ignore", "pipe", "pipe"] : "inherit",
  });
  const output: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk: Buffer) => output.push(chunk));
  const status = await new Promise<number | null>((resolve) => {
    child.once("error", (error) => {
      console.error(`${command}: ${error.message}`);
      resolve(null);
    });
    child.once("close", resolve);
  });
  process.stdout.write(Buffer.concat(output));
  return status === 0;
}

interface RunOptions {
  cwd?: string;
  extra?: NodeJS.ProcessEnv;
  quiet?: boolean;
}

/** One command that is right or wrong as a whole: it counts as one check. */
function check(title: string, command: string, args: string[], options: RunOptions = {}): Step {
  return async () => {
    const ok = await run(command, args, options);
    console.log(`${ok ? "ok" : "FAILED"}: ${title}`);
    return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 };
  };
}

function mocha(...args: string[]): Step {
  return async () => {
    const folder = mkdtempSync(join(tmpdir(), "onebranch-counts-"));
    const file = join(folder, "counts.json");
    const reporter = join(root, "test", "support", "reporter.cjs");
    const extra = { ONEBRANCH_MOCHA_COUNTS: file };
    const ok = await run(join(bin, "mocha"), ["--reporter", reporter, ...args], { extra });
    const counts: Counts = existsSync(file)
      ? (JSON.parse(readFileSync(file, "utf8")) as Counts)
      : { passed: 0, failed: 1, skipped: 0 };
    rmSync(folder, { recursive: true });
    return ok || counts.failed > 0 ? counts : { ...counts, failed: 1 };
  };
}

/** What of the suite `test` can tell a tree from another one, in a checkout whose user changed it. */
async function testChanged(): Promise<Counts> {
  const checkout = await changedCheckout();
  try {
    const files = treeReaders(checkout.root);
    const args = ["--no-config", "--require", "tsx", "--timeout", "60000", "--parallel", "--jobs", "2", ...files];
    return await check("tests that can read gitops/, where it is changed", "mocha", args, { cwd: checkout.root })();
  } finally {
    checkout.remove();
  }
}

/** Steps one after the other. */
function inOrder(...steps: Step[]): Step {
  return async () => {
    let sum: Counts = { passed: 0, failed: 0, skipped: 0 };
    for (const step of steps) sum = add(sum, await step());
    return sum;
  };
}

/** Steps at the same time: most of the time one of them waits for what it started. */
function sideBySide(...steps: Step[]): Step {
  return async () => (await Promise.all(steps.map((step) => step()))).reduce(add);
}

function add(a: Counts, b: Counts): Counts {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

const toolchain = join(root, "infra", "providers", "embedded", "toolchain");
const renderer = join(root, "renderer");
const modules = join(toolchain, "modules");

/** Tests of a Go module, with the Go that it names. */
function goTests(title: string, module: string, ...packages: string[]): Step {
  return check(title, "go", ["test", ...packages], { quiet: true, cwd: module, extra: { GOTOOLCHAIN: "auto" } });
}

/** Tests with embedded clusters, once the toolchain is built. */
function onClusters(files: string, ...before: Step[]): Step {
  const built = check("toolchain", "node", ["--import", "tsx", join(toolchain, "main.ts")]);
  return inOrder(built, ...before, mocha("--config", "test/e2e/.mocharc.json", files));
}

const unformatted = `found=$(gofmt -l renderer infra/providers/embedded/toolchain/modules) && echo -n "$found" && test -z "$found"`;

const suites: Record<string, Step> = {
  test: inOrder(
    check("renderer", "node", ["--import", "tsx", join(__dirname, "build-renderer.ts")]),
    sideBySide(
      inOrder(
        check("types", "tsc", ["--noEmit"], { quiet: true }),
        check("types of the plan's page", "tsc", ["--project", "cli/verbs/plan/report/view"], { quiet: true }),
        check("types of the fleet's page", "tsc", ["--project", "cli/verbs/ui/page"], { quiet: true }),
        check("lint", "eslint", ["."], { quiet: true }),
        check("imports", "npm", ["run", "--silent", "imports"], { quiet: true }),
        check("formatting", "prettier", ["--check", "--log-level", "warn", "."], { quiet: true }),
        check("go: formatting", "bash", ["-c", unformatted], { quiet: true }),
        goTests("go: renderer", renderer, "./..."),
        goTests("go: process, password", modules, "./process", "./pulumi/password"),
      ),
      mocha("test/**/*.test.ts"),
    ),
  ),
  "test-changed": testChanged,
  e2e: onClusters("test/e2e/**/*.test.ts", goTests("go: redis", modules, "./argocd/redis")),
  attacks: onClusters("test/e2e/attacks/*.test.ts"),
  oracle: onClusters("test/e2e/oracle.test.ts"),
  "e2e-kind": mocha("--config", "test/e2e-kind/.mocharc.json", "test/e2e-kind/**/*.test.ts"),
};

async function main(name: string | undefined): Promise<number> {
  const suite = suites[name ?? ""];
  if (!suite) {
    console.error(`unknown suite \`${name ?? ""}\`; choose one of ${Object.keys(suites).join(", ")}`);
    return 2;
  }
  const total = await suite();
  if (process.env.ONEBRANCH_COUNTS) {
    appendFileSync(process.env.ONEBRANCH_COUNTS, `${total.passed} ${total.failed} ${total.skipped}\n`);
  }
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : "";
  console.log(`${total.passed} passed, ${total.failed} failed${skipped}`);
  return total.failed > 0 ? 1 : 0;
}

void main(process.argv[2]).then((code) => {
  process.exitCode = code;
});
