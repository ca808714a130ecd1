import assert from "node:assert/strict";
import type { Place, Policy } from "../../../../../infra/providers/eks/policies";
import { isAllowed, type Question } from "../../../../support/iam/evaluate";

export const account = "111122223333";
export const region = "eu-west-1";

export function place(stage: string): Place {
  return { account, region, stage, cluster: `onebranch-${stage}` };
}

export function role(stage: string, purpose: string): string {
  return `arn:aws:iam::${account}:role/onebranch-${stage}-${region}-${purpose}`;
}

/** One question, and what the answer must be. */
export interface Row {
  title: string;
  allowed: boolean;
  action: string;
  resource: string;
  context?: Question["context"];
}

/** Asks everything for one asking role or service. */
export function questions(
  title: string,
  asking: string,
  identity: Policy[],
  rows: readonly Row[],
  resource?: Policy,
): void {
  describe(title, () => {
    for (const { title: question, allowed, ...asked } of rows) {
      it(`${allowed ? "may" : "may not"} ${question}`, () => {
        const policies = { identity, ...(resource && { resource }) };
        assert.equal(isAllowed({ principal: asking, ...asked }, policies), allowed);
      });
    }
  });
}
