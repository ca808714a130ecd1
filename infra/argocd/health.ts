/** Objects without a check are healthy as soon as they are there; what waits for them would begin too early. */
const constraintTemplate = `local status = {status = "Progressing", message = "Gatekeeper has not made the kind of this template yet"}
if obj.status == nil then return status end
for _, pod in ipairs(obj.status.byPod or {}) do
  for _, fault in ipairs(pod.errors or {}) do
    return {status = "Degraded", message = fault.message or fault.code or "Gatekeeper refuses this template"}
  end
end
if obj.status.created == true then return {status = "Healthy", message = "Gatekeeper has made the kind of this template"} end
return status
`;

/**
 * How Argo CD compares and judges objects of add-ons, as keys of argocd-cm. Health is Lua for kinds that it has no check for: it
 * knows those of cert-manager, External Secrets, KEDA, Gateway API, Prometheus and Argo Rollouts itself (resource_customizations).
 */
export const resourceKeys: Readonly<Record<string, string>> = {
  // The API server writes the rules of a ClusterRole that is made of others.
  "resource.compareoptions": "ignoreAggregatedRoles: true\n",
  "resource.customizations.health.templates.gatekeeper.sh_ConstraintTemplate": constraintTemplate,
};
