import assert from "node:assert/strict";
import type { EngineEvent, OpType } from "@pulumi/pulumi/automation";
import { createProgress } from "../../../cli/terminal/progress";
import { createEventLog, describeChanges, type EventLog } from "../../../cli/stack/events";
import { FakeIo } from "../support/fake-io";
import { urn } from "../support/fake-pulumi";

function step(
  kind: "resourcePreEvent" | "resOutputsEvent" | "resOpFailedEvent",
  op: OpType,
  type: string,
): EngineEvent {
  const metadata = { op, type, urn: urn("dev", type, "argocd"), provider: "" };
  return { sequence: 0, timestamp: 0, [kind]: { metadata } };
}

function diagnostic(severity: "error" | "warning", message: string, of?: string): EngineEvent {
  const diagnosticEvent = { message, color: "never", severity, ...(of !== undefined && { urn: of }) };
  return { sequence: 0, timestamp: 0, diagnosticEvent };
}

const type = "kubernetes:core/v1:Namespace";

describe("the event log", () => {
  let io: FakeIo;
  let log: EventLog;
  beforeEach(() => {
    io = new FakeIo("/");
    log = createEventLog(io, createProgress(io));
  });

  const words: [OpType, string][] = [
    ["create", "created"],
    ["update", "updated"],
    ["delete", "deleted"],
    ["create-replacement", "created"],
    ["delete-replaced", "deleted"],
  ];
  for (const [op, word] of words) {
    it(`prints a finished ${op} with its time`, async () => {
      log.onEvent(step("resourcePreEvent", op, type));
      await io.sleep(310);
      log.onEvent(step("resOutputsEvent", op, type));
      assert.equal(io.stderr, `${word} kubernetes:core/v1:Namespace argocd (0.3 s)\n`);
    });
  }

  it("says nothing of what stays the same, nor of the stack itself", () => {
    log.onEvent(step("resourcePreEvent", "same", type));
    log.onEvent(step("resOutputsEvent", "same", type));
    log.onEvent(step("resourcePreEvent", "create", "pulumi:pulumi:Stack"));
    log.onEvent(step("resOutputsEvent", "create", "pulumi:pulumi:Stack"));
    assert.equal(io.stderr, "");
  });

  it("says nothing of a step that failed, but keeps its error without colours", () => {
    log.onEvent(step("resourcePreEvent", "create", type));
    log.onEvent(step("resOpFailedEvent", "create", type));
    log.onEvent(diagnostic("error", "<{%fg 1%}>error: <{%reset%}>no room\n", urn("dev", type, "argocd")));
    log.onEvent(diagnostic("warning", "never mind"));
    log.onEvent(diagnostic("error", "update failed"));
    assert.equal(io.stderr, "");
    assert.deepEqual(log.errors, ["argocd: error: no room"]);
  });

  it("prints what would be done in a preview", () => {
    log = createEventLog(io, createProgress(io), true);
    for (const op of ["create", "update", "replace", "delete", "same"] as const) {
      log.onEvent(step("resourcePreEvent", op, type));
      log.onEvent(step("resOutputsEvent", op, type));
    }
    const lines = ["create", "update", "replace", "delete"].map((word) => `would ${word} ${type} argocd\n`);
    assert.equal(io.stderr, lines.join(""));
  });
});

describe("describeChanges", () => {
  it("counts in Pulumi's own numbers", () => {
    assert.equal(describeChanges({ create: 12, same: 3 }), "12 created, 3 unchanged");
    assert.equal(describeChanges({ update: 1, replace: 1, delete: 2 }), "1 updated, 1 replaced, 2 deleted");
    assert.equal(describeChanges({ create: 2, same: 1 }, true), "2 to create, 1 unchanged");
    assert.equal(describeChanges({}), "nothing to do");
  });
});
