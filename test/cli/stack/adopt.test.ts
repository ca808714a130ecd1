import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { adoptLost, type AdoptingRun } from "../../../cli/stack/adopt";
import type { Deployment, StateResource } from "../../../model/deployment";
import { urn } from "../support/fake-pulumi";

const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const provider = { urn: urn("prod", "pulumi:providers:aws", "aws"), type: "pulumi:providers:aws" };
const stack = { urn: urn("prod", "pulumi:pulumi:Stack", "onebranch-prod"), type: "pulumi:pulumi:Stack" };
const byItself = { urn: urn("prod", "pulumi:providers:random", "default_4_21_2"), type: "pulumi:providers:random" };
const inside = { urn: urn("prod", "pulumi:providers:kubernetes", "kubernetes"), type: "pulumi:providers:kubernetes" };
const vpc = { urn: urn("prod", "aws:ec2/vpc:Vpc", "vpc"), type: "aws:ec2/vpc:Vpc" };
const route = { urn: urn("prod", "aws:ec2/route:Route", "route"), type: "aws:ec2/route:Route" };
const gone = { urn: urn("prod", "aws:kms/key:Key", "key"), type: "aws:kms/key:Key" };

describe("the adoption of a stack whose state is lost", () => {
  let workDir: string;
  beforeEach(() => (workDir = mkdtempSync(join(tmpdir(), "onebranch-adopt-"))));
  afterEach(() => rmSync(workDir, { recursive: true }));

  /** A stack of which AWS has the network and its route; the key is only said to be there. */
  function lab() {
    let state: StateResource[] = [];
    const calls: string[] = [];
    const lines: string[] = [];
    const has = (one: { urn: string }) => state.some((other) => other.urn === one.urn);
    const program = [stack, provider, byItself, inside, vpc, route, gone];
    const run: AdoptingRun = {
      stack: "prod",
      workDir,
      home: { root: workDir },
      watch: { onEvent: () => undefined, signal: new AbortController().signal, kill: new AbortController().signal },
      progress: { line: (text) => lines.push(text) },
      pulumi: {
        recover: async ({ pending }) =>
          pending.flatMap((resource) => {
            if (resource.type.startsWith("pulumi:")) return [];
            // The id of a route has that of the network in it, which is known only when that is in the state.
            const id = resource.type === route.type ? `r-${has(vpc) ? "vpc-0" : unknown}` : `${resource.type}-0`;
            return [{ ...resource, id }];
          }),
      },
      opened: {
        async preview({ onEvent }) {
          for (const one of program.filter((each) => !has(each))) {
            const made = { inputs: { a: 1 }, parent: "stack" };
            const by = one.type.startsWith("pulumi:") ? "" : `${provider.urn}::${unknown}`;
            const metadata = { op: "create", ...one, new: made, provider: by };
            onEvent({ resourcePreEvent: { metadata } } as unknown as EngineEvent);
          }
        },
        exportState: async () => JSON.stringify({ version: 3, deployment: { resources: state } }),
        async importState(file) {
          state = (JSON.parse(readFileSync(file, "utf8")) as { deployment: Deployment }).deployment.resources!;
        },
        async refresh(urns) {
          calls.push(`refresh ${urns.map((one) => one.split("::").at(-1)).join()}`);
          state = state.filter((one) => one.urn !== gone.urn);
        },
      },
    };
    return { run, calls, lines, state: () => state };
  }

  it("goes on as long as something is found that lets more be named, and leaves out what is not there", async () => {
    const { run, calls, lines, state } = lab();
    await adoptLost(run);
    assert.deepEqual(calls, [
      "refresh vpc,key",
      "refresh route,key",
      // Only what is not there is left, and it is looked for once more.
      "refresh key",
    ]);
    const id = state()[1]!.id!;
    assert.deepEqual(
      state().map(({ urn: of, id: own, provider: by, parent }) => [of.split("::").at(-1), own, by, parent]),
      [
        ["onebranch-prod", undefined, undefined, undefined],
        ["aws", id, "", "stack"],
        ["vpc", "aws:ec2/vpc:Vpc-0", `${provider.urn}::${id}`, "stack"],
        ["route", "r-vpc-0", `${provider.urn}::${id}`, "stack"],
      ],
    );
    assert.deepEqual(lines, ["took over 2 resources: vpc, route"]);
    assert.deepEqual(readdirSync(workDir), []);
  });
});
