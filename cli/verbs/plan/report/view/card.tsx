/** @jsxRuntime automatic @jsxImportSource preact */
import { Badge, Terms } from "../../../../page/parts";
import { count } from "../../../../terminal/table";
import { resourceName } from "../../../../tree/resource";
import type { Danger, Plan, PlanChange, PlanResource } from "../../types";
import { condense } from "../condense";
import { factsOf, resourceTitle, variedPlaces } from "../facts";
import { clusterWords, pastTense, signs, stateOf } from "../words";
import { Diff, DiffTitle, Field, Manifest } from "./diff";

/** How many facts of one kind are shown before the rest is only counted. */
const mostFacts = 40;

/** One change: its summary, and on click everything about it. */
export function ChangeCard({ change, index, plan }: { change: PlanChange; index: number; plan: Plan }) {
  const { component, clusters, dangers, refused = [] } = change;
  const stages = new Set(plan.clusters.filter(({ name }) => clusters.includes(name)).map(({ stage }) => stage));
  const state = stateOf(change);
  return (
    <details
      class={`card ${change.change}`}
      id={`c${index}`}
      data-search={searchText(change)}
      data-stages={[...stages].join(" ")}
      data-dangerous={dangers.length > 0 ? "" : undefined}
    >
      <summary>
        <span class={`sign ${change.change}`} aria-hidden="true">
          {state === "remove" ? "−" : signs[state]}
        </span>
        <span class="name">
          {component}
          <span class="sr"> {pastTense[state]}</span>
        </span>
        <span class="where muted">{clusterWords(clusters, plan.clusters)}</span>
        <Badges change={change} />
      </summary>
      <div class="body">
        {refused.map((reason) => (
          <p key={reason} class="danger high">
            <code>refused</code> {reason}
          </p>
        ))}
        {dangers.map((danger) => (
          <DangerLines key={`${danger.id} ${danger.message}`} danger={danger} />
        ))}
        <Facts change={change} plan={plan} />
        <Varied change={change} plan={plan} />
        <Resources change={change} plan={plan} />
      </div>
    </details>
  );
}

function searchText({ component, clusters, change, resources, causes }: PlanChange): string {
  const words = [component, ...clusters, change, ...resources.map(resourceName), ...causes.map(({ file }) => file)];
  return words.join(" ").toLowerCase();
}

function Badges({ change: { dangers, resources, images } }: { change: PlanChange }) {
  const levels = [...new Map(dangers.map(({ id, level }) => [id, level]))];
  return (
    <span class="badges">
      {levels.map(([id, level]) => (
        <Badge key={id} tone={level}>
          {id}
        </Badge>
      ))}
      {images.length > 0 && <Badge>{count(images.length, "image")}</Badge>}
      <Badge>{count(resources.length, "resource")}</Badge>
    </span>
  );
}

/** One danger; what it sums up is shown on click. */
function DangerLines({ danger: { id, level, message, details = [] } }: { danger: Danger }) {
  return (
    <>
      <p class={`danger ${level}`}>
        <code>{id}</code> {message}
      </p>
      {details.length > 0 && (
        <details class="diff">
          <summary class={level}>
            <b>each of these {count(details.length, "right")}</b>
          </summary>
          <ul>
            {details.map((one) => (
              <li key={`${one.id} ${one.message}`}>
                <code>{one.id}</code> {one.message}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

function Facts({ change, plan }: { change: PlanChange; plan: Plan }) {
  const { clusters } = change;
  const facts = factsOf(change, plan);
  const groups = (["image", "replicas", "cause"] as const)
    .map((name) => [name, facts.filter(({ label }) => label === name)] as const)
    .filter(([, found]) => found.length > 0);
  if (groups.length === 0 && clusters.length <= 3) return null;
  const names = (
    <details class="names">
      <summary>{clusters.length} names</summary>
      {clusters.map((name) => (
        <span key={name}>{name} </span>
      ))}
    </details>
  );
  const terms = groups.map(([name, found]) => {
    const left = found.length > mostFacts ? [`and ${found.length - mostFacts} more`] : [];
    return [name, [...found.slice(0, mostFacts).map(({ text, place }) => text + place), ...left]] as const;
  });
  return <Terms terms={clusters.length > 3 ? [...terms, ["clusters", [names]]] : terms} />;
}

function Resources({ change: { component, resources, application }, plan }: { change: PlanChange; plan: Plan }) {
  const { common, resources: left, alike } = condense(resources);
  return (
    <>
      {application.length > 0 && (
        <Diff title={`~ Application ${component}`} tone="change">
          {application.map((field) => (
            <Field key={field.path} field={field} />
          ))}
        </Diff>
      )}
      {common.map((same, index) => (
        <Diff key={index} title={`~ ${same.places} times`} tone="change">
          <Field field={same} />
        </Diff>
      ))}
      {left.map((resource) => (
        <ResourceDiff key={`${resource.apiVersion} ${resourceName(resource)}`} resource={resource} plan={plan} />
      ))}
      {alike.length > 0 && <p class="muted">and nothing else in {alike.map(resourceName).join(", ")}</p>}
    </>
  );
}

function ResourceDiff({ resource, plan }: { resource: PlanResource; plan: Plan }) {
  const { change, fields = [], source, manifest } = resource;
  const title = `${signs[stateOf(resource)]} ${resourceTitle(resource, plan)}`;
  if (change === "change") {
    return (
      <Diff title={title} tone="change" source={source}>
        {fields.map((field) => (
          <Field key={field.path} field={field} />
        ))}
      </Diff>
    );
  }
  return (
    <details class="diff">
      <summary class={change}>
        <DiffTitle title={title} source={source} />
      </summary>
      <Manifest manifest={manifest} sign={change === "add" ? "+" : "-"} />
    </details>
  );
}

/** Every value of what differs between the clusters; the diffs below show the first value of each. */
function Varied({ change, plan }: { change: PlanChange; plan: Plan }) {
  const places = variedPlaces(change, plan);
  if (places.length === 0) return null;
  return (
    <details class="diff varied">
      <summary class="medium">
        <b>{count(places.length, "place")} with other values in other clusters</b>
      </summary>
      {places.map(({ title, values }) => (
        <div key={title} class="field">
          <code class="path">{title}</code>
          <ul>
            {values.map(({ text, place }) => (
              <li key={text + place}>
                <code>{text}</code> <span class="muted">in {place}</span>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </details>
  );
}
