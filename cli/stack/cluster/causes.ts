import type { Application } from "./reader";

/** What Argo CD says when it is a chart that it did not get, and what Go says when nothing answers. */
const pullsChart = /error (?:fetching chart|pulling OCI chart): /;
const unanswered =
  /(no such host|connection refused|connection reset by peer|i\/o timeout|TLS handshake timeout|Client\.Timeout exceeded|network is unreachable|no route to host|server misbehaving)/;
const missingKind = /no matches for kind "([^"]+)" in version "([^"]+)"/g;

/** Causes that the tree cannot mend, or that go by themselves, one sentence each; everything else is said in Argo CD's words. */
export function causesOf({ conditions, phase, message, sources }: Application): string[] {
  const said = [...conditions.map((condition) => condition.message), ...(phase === "Succeeded" ? [] : [message])];
  const repository = sources.find(({ chart }) => chart !== undefined)?.repoURL;
  const network = said.find((text) => pullsChart.test(text) && unanswered.test(text));
  const kinds = said.flatMap((text) =>
    [...text.matchAll(missingKind)].map(([, kind, version]) => `${kind} (${version})`),
  );
  return [
    ...(network === undefined || repository === undefined
      ? []
      : [`${repository} cannot be reached from the cluster: ${unanswered.exec(network)![1]}`]),
    ...(kinds.length === 0
      ? []
      : [`waits for ${[...new Set(kinds)].join(", ")}: nothing has brought the kind into the cluster yet`]),
  ];
}
