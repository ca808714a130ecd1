import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { candidates } from "../../../cli/completion/candidates";
import { commands } from "../../../cli/commands";
import { skip } from "../../support/skip";
import { useSample } from "../explain/support/sample";

describe("onebranch completion", () => {
  const sample = useSample();
  const complete = (...words: string[]) => candidates({ words, cwd: sample.root, commands });

  const cases: [string, string[], string[]][] = [
    ["a verb", ["ex"], ["exceptions", "explain"]],
    ["a cluster", ["explain", ""], ["dev", "prod", "staging"]],
    ["a component", ["explain", "prod", "g"], ["guardrails", "guestbook"]],
    ["the other cluster", ["compare", "dev", ""], ["prod", "staging"]],
    ["nothing after the last operand", ["compare", "dev", "prod", "orders", ""], []],
    ["an operand after options", ["explain", "--charts", "dir", "dev", "ord"], ["orders"]],
    ["options", ["explain", "dev", "--w"], ["--why-not"]],
    ["options that are not given yet", ["promote", "--to", "prod", "--t"], ["--tree"]],
    ["a stage for an option", ["promote", "orders", "--to", ""], ["dev", "prod", "staging"]],
    ["a value after an equals sign", ["promote", "--to=st"], ["--to=staging"]],
    ["one of the choices", ["up", "dev", "--provider", "e"], ["eks", "embedded", "existing"]],
    ["a region", ["new", "cluster", "x", "--region", "eu"], ["eu-west-1"]],
    ["the options of one kind", ["new", "stage", "x", "--a"], ["--after", "--approver"]],
    ["repeated operands", ["pins", "orders", "g"], ["guardrails", "guestbook"]],
    ["verbs for help", ["help", "ren"], ["render"]],
    ["shells", ["completion", ""], ["bash", "fish", "zsh"]],
    ["nothing for an unknown verb", ["frobnicate", ""], []],
    ["nothing for free text", ["new", "app", "x", "--team", ""], []],
  ];
  for (const [what, words, expected] of cases) {
    it(`offers ${what}`, () => assert.deepEqual(complete(...words), expected));
  }

  it("leaves files to the shell", async () => {
    assert.equal(complete("render", "dev", "--output", ""), undefined);
    assert.equal((await sample.run("completion", "words", "--", "render", "dev", "--output", "")).code, 1);
  });

  it("looks into another tree when one is given, and nowhere when there is none", () => {
    const words = ["status", "--tree", sample.root, ""];
    assert.deepEqual(candidates({ words, cwd: "/", commands }), ["dev", "prod", "staging"]);
    assert.deepEqual(candidates({ words: ["status", ""], cwd: "/", commands }), []);
  });

  it("offers no name that a shell would run", () => {
    mkdirSync(join(sample.root, "gitops/clusters/$(reboot)"));
    assert.deepEqual(complete("explain", ""), ["dev", "prod", "staging"]);
  });

  it("refuses a shell that it does not know", async () => {
    const { code, err } = await sample.run("completion", "bsh");
    assert.deepEqual([code, err], [2, "there is no completion for the shell bsh; did you mean bash?\n"]);
  });

  it("completes in bash, words with spaces too", async () => {
    const { out } = await sample.run("completion", "bash");
    const script = join(sample.root, "completion.bash");
    writeFileSync(script, out);
    const ask = `source ${script}
onebranch() { printf '%s\\n' "$@" >&2; [ "$3" = -- ] && printf 'staging\\nprod\\n'; }
COMP_WORDS=(onebranch explain "a b" ""); COMP_CWORD=3; _onebranch 2>/dev/null; printf '%s,' "\${COMPREPLY[@]}"`;
    const answer = execFileSync("bash", ["-c", ask], { encoding: "utf8" });
    assert.equal(answer, "staging,prod,");
  });

  for (const shell of ["bash", "zsh", "fish"]) {
    it(`prints a script that ${shell} can read`, async function () {
      const { code, out } = await sample.run("completion", shell);
      assert.equal(code, 0);
      assert.match(out, /onebranch completion words -- /);
      const found = spawnSync(shell, ["-n"], { input: out, encoding: "utf8" });
      if (found.error) skip(this, `${shell} is not installed`);
      assert.deepEqual([found.status, found.stderr], [0, ""]);
    });
  }
});
