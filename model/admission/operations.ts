import { byArgoCd, scopeExpressions, type Rule } from "./policy";

const fieldOf = (holder: string, field: string) => `(has(${holder}.${field}) ? ${holder}.${field} : {})`;

const isSync = "has(object.operation) && has(object.operation.sync)";
const sync = "object.operation.sync";

/** Whether an update gives an Application another operation than it had. */
export const startsOperation =
  "(has(object.operation) && (!has(oldObject.operation) || object.operation != oldObject.operation))";

/** Whether a request leaves the status to Argo CD. */
export const keepsStatus = `${byArgoCd} || (request.operation == 'CREATE' ? !has(object.status) : ${fieldOf("object", "status")} == ${fieldOf("oldObject", "status")})`;

const running = (holder: string) => `(has(${holder}.status) && has(${holder}.status.operationState))`;
const sameOfRunning = (field: string) => {
  const [now, before] = ["object", "oldObject"].map((holder) => `${holder}.status.operationState`);
  return `has(${now}.${field}) == has(${before}.${field}) && (!has(${now}.${field}) || ${now}.${field} == ${before}.${field})`;
};

/** Whether the operation in the status is the one that was there, or none. Its result has the commit that a controller goes on with. */
const keepsOperation = `!${running("object")} || (${running("oldObject")} && ${["operation", "syncResult"].map(sameOfRunning).join(" && ")})`;

/** What a sync may bring besides the sources of the Application. */
export const operationRules = {
  manifests: {
    expression: `!(${isSync}) || !has(${sync}.manifests)`,
    message: "a sync deploys what is in Git: operation.sync.manifests is not allowed",
  },
  // Argo CD's own syncs name commits, of which no policy can see the branch. argocd-server takes no other revision than that of
  // an Application that syncs by itself. Who ends a sync of Argo CD's, or removes a label, leaves the operation as it is.
  revision: {
    expression: `!(${isSync}) || ${byArgoCd} || (request.operation == 'UPDATE' && !${startsOperation}) || ((has(${sync}.revision) ? [${sync}.revision] : []) + (has(${sync}.revisions) ? ${sync}.revisions : [])).all(r, r in ['', ${scopeExpressions.revision}])`,
    message: "who starts a sync names no revision but the one that this cluster follows",
  },
  // A controller that was restarted goes on with the operation that it finds in the status. `status --fix` ends one, or removes it.
  status: {
    expression: `${byArgoCd} || (request.operation == 'CREATE' ? !has(object.status) : ${keepsOperation})`,
    message: "only Argo CD writes an operation into the status of an Application; others may end or remove it",
  },
} satisfies Record<string, Rule>;
