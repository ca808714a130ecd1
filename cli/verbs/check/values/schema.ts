import type Ajv from "ajv";
import type { ErrorObject, ValidateFunction } from "ajv";

export type { ErrorObject };

/** Checks values; undefined when they fit. */
export type Validate = (values: unknown) => readonly ErrorObject[] | undefined;

/** A schema that cannot be used, and why. */
export interface BadSchema {
  fault: string;
  /** True when the schema may be valid and it is only onebranch that cannot use it. */
  unsupported: boolean;
}

const drafts = new Map<string, Ajv>();

/** Prepares a JSON schema (drafts 6, 7, 2019-09 and 2020-12, which Helm takes when none is named). */
export function compileSchema(text: string): Validate | BadSchema {
  let schema: unknown;
  try {
    schema = JSON.parse(text);
  } catch (error) {
    return { fault: `this is not JSON: ${(error as Error).message}`, unsupported: false };
  }
  if (typeof schema !== "object" || schema === null || Array.isArray(schema)) {
    return { fault: "a schema is a JSON object", unsupported: false };
  }
  const named = "$schema" in schema ? String(schema.$schema) : "https://json-schema.org/draft/2020-12/schema";
  const ajv = ajvFor(named);
  if (!ajv) return { fault: `its $schema is ${named}`, unsupported: true };
  let validate: ValidateFunction;
  try {
    validate = ajv.compile({ ...schema, $id: undefined });
  } catch (error) {
    // A reference to a schema that is not in this file.
    return { fault: (error as Error).message, unsupported: "missingRef" in (error as Error) };
  }
  return (values) => (validate(values) ? undefined : (validate.errors ?? []));
}

/** The validator of a draft; each is loaded when the first schema asks for it. */
function ajvFor(schema: string): Ajv | undefined {
  const draft = /(draft-0[67]|2019-09|2020-12)/.exec(schema)?.[1];
  if (draft === undefined) return undefined;
  const known = drafts.get(draft);
  if (known) return known;
  const options = { allErrors: true, verbose: true, strict: false, validateFormats: false, logger: false } as const;
  const { default: Draft } = require(modules[draft]!) as { default: typeof Ajv };
  const ajv = new Draft(options);
  if (draft === "draft-06") ajv.addMetaSchema(require("ajv/dist/refs/json-schema-draft-06.json") as object);
  drafts.set(draft, ajv);
  return ajv;
}

const modules: Readonly<Record<string, string>> = {
  "draft-06": "ajv",
  "draft-07": "ajv",
  "2019-09": "ajv/dist/2019",
  "2020-12": "ajv/dist/2020",
};
