/** Runs one suite (`test`, `e2e` or `e2e-kind`), prints what failed and one closing line `N passed, N failed`. */
import { spawnSync } from "node:child_process";
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

type Step = () => Counts;

const root = join(__dirname, "..", "..");
const bin = join(root, "node_modules", ".bin");
const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` };

function run(command: string, args: string[], cwd = root, extra: NodeJS.ProcessEnv = {}): boolean {
  const { status, error } = spawnSync(command, args, { cwd, env: { ...env, ...extra }, stdio: "inherit" });
  if (error) console.error(`${command}: ${error.message}`);
  return status === 0;
}

/** One command that is right or wrong as a whole: it counts as one check. */
function check(title: string, command: string, args: string[], cwd = root): Step {
  return () => {
    const ok = run(command, args, cwd);
    console.log(`${ok ? "ok" : "FAILED"}: ${title}`);
    return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 };
  };
}

function mocha(...args: string[]): Step {
  return () => {
    const folder = mkdtempSync(join(tmpdir(), "onebranch-counts-"));
    const file = join(folder, "counts.json");
    const reporter = join(root, "test", "support", "reporter.cjs");
    const ok = run(join(bin, "mocha"), ["--reporter", reporter, ...args], root, { ONEBRANCH_MOCHA_COUNTS: file });
    const counts: Counts = existsSync(file)
      ? (JSON.parse(readFileSync(file, "utf8")) as Counts)
      : { passed: 0, failed: 1, skipped: 0 };
    rmSync(folder, { recursive: true });
    return ok || counts.failed > 0 ? counts : { ...counts, failed: 1 };
  };
}

const toolchain = join(root, "infra", "embedded", "toolchain");

const goFolders = "cli/renderer infra/embedded/toolchain/modules";

const suites: Record<string, Step[]> = {
  test: [
    check("lint", "eslint", ["."]),
    check("formatting", "prettier", ["--check", "--log-level", "warn", "."]),
    check("types", "tsc", ["--noEmit"]),
    check("go: formatting", "bash", ["-c", `found=$(gofmt -l ${goFolders}) && echo -n "$found" && test -z "$found"`]),
    check("go: renderer", "go", ["test", "./..."], join(root, "cli", "renderer")),
    check("go: process", "go", ["test", "./..."], join(toolchain, "modules", "process")),
    mocha(),
  ],
  e2e: [
    check("toolchain", "node", ["--import", "tsx", join(toolchain, "main.ts")]),
    check("go: redis", "go", ["test", "./redis"], join(toolchain, "modules", "argocd")),
    mocha("--config", "test/e2e/.mocharc.json"),
  ],
  "e2e-kind": [mocha("--config", "test/e2e-kind/.mocharc.json")],
};

function main(name: string | undefined): number {
  const steps = suites[name ?? ""];
  if (!steps) {
    console.error(`unknown suite \`${name ?? ""}\`; choose one of ${Object.keys(suites).join(", ")}`);
    return 2;
  }
  const total = steps
    .map((step) => step())
    .reduce((a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped }));
  if (process.env.ONEBRANCH_COUNTS) {
    appendFileSync(process.env.ONEBRANCH_COUNTS, `${total.passed} ${total.failed} ${total.skipped}\n`);
  }
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : "";
  console.log(`${total.passed} passed, ${total.failed} failed${skipped}`);
  return total.failed > 0 ? 1 : 0;
}

process.exitCode = main(process.argv[2]);
