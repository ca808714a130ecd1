import assert from "node:assert/strict";
import { parse } from "yaml";
import { shown } from "../../../cli/terminal/directional";
import { PlanTree } from "../support/plan-tree";
import { keepRepo } from "../support/tree-repo";

/** Reads as `admin` to a person, and as another text to a program. */
const value = "\u202enimda\u202c";
const any = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

describe("characters that change the order of what is read", () => {
  const tree = keepRepo(new PlanTree());
  before(() => {
    tree.edit("apps/orders/values.yaml", "PODINFO_UI_MESSAGE: Orders", `PODINFO_UI_MESSAGE: "${value}"`);
  });

  async function say(...words: string[]): Promise<string> {
    const { out, err } = await tree.run(...words, "--tree", tree.root);
    assert.equal(any.test(out + err), false, `${words.join(" ")} prints one`);
    return out;
  }

  it("are shown by their names", async () => {
    for (const words of [
      ["plan", "--offline"],
      ["plan", "--offline", "--markdown"],
      ["explain", "dev", "orders"],
    ])
      assert.match(await say(...words), /<U\+202E>nimda<U\+202C>/, words.join(" "));
    assert.match(await say("plan", "--offline", "--html", "-"), /&lt;U\+202E(>|&gt;)nimda&lt;U\+202C(>|&gt;)/);
    assert.match(await say("plan", "--offline", `${value}..HEAD`), /^$/);
  });

  it("stay what they are in JSON and in manifests", async () => {
    const plan = await say("plan", "--offline", "--json");
    assert.ok(JSON.stringify(JSON.parse(plan)).includes(value));
    const manifests = await say("render", "dev", "orders");
    const configMap = manifests.split("---\n").find((text) => text.includes("kind: ConfigMap"))!;
    assert.ok(Object.values((parse(configMap) as { data: object }).data).includes(value));
  });

  it("are all of Unicode's, and no other text changes", () => {
    const all = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069";
    const names = "<U+061C><U+200E><U+200F><U+202A><U+202B><U+202C><U+202D><U+202E><U+2066><U+2067><U+2068><U+2069>";
    assert.equal(shown(`ä ${all} \u05d0\u200d\n`), `ä ${names} \u05d0\u200d\n`);
    assert.equal(shown(`{"a":"${all}"}`).length, 8 + 6 * 12);
    assert.deepEqual(JSON.parse(shown(`{"a":"${all}"}`)), { a: all });
  });
});
