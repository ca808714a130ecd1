/** Runs one suite, prints what failed and one closing line `N passed, N failed`. */
import { spawn } from "node:child_process";
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { compilerFlags, goEnvironment } from "../../machine/go-build";
import { changedCheckout } from "./changed-checkout";
import { treeReaders } from "./tree-readers";
import { root } from "./root";

interface Counts {
  passed: number;
  /** One line for each test that failed: its name, and how its message begins. */
  failures: string[];
  skipped: number;
  /** Why tests or whole suites were skipped, each time that they said so. */
  reasons: string[];
}

const none: Counts = { passed: 0, failures: [], skipped: 0, reasons: [] };

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
    return { ...none, passed: ok ? 1 : 0, failures: ok ? [] : [title] };
  };
}

function mocha(...args: string[]): Step {
  return async () => {
    const folder = mkdtempSync(join(tmpdir(), "onebranch-counts-"));
    const file = join(folder, "counts.json");
    const reporter = join(root, "test", "support", "reporter.cjs");
    const reasons = join(folder, "reasons");
    const extra = { ONEBRANCH_MOCHA_COUNTS: file, ONEBRANCH_SKIP_REASONS: reasons };
    const ok = await run(join(bin, "mocha"), ["--reporter", reporter, ...args], { extra });
    const read = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Omit<Counts, "reasons">) : none;
    const counts = { ...read, reasons: existsSync(reasons) ? readFileSync(reasons, "utf8").trim().split("\n") : [] };
    rmSync(folder, { recursive: true });
    return ok || counts.failures.length > 0 ? counts : { ...counts, failures: [`mocha ${args.join(" ")} did not end`] };
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
    let sum = none;
    for (const step of steps) sum = add(sum, await step());
    return sum;
  };
}

/** Steps at the same time: most of the time one of them waits for what it started. */
function sideBySide(...steps: Step[]): Step {
  return async () => (await Promise.all(steps.map((step) => step()))).reduce(add);
}

function add(a: Counts, b: Counts): Counts {
  return {
    passed: a.passed + b.passed,
    failures: [...a.failures, ...b.failures],
    skipped: a.skipped + b.skipped,
    reasons: [...a.reasons, ...b.reasons],
  };
}

const toolchain = join(root, "infra", "providers", "embedded", "toolchain");
const renderer = join(root, "renderer");
const modules = join(toolchain, "modules");

/**
 * Tests of a Go module, with the Go that it names. With the flags of the build, packages that it compiled are not compiled again.
 */
function goTests(title: string, module: string, ...packages: string[]): Step {
  const args = ["test", ...compilerFlags, ...packages];
  return check(title, "go", args, { quiet: true, cwd: module, extra: goEnvironment({}) });
}

/** Tests with embedded clusters, once the toolchain is built. Most of the time they wait, so two files run at a time. */
function onClusters(files: string[], ...before: Step[]): Step {
  const built = check("toolchain", "node", ["--import", "tsx", join(toolchain, "main.ts")]);
  return inOrder(built, ...before, mocha("--config", "test/e2e/.mocharc.json", "--parallel", "--jobs", "2", ...files));
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
  e2e: onClusters(["test/e2e/**/*.test.ts"], goTests("go: redis", modules, "./argocd/redis")),
  attacks: onClusters(["test/e2e/attacks/*.test.ts"]),
  oracle: onClusters(["test/e2e/oracle.test.ts"]),
  replays: onClusters(["argocd-objects", "kill", "existing", "processes"].map((name) => `test/e2e/${name}.test.ts`)),
  "e2e-kind": mocha("--config", "test/e2e-kind/.mocharc.json", "test/e2e-kind/**/*.test.ts"),
};

async function main(name: string | undefined): Promise<number> {
  const suite = suites[name ?? ""];
  if (!suite) {
    console.error(`unknown suite \`${name ?? ""}\`; choose one of ${Object.keys(suites).join(", ")}`);
    return 2;
  }
  const started = Date.now();
  const { passed, failures, skipped, reasons } = await suite();
  const failed = failures.length;
  const minutes = ((Date.now() - started) / 60_000).toFixed(1);
  for (const reason of new Set(reasons)) {
    console.log(`SKIPPED (${reasons.filter((one) => one === reason).length}): ${reason}`);
  }
  console.log(`${name} took ${minutes} min`);
  const lines = failures.map((failure) => `FAILED: ${failure}\n`).join("");
  if (process.env.ONEBRANCH_COUNTS) {
    appendFileSync(process.env.ONEBRANCH_COUNTS, `${lines}${passed} ${failed} ${skipped}\n`);
  }
  console.log(`${lines}${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
  return failed > 0 ? 1 : 0;
}

void main(process.argv[2]).then((code) => {
  process.exitCode = code;
});
