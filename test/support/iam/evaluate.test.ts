import assert from "node:assert/strict";
import type { Policy, Statement } from "../../../infra/providers/eks/policies";
import { isAllowed, type Question } from "./evaluate";

const role = "arn:aws:iam::111122223333:role/reader";
const ask: Question = { principal: role, action: "s3:GetObject", resource: "arn:aws:s3:::bucket/key" };
const allow: Statement = { Sid: "A", Effect: "Allow", Action: ["s3:Get*"], Resource: ["arn:aws:s3:::bucket/*"] };
const policy = (...Statement: Statement[]): Policy => ({ Version: "2012-10-17", Statement });
const allows = (...statements: Statement[]) => isAllowed(ask, { identity: [policy(...statements)] });

describe("the evaluator of IAM policies", () => {
  it("allows what a statement allows, and nothing else", () => {
    assert.equal(allows(allow), true);
    assert.equal(allows({ ...allow, Action: ["s3:GET*"] }), true);
    assert.equal(allows({ ...allow, Action: ["s3:Put*"] }), false);
    assert.equal(allows({ ...allow, Resource: ["arn:aws:s3:::bucket/k?y"] }), true);
    assert.equal(allows({ ...allow, Resource: ["arn:aws:s3:::bucket"] }), false);
    assert.equal(allows(), false);
  });

  it("lets a refusal win", () => {
    assert.equal(allows(allow, { ...allow, Effect: "Deny", Action: ["*"] }), false);
  });

  it("keeps a wildcard within its part of an ARN", () => {
    const statement = { ...allow, Action: ["*"], Resource: ["arn:aws:kms:*:111122223333:key/*"] };
    const key = (arn: string) => isAllowed({ ...ask, resource: arn }, { identity: [policy(statement)] });
    assert.equal(key("arn:aws:kms:eu-west-1:111122223333:key/a"), true);
    assert.equal(key("arn:aws:kms:eu-west-1:444455556666:key/111122223333:key/a"), false);
  });

  it("asks every key of a condition, and one of its values", () => {
    const limited = { ...allow, Condition: { StringEquals: { "aws:a": ["1", "2"], "aws:b": ["3"] } } };
    const with_ = (context: Question["context"]) =>
      isAllowed({ ...ask, ...(context && { context }) }, { identity: [policy(limited)] });
    assert.equal(with_({ "aws:A": "2", "aws:b": "3" }), true);
    assert.equal(with_({ "aws:a": "2" }), false);
    assert.equal(with_({ "aws:a": "3", "aws:b": "3" }), false);
    assert.equal(with_(undefined), false);
  });

  it("asks every value of the request where the operator says so", () => {
    const limited = { ...allow, Condition: { "ForAllValues:StringEquals": { types: ["A", "TXT"] } } };
    const with_ = (types: string[]) => isAllowed({ ...ask, context: { types } }, { identity: [policy(limited)] });
    assert.equal(with_(["A", "TXT"]), true);
    assert.equal(with_(["A", "NS"]), false);
  });

  it("needs both where the thing's own policy leaves the decision to the account", () => {
    const account = { ...allow, Principal: { AWS: "arn:aws:iam::111122223333:root" } };
    const other = { ...allow, Principal: { AWS: "arn:aws:iam::444455556666:root" } };
    const named = { ...allow, Principal: { AWS: role } };
    assert.equal(isAllowed(ask, { identity: [policy(allow)], resource: policy(account) }), true);
    assert.equal(isAllowed(ask, { identity: [], resource: policy(account) }), false);
    assert.equal(isAllowed(ask, { identity: [policy(allow)], resource: policy(other) }), false);
    assert.equal(isAllowed(ask, { identity: [policy(allow)], resource: policy() }), false);
    assert.equal(isAllowed(ask, { identity: [], resource: policy(named) }), true);
  });

  it("guesses nothing", () => {
    assert.throws(
      () => allows({ ...allow, Condition: { NumericLessThan: { a: ["1"] } } }),
      /unknown condition operator/,
    );
    assert.throws(() => allows({ ...allow, Resource: ["arn:aws:s3:::bucket/${aws:username}"] }), /a variable/);
    assert.throws(() => allows({ ...allow, NotAction: [] } as Statement), /unknown: NotAction/);
    assert.throws(() => allows({ ...allow, Principal: { AWS: role } }), /Principal in a policy of a identity/);
  });
});
