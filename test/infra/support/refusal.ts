import assert from "node:assert/strict";
import { UserError } from "../../../model/errors";
import { parseSettings } from "../../../infra/config";
import { sourceWith } from "./source";

/** One thing changed in a good source. */
export type Change = Parameters<typeof sourceWith>[0];

/** The message of the one error that a source is refused with. */
export function refusal(change: Change): string {
  try {
    parseSettings(sourceWith(change));
  } catch (error) {
    assert.ok(error instanceof UserError, String(error));
    assert.equal(error.exitCode, 2);
    return error.message;
  }
  return assert.fail("the settings were accepted");
}
