import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { candidates } from "../../../../cli/verbs/completion/candidates";
import { scripts } from "../../../../cli/verbs/completion/scripts";
import { commands } from "../../../../cli/commands";
import { skip } from "../../../support/skip";
import { useSample } from "../../support/sample";
import { inCheckout } from "../../../support/paths";

describe("onebranch completion", () => {
  const sample = useSample();
  const complete = (...words: string[]) => candidates({ words, cwd: sample.root, commands });

  const cases: [string, string[], string[]][] = [
    ["a verb", ["ex"], ["exceptions", "explain"]],
    ["a cluster", ["explain", ""], ["dev", "prod", "staging"]],
    ["a component", ["explain", "prod", "g"], ["guardrails", "guestbook"]],
    ["a key", ["explain", "prod", "orders", "config.ORDERS_"], ["config.ORDERS_CURRENCY", "config.ORDERS_PAYMENT"]],
    ["a key of the chart alone", ["explain", "prod", "orders", "runA"], ["runAsUser"]],
    ["a key for an option", ["explain", "prod", "orders", "--why-not", "replic"], ["replicas"]],
    ["the table of pins beside components", ["promote", "s"], ["status"]],
    ["components for the table of pins", ["promote", "status", "or"], ["orders"]],
    ["nothing after a component to promote", ["promote", "orders", ""], []],
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
    ["the teams", ["new", "app", "x", "--team", ""], ["commerce", "storefront"]],
    ["nothing for free text", ["new", "team", "x", "--description", ""], []],
  ];
  for (const [what, words, expected] of cases) {
    it(`offers ${what}`, () => assert.deepEqual(complete(...words), expected));
  }

  it("leaves files to the shell", async () => {
    assert.equal(complete("render", "dev", "--output-dir", ""), undefined);
    assert.equal((await sample.run("completion", "words", "--", "render", "dev", "--output-dir", "")).code, 1);
  });

  it("looks into another tree when one is given, and nowhere when there is none", () => {
    const words = ["status", "--tree", sample.root, ""];
    assert.deepEqual(candidates({ words, cwd: "/", commands }), ["dev", "prod", "staging"]);
    assert.deepEqual(candidates({ words: ["status", ""], cwd: "/", commands }), []);
  });

  it("offers stacks of this checkout that have no cluster in the tree, where a stack is meant", () => {
    sample.write(".onebranch/state/.pulumi/stacks/onebranch/pr-1.json", "{}");
    assert.deepEqual(complete("destroy", "p"), ["pr-1", "prod"]);
    assert.deepEqual(complete("explain", "p"), ["prod"]);
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

  describe("driven by the shells themselves", () => {
    // The command as a user has it: on PATH or at the top of a checkout, completing inside one.
    const bin = () => join(sample.root, "bin");
    before(() => {
      const tool = inCheckout("bin/onebranch.js");
      mkdirSync(bin(), { recursive: true });
      writeFileSync(join(bin(), "onebranch"), `#!/bin/sh\nexec "${process.execPath}" "${tool}" "$@"\n`, {
        mode: 0o755,
      });
      for (const [shell, script] of Object.entries(scripts)) writeFileSync(join(bin(), `completion.${shell}`), script);
      // `git clean` after each test would take them away.
      sample.commit("a command on PATH");
    });

    const typed: [string, string[]][] = [
      ["onebranch expl", ["explain"]],
      ["onebranch plan --st", ["--stage"]],
      ["./bin/onebranch explain st", ["staging"]],
      ["onebranch explain ", ["dev", "prod", "staging"]],
      ["onebranch explain prod orders repl", ["replicas"]],
      ["onebranch promote orders --to st", ["staging"]],
      ["onebranch promote --to=pr", ["--to=prod"]],
      ["onebranch status --tree ROOT pr", ["prod"]],
    ];

    /** What each shell offers for a line: it runs the shell's own completion, not our function. */
    const shells: Readonly<Record<string, (line: string) => [string, string[]]>> = {
      bash: (line) => [
        "bash",
        [
          "--norc",
          "-c",
          `source ${bin()}/completion.bash; COMP_LINE=${quote(line)}; COMP_POINT=\${#COMP_LINE}
read -ra COMP_WORDS <<< "\${COMP_LINE//=/ = }"; [[ $COMP_LINE == *" " ]] && COMP_WORDS+=("")
COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); $(complete -p onebranch | sed 's/.*-F \\([^ ]*\\).*/\\1/') onebranch
printf '%s\\n' "\${COMPREPLY[@]}"`,
        ],
      ],
      // A pseudo-terminal of zsh's own; the completion system lists what it would show and the shell prints it.
      zsh: (line) => ["zsh", ["-f", "-c", zshScript(bin(), line)]],
      fish: (line) => ["fish", ["--no-config", "-c", `source ${bin()}/completion.fish; complete -C ${quote(line)}`]],
    };

    for (const [shell, command] of Object.entries(shells)) {
      for (const [line, expected] of typed) {
        it(`${shell}: ${line}<TAB>`, function () {
          const inside = !line.includes("ROOT");
          const [program, args] = command(line.replace("ROOT", sample.root));
          const found = spawnSync(program, args, {
            encoding: "utf8",
            cwd: inside ? sample.root : "/",
            env: {
              ...process.env,
              PATH: line.startsWith("./") ? process.env.PATH : `${bin()}:${process.env.PATH}`,
              HOME: bin(),
              TERM: "dumb",
            },
          });
          if (found.error) skip(this, `${shell} is not installed`);
          const offered = found.stdout
            .split("\n")
            .map((name) => name.split("\t")[0]!.trim())
            .filter((name) => name !== "");
          // Bash replaces only what stands after its own word break.
          const shown = shell === "bash" ? expected.map((name) => name.replace(/^--.*=/, "")) : expected;
          assert.deepEqual([found.stderr, offered.sort()], ["", shown]);
        });
      }
    }
  });
});

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Types a line in an interactive zsh and prints what its completion system adds as matches. */
function zshScript(bin: string, line: string): string {
  return `zmodload zsh/zpty
zpty shell "TERM=dumb PS1= zsh -f -i"
zpty -w shell 'autoload -Uz compinit; compinit -u -d ${bin}/zcompdump; source ${bin}/completion.zsh'
zpty -w shell 'compadd() { local -a found; builtin compadd -O found "$@"; print -rl -- "<<" "$found[@]" ">>" > ${bin}/zsh.out; builtin compadd "$@" }'
zpty -w shell 'print READ''Y'
zpty -r shell seen '*READY*'
rm -f ${bin}/zsh.out
zpty -w -n shell ${quote(line)}$'\t'
for _ in {1..150}; do [[ -s ${bin}/zsh.out ]] && grep -q '^>>' ${bin}/zsh.out && break; sleep 0.1; done
zpty -d shell
grep -v '^[<>][<>]$' ${bin}/zsh.out
rm -f ${bin}/zsh.out ${bin}/zcompdump*`;
}
