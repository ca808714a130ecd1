import { annotation, isAccountToken, tokenAccount } from "../../../../model/argocd";
import { sourceOf } from "../evaluation";
import type { Rule } from "../rule";

export const outlivingToken: Rule = {
  id: "outliving-token",
  needs: "manifests",
  async check(input, report) {
    for (const one of (await input.evaluated.manifests()).rendered) {
      const makes = (account: string, place: string | undefined) =>
        one.manifests.some(
          ({ kind, namespace, name }) => kind === "ServiceAccount" && namespace === place && name === account,
        );
      for (const { namespace, name, source, object } of one.manifests) {
        const account = isAccountToken(object) ? annotation(object, tokenAccount) : undefined;
        if (account === undefined || makes(account, namespace)) continue;
        const message = `Secret ${name} of ${one.application} is a token of the service account ${account}, which ${one.application} does not make: it stays when the Application goes`;
        report.finding(
          sourceOf(input.files, one, source),
          message,
          "make the service account in the same chart, or use tokens that expire",
        );
      }
    }
  },
};
