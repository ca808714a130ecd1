import assert from "node:assert/strict";
import { ruleTexts } from "../../../../model/rules";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import Ajv from "ajv";
import { toSarif } from "../../../../cli/verbs/check/report/sarif";
import type { CheckFinding } from "../../../../cli/verbs/check/rule";
import { rules } from "../../../../cli/verbs/check/rules";

interface Log {
  runs: { tool: { driver: { rules: SarifRule[] } }; originalUriBaseIds: object; results: SarifResult[] }[];
}

interface SarifRule {
  id: string;
  shortDescription: { text: string };
  fullDescription: { text: string };
  help: { text: string };
  defaultConfiguration: { level: string };
}

interface SarifResult {
  ruleId: string;
  ruleIndex: number;
  level: string;
  message: { text: string };
  locations: {
    physicalLocation: { artifactLocation: { uri: string; uriBaseId: string }; region: { startLine: number } };
  }[];
  partialFingerprints: Record<string, string>;
}

const finding = (over: Partial<CheckFinding> = {}): CheckFinding => ({
  ...{ rule: "pin-order", severity: "error", file: "gitops/apps/orders/stages/prod/pin.yaml", line: 9 },
  ...{ message: "image tag 1.9.0 is ahead", fix: "promote it", ...over },
});

function sarif(...findings: CheckFinding[]): { log: Log; text: string } {
  const text = toSarif({ findings, evaluated: [] }, rules, "/home/somebody/tree");
  return { text, log: JSON.parse(text) as Log };
}

const results = (...findings: CheckFinding[]) => sarif(...findings).log.runs[0]!.results;

describe("SARIF", () => {
  const schema = readSchema();

  it("fits the schema of the standard, with every severity and odd paths", () => {
    const odd = "gitops/a b/ü#1?/100%.yaml";
    const { log } = sarif(finding(), finding({ severity: "warning" }), finding({ severity: "note", file: odd }));
    assert.deepEqual(schema(log), []);
    assert.equal(
      log.runs[0]!.results[2]!.locations[0]!.physicalLocation.artifactLocation.uri,
      "gitops/a%20b/%C3%BC%231%3F/100%25.yaml",
    );
    assert.deepEqual(schema(sarif().log), []);
  });

  it("would not fit it with a level or a key that the standard lacks", () => {
    const { log } = sarif(finding());
    log.runs[0]!.results[0]!.level = "fatal";
    assert.match(schema(log).join(), /level/);
    assert.match(schema({ ...sarif().log, tool: {} }).join(), /additional/);
  });

  it("has what GitHub asks for: texts of each rule, a path in the checkout, a line, a fingerprint", () => {
    const { log } = sarif(...rules.map(({ id }) => finding({ rule: id, severity: ruleTexts[id].severity })));
    const [{ tool, results: found }] = log.runs as [Log["runs"][number]];
    for (const { id, shortDescription, fullDescription, help, defaultConfiguration } of tool.driver.rules) {
      for (const { text } of [shortDescription, fullDescription, help])
        assert.ok(text.length > 0 && text.length <= 1024, id);
      assert.match(defaultConfiguration.level, /^(error|warning|note)$/);
    }
    for (const { ruleId, ruleIndex, locations, partialFingerprints } of found) {
      assert.equal(tool.driver.rules[ruleIndex]?.id, ruleId);
      const { artifactLocation, region } = locations[0]!.physicalLocation;
      assert.match(artifactLocation.uri, /^gitops\//);
      assert.ok(region.startLine >= 1);
      assert.match(Object.values(partialFingerprints).join(), /^[0-9a-f]{64}$/);
    }
    assert.ok(tool.driver.rules.length <= 25_000 && found.length <= 25_000);
  });

  it("does not tell where the checkout is", () => {
    const message = "not evaluated: /home/somebody/tree is not a Git repository";
    const { log, text } = sarif(finding({ severity: "note", message }));
    assert.equal(log.runs[0]!.results[0]!.message.text, "not evaluated: . is not a Git repository; promote it");
    assert.ok(!text.includes("/home"));
  });

  it("keeps a fingerprint when lines move, and gives equal findings different ones", () => {
    const prints = (...findings: CheckFinding[]) =>
      results(...findings).map(({ partialFingerprints }) => partialFingerprints["onebranch/v1"]);
    assert.deepEqual(prints(finding({ line: 9 })), prints(finding({ line: 12 })));
    assert.equal(
      new Set(prints(finding({ line: 9 }), finding({ line: 12 }), finding({ file: "gitops/b.yaml" }))).size,
      3,
    );
  });
});

/** The schema of SARIF 2.1.0; what it refuses, in words. */
function readSchema(): (log: unknown) => string[] {
  const file = createRequire(__filename).resolve("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json");
  const { $schema, id, ...schema } = JSON.parse(readFileSync(file, "utf8")) as Record<string, object>;
  assert.match(`${String($schema)} ${String(id)}`, /draft-04\/schema# .*sarif-2\.1\.0/);
  const isUri = (text: string) => URL.canParse(text);
  const isReference = (text: string) => URL.canParse(text, "file:///") && !/[ "<>\\^`{|}]|[^\x20-\x7e]/.test(text);
  // What draft 4 says differently, `id` and exclusive bounds, the schema does not use below its root.
  const ajv = new Ajv({
    allErrors: true,
    unicodeRegExp: false,
    strict: false,
    formats: { uri: isUri, "uri-reference": isReference, "date-time": true },
  });
  const validate = ajv.compile(schema);
  return (log) =>
    validate(log) ? [] : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
