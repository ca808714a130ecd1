import assert from "node:assert/strict";
import { translate, type StackSubject } from "../../../cli/stack/translate";

const subject = { stack: "prod", home: {}, backend: {} } as StackSubject;

describe("a lock of a backend elsewhere", () => {
  const message = (text: string) => translate(new Error(text), subject, "up", []).message;

  it("is said with who has it, since when, and what to do", () => {
    const text =
      "error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with `pulumi cancel`.\n" +
      "  s3://state/.pulumi/locks/organization/onebranch/prod/1.json: created by ada@laptop (pid 4711) at 2026-03-04T05:06:07Z";
    assert.equal(
      message(text),
      "stack prod is locked by process 4711 of ada on laptop since 2026-03-04T05:06:07Z; wait until it is done, then run `onebranch up prod` again. " +
        "If that process cannot exist any more, run `pulumi cancel prod` with the same backend",
    );
  });

  it("is said without a name where the backend does not know one", () => {
    assert.equal(
      message("error: [409] Conflict: Another update is currently in progress."),
      "stack prod is locked by another run that has just started; wait for it and run `onebranch up prod` again",
    );
  });
});
