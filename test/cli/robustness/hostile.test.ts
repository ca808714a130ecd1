import assert from "node:assert/strict";
import { chartCases, templateCases } from "./support/chart-cases";
import { linkCases, pathCases, pipeCases, writeCases } from "./support/file-cases";
import type { HostileCase } from "./support/hostile-case";
import { HostileTree, type Said } from "./support/hostile-tree";
import { useTool } from "./support/tool-process";
import { contentCases, sizeCases } from "./support/yaml-cases";

/** What the tool never prints: traces of Node or Go, and the sentence for faults that it does not know. */
const crashed = /\n\s+at \S+ \(|goroutine \d|panic:|failed unexpectedly|\.go:\d+/;

/** The verbs that every tree is held against, and the others, which read the same files with the same readers. */
const always = ["plan --offline", "check --offline"];
const others = (component: string): string[] => [
  `explain dev ${component}`,
  "render dev --offline",
  "compare dev staging --offline",
  "pins",
  "exceptions",
  `promote ${component} --to staging --dry-run`,
];

function assertSentence({ verb, code, out, err }: Said): void {
  assert.ok([0, 1, 2].includes(code), `${verb}: exit code ${code}`);
  assert.doesNotMatch(out + err, crashed, verb);
  assert.ok((out + err).trim() !== "", `${verb} said nothing`);
}

describe("a hostile tree", function () {
  const { place, tool } = useTool();

  /** Each verb ends, says a sentence, and leaves nothing behind. */
  async function survive({ make, finds }: HostileCase, everyVerb: boolean): Promise<void> {
    const tree = new HostileTree(place);
    make(tree);
    const before = tree.listing();
    const component = tree.has("tree/gitops/apps/bad") ? "bad" : "orders";
    const said = await tool.run(tree, everyVerb ? [...always, ...others(component)] : always);
    for (const each of said) assertSentence(each);
    assert.deepEqual([...tree.listing()], [...before], "something was written");
    const check = said.find(({ verb }) => verb.startsWith("check"))!;
    for (const sentence of [finds ?? []].flat()) assert.match(check.out, sentence);
    assert.equal(check.code, /^0 errors/m.test(check.out) ? 0 : 1, check.out);
    assert.doesNotMatch(said.map(({ out, err }) => out + err).join(""), /from-outside|root:x:0/);
  }

  const tables: Record<string, HostileCase[]> = {
    "files that cannot be read": contentCases,
    "files without measure": sizeCases,
    links: linkCases,
    pipes: pipeCases,
    "names and paths": pathCases,
    templates: templateCases,
    charts: chartCases,
  };
  describe("writing", () => {
    for (const { name, make, line, says } of writeCases) {
      it(name, async () => {
        const tree = new HostileTree(place);
        make(tree);
        const before = tree.listing();
        const [said] = await tool.run(tree, [line]);
        assertSentence(said!);
        assert.match(said!.err, says);
        assert.notEqual(said!.code, 0);
        assert.deepEqual([...tree.listing()], [...before], "something was written");
      });
    }
  });

  for (const [title, cases] of Object.entries(tables)) {
    describe(title, () => {
      for (const [index, each] of cases.entries()) {
        it(each.name, () => survive(each, index === 0 || each.everyVerb === true));
      }
    });
  }
});
