import { isExpired } from "../../../../model/exception";
import type { Rule } from "../rule";
import { lineAt } from "../../../tree/values/yaml";

export const expiredException: Rule = {
  id: "expired-exception",
  check({ files, inventory, today }, report) {
    for (const [cluster, { path, entries }] of inventory.exceptions) {
      for (const [index, exception] of (entries ?? []).entries()) {
        if (!isExpired(exception, today)) continue;
        const { component, expires, owner, ticket } = exception;
        const line = lineAt(files.yaml(path), [index, "expires"]) ?? 1;
        const message = `the exception of ${cluster} for ${component} ended on ${expires}`;
        report.finding({ file: path, line }, message, `ask ${owner} (${ticket}): remove it, or agree on a new day`);
      }
    }
  },
};
