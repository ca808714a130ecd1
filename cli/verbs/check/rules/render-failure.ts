import { applicationOf, failureAt, isOfTree, nameClusters } from "../evaluation";
import type { Rule } from "../rule";
import { setAt } from "../source/sets";
import { refusesValues } from "./values-schema";

export const renderFailure: Rule = {
  id: "render-failure",
  needs: "manifests",
  async check(input, report) {
    const { failed, notEvaluated, setsUnknown } = await input.evaluated.manifests();
    const expansion = await input.evaluated.applications();
    const told = new Set(expansion.errors.map(({ application, cluster }) => `${application} ${cluster}`));
    for (const failure of failed) {
      // broken-set says that its sets are not known.
      if (failure.clusters.every((cluster) => told.has(`${failure.application} ${cluster}`))) continue;
      // An Application that is never written need not render: refused-application says why.
      if (applicationOf(expansion, failure)?.invalid !== undefined) continue;
      // values-schema says so, with the line of the value or of the pin.
      if (/don't meet the specifications of the schema/.test(failure.reason)) {
        if (refusesValues(input, failure.application, failure.clusters)) continue;
      }
      const message = `${failure.application} does not render in ${nameClusters(failure.clusters)}: ${failure.reason}`;
      report.finding(failureAt(expansion, failure), message, "mend the values, or the chart in a new version");
    }
    for (const failure of notEvaluated) {
      // unevaluated-chart reports those.
      if (isOfTree(expansion, failure)) continue;
      const message = `${failure.application} in ${nameClusters(failure.clusters)}: ${failure.reason}`;
      report.notEvaluated(failureAt(expansion, failure), message, "its manifests and values were not checked");
    }
    for (const { set, clusters, reason } of setsUnknown) {
      const message = `the ApplicationSet ${set} of ${nameClusters(clusters)}: ${reason}`;
      report.notEvaluated(setAt(input.files, set), message, "its Applications were not checked");
    }
  },
};
