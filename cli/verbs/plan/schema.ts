import { argoHooks } from "../../../model/argocd";
import { dangerIds } from "../../../model/rules";

const text = { type: "string" };
const names = { type: "array", items: text };
const kind = { enum: ["add", "change", "remove"] };
const side = { enum: ["base", "head"] };

function object(required: Record<string, object>, optional: Record<string, object> = {}, description?: string): object {
  return {
    type: "object",
    ...(description === undefined ? {} : { description }),
    required: Object.keys(required),
    properties: { ...required, ...optional },
    additionalProperties: false,
  };
}

function list(items: object, description?: string): object {
  return { type: "array", ...(description === undefined ? {} : { description }), items };
}

const somewhere = { clusters: { ...names, minItems: 1, description: "where these are not all of the change" } };

const field = object(
  { path: text },
  {
    from: { description: "missing when the field is new" },
    to: { description: "missing when the field is gone" },
    masked: { const: true, description: "a secret was here" },
  },
);

const resource = object(
  { apiVersion: text, kind: text, name: text, change: kind },
  {
    namespace: text,
    refused: { const: true, description: "its AppProject does not allow it" },
    source: { ...text, description: "the template or file that makes it" },
    phases: {
      type: "array",
      items: { enum: [...argoHooks].filter((hook) => hook !== "Skip") },
      minItems: 1,
      description: "when Argo CD applies it, where it is a hook",
    },
    fields: list(field, "of a changed resource"),
    manifest: { type: "object", description: "of one that appears or vanishes, secrets masked" },
    ...somewhere,
  },
);

const unknown = {
  component: { ...text, description: "* for everything in these clusters" },
  clusters: names,
  reason: text,
};

const danger = {
  id: { enum: [...dangerIds].sort() },
  level: { enum: ["high", "medium"] },
  message: text,
  resources: names,
};

const change = object(
  {
    component: text,
    change: kind,
    clusters: { ...names, minItems: 1 },
    resources: list(resource),
    images: list(object({}, { from: text, to: text, ...somewhere })),
    replicas: list(
      object(
        { kind: text, name: text, field: { enum: ["replicas", "minReplicas", "maxReplicas"] } },
        { namespace: text, from: { type: "number" }, to: { type: "number" }, ...somewhere },
      ),
    ),
    dangers: list(
      object(danger, {
        ...somewhere,
        details: list(object(danger, somewhere), "what it sums up, the worst first"),
      }),
      "the worst first",
    ),
    causes: list(object({ file: text, line: { type: "integer", minimum: 1 }, side }, { key: text, ...somewhere })),
    application: list(field, "what changes in the Application itself"),
    renders: { type: "integer", minimum: 1, description: "different manifests behind this one change" },
    varies: list(
      object(
        {
          path: text,
          values: list(
            object({ clusters: names }, { from: {}, to: {} }),
            "the one that is shown first, then most clusters first",
          ),
        },
        { resource: { type: "integer", minimum: 0, description: "which of resources; missing for the Application" } },
      ),
      "what is not the same in all clusters; resources and application show the first value of each; what is removed has no list",
    ),
  },
  { refused: { ...names, minItems: 1, description: "why its AppProject refuses it, so that nothing of it arrives" } },
);

/** Describes what `onebranch plan --json` prints; `docs/reference/plan.schema.json` is made from it. */
export const planSchema = {
  $schema: "http://json-schema.org/draft-07/schema#",
  title: "onebranch plan --json",
  ...object({
    base: { ...text, description: "the commit compared from" },
    head: { ...text, description: 'the commit compared to, or "working tree"' },
    clusters: list(
      object({ name: text, stage: text, region: text }, { ring: text }),
      "all that were looked at, in the order of stages and rings",
    ),
    changes: list(change, "the most dangerous first"),
    notEvaluated: list(object(unknown), "what cannot be known offline"),
    failed: list(object({ ...unknown, side }), "what Argo CD would refuse"),
    unsteady: list(object(unknown), "manifests that are different each time they are made"),
  }),
};
