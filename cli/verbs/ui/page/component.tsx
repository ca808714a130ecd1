import { stepAt, stepName } from "../../../tree/step";
import type { ComponentView } from "../views";
import { applicationPath, fleetPath } from "./address";
import { Commands, Link, Notice, StateBadge, Table, Title, When } from "./parts";
import { Promotions } from "./promotions";
import { useView, type Model } from "./store";
import { count, short } from "./words";

/** One component along the stages: which version is where, since when, and who brought it. */
export function ComponentPage({ model, name }: { model: Model; name: string }) {
  const cells = [...model.clusters.values()].map(({ cells }) => cells.get(name));
  const { data, error } = useView<ComponentView>(`/components/${name}`, cells);
  const stages = model.stages.filter((stage) => data?.places.some((place) => place.stage === stage));
  return (
    <>
      <p class="trail">
        <Link to={fleetPath}>Fleet</Link>
      </p>
      <Title name={name}>{name}</Title>
      {error !== undefined && <Notice tone="medium">{error}</Notice>}
      {data === undefined && error === undefined && <p role="status">Reading its pins…</p>}
      {data && (
        <>
          <ol class="stages">
            {stages.flatMap((stage) =>
              ringsIn(data, stage, model.rings[stage] ?? []).map((ring) => (
                <li key={`${stage} ${ring}`}>
                  <b>{stepName(stepAt(stage, ring || undefined))}</b> {versionsIn(data, stage, ring)}
                </li>
              )),
            )}
          </ol>
          <Table
            name={`${name} along the stages`}
            heads={["Stage", "Ring", "Cluster", "State", "Message", "Version", "Since", "Pinned by", "Commit"]}
          >
            {data.places.map(({ cluster, stage, ring, cell, commit }) => (
              <tr key={cluster}>
                <td>{stage}</td>
                <td>{ring}</td>
                <th scope="row">
                  <Link to={applicationPath(cluster, cell.name)}>{cluster}</Link>
                </th>
                <td>
                  <StateBadge state={cell.state} />
                  {model.clusters.get(cluster)?.link.state === "unreachable" && (
                    <>
                      {" "}
                      <span class="badge high">not reached</span>
                    </>
                  )}
                </td>
                <td class="text">{cell.message}</td>
                <td>{cell.version}</td>
                <td>{cell.since !== "" && <When at={cell.since} suffix="" />}</td>
                <td>
                  {commit && (
                    <>
                      {commit.author}, <When at={commit.at} />
                    </>
                  )}
                </td>
                <td class="text">
                  {commit && (
                    <>
                      <code>{short(commit.id)}</code> {commit.subject}
                    </>
                  )}
                </td>
              </tr>
            ))}
          </Table>
          <Promotions component={name} targets={data.targets} />
          <Commands commands={data.commands} json={`/components/${name}`} />
        </>
      )}
    </>
  );
}

/** The rings of a stage in which the component is, in the order in which a version reaches them. */
function ringsIn({ places }: ComponentView, stage: string, order: readonly string[]): string[] {
  const found = [...new Set(places.filter((place) => place.stage === stage).map(({ ring }) => ring))];
  return found.sort((a, b) => order.indexOf(a) - order.indexOf(b));
}

/** The versions that the clusters of a stage, or of a ring of it, have; how many have each where they differ. */
function versionsIn({ places }: ComponentView, stage: string, ring: string): string {
  const versions = new Map<string, number>();
  for (const place of places) {
    if (place.stage !== stage || place.ring !== ring) continue;
    const version = place.cell.version || "no version";
    versions.set(version, (versions.get(version) ?? 0) + 1);
  }
  if (versions.size === 1) return [...versions.keys()][0]!;
  return [...versions].map(([version, number]) => `${version} in ${count(number, "cluster")}`).join(", ");
}
