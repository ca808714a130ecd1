import assert from "node:assert/strict";
import { rendererBinary } from "../../../cli/tree/renderer/binary";
import { held } from "./open";
import { assertSays, Judge, type Judgement } from "./judge";
import { playedBy } from "./table";

/** Each attempt by a commit, as a pull request would show it: before any cluster sees it. */
describe("an attempt by a commit, before it is merged", () => {
  let judge: Judge;
  let found: Judgement;
  let failure: unknown;

  before(async () => {
    await rendererBinary({ env: process.env });
    judge = new Judge();
  });
  after(() => judge.remove());

  for (const attempt of playedBy("commit")) {
    const { id, title, check, plan } = attempt;
    describe(`${id} ${title}`, () => {
      before(async () => {
        failure = undefined;
        try {
          found = await judge.judge(attempt);
        } catch (error) {
          failure = error;
        }
      });

      it(check.length > 0 ? `check: ${check.join(", ")}` : "check: nothing", () =>
        held(attempt, "check", () => {
          if (failure) throw failure;
          assert.deepEqual(
            check.filter((rule) => !found.errors.includes(rule)),
            [],
            `check finds ${found.errors.join(", ") || "no error"}`,
          );
          assert.equal(found.code, check.length > 0 ? 1 : 0, `check finds ${found.errors.join(", ")}`);
        }),
      );

      it(`plan: ${plan.join(", ")}`, () =>
        held(attempt, "plan", () => {
          if (failure) throw failure;
          assertSays(found.plan, plan);
        }));
    });
  }
});
