import type { ComponentView } from "../views";
import { applicationPath, fleetPath } from "./address";
import { Badge, Commands, Link, Notice, Table, Title, When } from "./parts";
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
      {data && (
        <>
          <ol class="stages">
            {stages.map((stage) => (
              <li key={stage}>
                <b>{stage}</b> {versionsIn(data, stage)}
              </li>
            ))}
          </ol>
          <Table
            name={`${name} along the stages`}
            heads={["Stage", "Cluster", "State", "Version", "Since", "Pinned by", "Commit"]}
          >
            {data.places.map(({ cluster, stage, cell, commit }) => (
              <tr key={cluster}>
                <td>{stage}</td>
                <th scope="row">
                  <Link to={applicationPath(cluster, cell.name)}>{cluster}</Link>
                </th>
                <td>
                  <Badge state={cell.state} />
                </td>
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
          <Commands commands={data.commands} />
        </>
      )}
    </>
  );
}

/** The versions that the clusters of a stage have; how many have each where they differ. */
function versionsIn({ places }: ComponentView, stage: string): string {
  const versions = new Map<string, number>();
  for (const place of places) {
    if (place.stage !== stage) continue;
    const version = place.cell.version || "no version";
    versions.set(version, (versions.get(version) ?? 0) + 1);
  }
  if (versions.size === 1) return [...versions.keys()][0]!;
  return [...versions].map(([version, number]) => `${version} in ${count(number, "cluster")}`).join(", ");
}
