import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { commands } from "../../cli/commands";
import { run } from "../../cli/main";
import { version } from "../../package.json";
import type { Services } from "../../cli/services";
import { FakeCheckout } from "./support/checkout";
import { FakeIo } from "./support/fake-io";
import { inCheckout } from "../support/paths";

/** Services that must not be touched: none of these command lines may get that far. */
const untouched: Services = {
  pulumi: () => assert.fail("Pulumi was loaded"),
  cluster: () => assert.fail("a cluster was asked"),
  objects: () => assert.fail("a cluster was asked"),
  commitOf: () => assert.fail("Git was asked"),
  remoteCommit: () => assert.fail("Git was asked"),
};

describe("onebranch", () => {
  const checkout = new FakeCheckout();
  after(() => checkout.remove());

  async function typed(...words: string[]): Promise<{ code: number; io: FakeIo }> {
    const io = new FakeIo(checkout.root);
    return { code: await run(words, io, untouched), io };
  }

  it("goes on to its exit code when its output is no longer read", () => {
    const tool = inCheckout("bin/onebranch.js");
    const script = `"$0" "$1" --help | true; echo "\${PIPESTATUS[0]}"`;
    const { stdout } = spawnSync("bash", ["-c", script, process.execPath, tool], { encoding: "utf8" });
    assert.equal(stdout, "0\n");
  });

  it("prints its version", async () => {
    const { code, io } = await typed("--version");
    assert.deepEqual([code, io.stdout, io.stderr], [0, `onebranch ${version}\n`, ""]);
  });

  it("explains itself with every verb and an example of each", async () => {
    for (const words of [["--help"], ["-h"], ["help"]]) {
      const { code, io } = await typed(...words);
      assert.equal(code, 0);
      for (const [name, load] of Object.entries(commands)) {
        assert.ok(io.stdout.includes(`\n  ${name}`), name);
        assert.ok(io.stdout.includes(load().examples[0]!.line), name);
      }
    }
  });

  it("explains itself on standard error when it is given nothing to do", async () => {
    const { code, io } = await typed();
    assert.equal(code, 2);
    assert.equal(io.stdout, "");
    assert.match(io.stderr, /^onebranch: one branch drives every cluster\n/);
  });

  for (const [name, load] of Object.entries(commands)) {
    it(`explains ${name} with its options and examples`, async () => {
      const { code, io } = await typed(name, "--help");
      assert.equal(code, 0);
      const { options, examples, usage } = load();
      assert.ok(usage.startsWith(name));
      assert.ok(io.stdout.includes(`Usage: onebranch ${usage}\n`));
      for (const option of [...Object.keys(options), "tree", "json", "help"]) {
        assert.ok(io.stdout.includes(`\n  --${option}`), option);
      }
      assert.ok(examples.length > 0);
      for (const { line, why } of examples) assert.ok(io.stdout.includes(`  ${line}\n      ${why}\n`));
      assert.equal((await typed("help", name)).io.stdout, io.stdout);
    });
  }

  const wrong: [string, string[], string][] = [
    ["an unknown verb with a near one", ["upp"], "onebranch has no verb upp; did you mean up?"],
    [
      "an unknown verb without",
      ["frobnicate"],
      "onebranch has no verb frobnicate; run `onebranch --help` for the list",
    ],
    [
      "an unknown option in place of a verb",
      ["--versoin"],
      "onebranch has no option --versoin; did you mean --version?",
    ],
    [
      "an unknown option",
      ["up", "dev", "--provder=kind"],
      "onebranch up has no option --provder; did you mean --provider?",
    ],
    [
      "an unknown option like no other",
      ["status", "--colour"],
      "onebranch status has no option --colour; run `onebranch status --help` for the list",
    ],
    [
      "an option with one dash",
      ["up", "dev", "-provider", "kind"],
      "onebranch up has no option -provider; did you mean --provider?",
    ],
    [
      "a value that is none of the choices",
      ["up", "dev", "--provider", "knd"],
      '--provider must be embedded, kind, existing or eks, found "knd"; did you mean kind?',
    ],
    ["an option without its value", ["up", "dev", "--timeout"], "--timeout needs a value; write --timeout DURATION"],
    [
      "an option followed by another one",
      ["up", "dev", "--provider", "--yes"],
      "--provider needs a value; write --provider NAME",
    ],
    ["a value for a flag", ["up", "dev", "--yes=no"], '--yes takes no value, found "no"; write --yes alone'],
    [
      "an option twice",
      ["up", "dev", "--timeout", "1m", "--timeout=2m"],
      '--timeout is given twice ("1m" and "2m"); keep one',
    ],
    ["a missing stack", ["up"], "onebranch up needs more: onebranch up <stack> [options]"],
    [
      "one stack too many",
      ["destroy", "dev", "prod"],
      'onebranch destroy takes no "prod": onebranch destroy <stack> [options]',
    ],
    [
      "a stack whose name is invalid",
      ["up", "../prod"],
      '"../prod" is not a stack name; use lowercase letters, digits and inner dashes, at most 63 characters',
    ],
    ["a setting without a value", ["up", "dev", "--config", "x"], '--config takes key=value, found "x"'],
    [
      "two providers",
      ["up", "dev", "--provider", "kind", "--config", "onebranch:provider=embedded"],
      "--provider kind and --config provider=embedded contradict each other; keep one",
    ],
    [
      "two ends of an ephemeral stack",
      ["up", "pr-1", "--ttl", "4h", "--config", "expires=2026-12-01T18:00:00Z"],
      "--ttl 4h and --config expires=2026-12-01T18:00:00Z both say when the time runs out; keep one",
    ],
    [
      "two clusters to take the identity from",
      ["up", "pr-1", "--from", "dev", "--config", "from=staging"],
      "--from dev and --config from=staging contradict each other; keep one",
    ],
    [
      "a time to live that is none",
      ["up", "pr-1", "--ttl", "soon"],
      '--ttl must be a duration such as 90s, 5m, 1h or 2d, found "soon"',
    ],
    [
      "a duration without a unit",
      ["up", "dev", "--timeout", "90"],
      '--timeout must be a duration such as 90s, 5m, 1h or 2d, found "90"',
    ],
    [
      "a tree that is none",
      ["status", "--tree", "gitops"],
      "--tree gitops: there is no gitops/clusters in it; give the root of a checkout",
    ],
  ];
  for (const [what, words, message] of wrong) {
    it(`refuses ${what}`, async () => {
      const { code, io } = await typed(...words);
      assert.deepEqual([code, io.stdout, io.stderr], [2, "", `${message}\n`]);
    });
  }

  it("takes words after -- as operands", async () => {
    const { io } = await typed("up", "--", "--yes");
    assert.equal(
      io.stderr,
      '"--yes" is not a stack name; use lowercase letters, digits and inner dashes, at most 63 characters\n',
    );
  });

  it("finds the checkout above the current directory", async () => {
    const io = new FakeIo(join(checkout.root, "gitops", "clusters"));
    assert.equal(await run(["status"], io, untouched), 0);
    assert.equal(io.stdout, "there is no cluster yet; make one with `onebranch up <stack>`\n");
  });

  it("says so when there is no checkout", async () => {
    const directory = mkdtempSync(join(tmpdir(), "onebranch-none-"));
    const io = new FakeIo(directory);
    assert.equal(await run(["status"], io, untouched), 2);
    assert.equal(
      io.stderr,
      "there is no gitops/clusters here or above; run inside a checkout or give one with --tree DIR\n",
    );
    rmSync(directory, { recursive: true });
  });

  it("keeps the stack and the cause of an unforeseen error", async () => {
    const io = new FakeIo(checkout.root);
    const broken: Services = {
      ...untouched,
      pulumi() {
        throw new Error("out of luck", { cause: new Error("bad weather") });
      },
    };
    assert.equal(await run(["up", "dev"], io, broken), 1);
    assert.match(io.stderr, /^onebranch failed unexpectedly; please report this:\nError: out of luck\n +at /);
    assert.match(io.stderr, /\ncaused by: Error: bad weather\n +at /);
  });
});
