import { stringify } from "yaml";

/** Without a check, objects are healthy as soon as they are there, and what waits for them begins too early. */
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

/** A constraint stays healthy when objects violate it, and says how many do. */
const constraint = `local pods = obj.status ~= nil and obj.status.byPod or {}
local waiting = #pods == 0
for _, pod in ipairs(pods) do
  for _, fault in ipairs(pod.errors or {}) do
    return {status = "Degraded", message = fault.message or fault.code or "Gatekeeper refuses this constraint"}
  end
  if pod.enforced ~= true then waiting = true end
end
if waiting then return {status = "Progressing", message = "not every pod of Gatekeeper has taken this constraint in"} end
return {status = "Healthy", message = (obj.status.totalViolations or 0) .. " violations when Gatekeeper last looked"}
`;

/** Takes the condition that decides. */
const byCondition = (type: string, waits: string) => `if obj.status ~= nil then
  for _, condition in ipairs(obj.status.conditions or {}) do
    if condition.type == "${type}" then
      if condition.status == "True" then return {status = "Healthy", message = condition.message or ""} end
      if condition.status == "False" or condition.status == "Degraded" then
        return {status = "Degraded", message = condition.message or condition.reason or "it is not ${type}"}
      end
    end
  end
end
return {status = "Progressing", message = "${waits}"}
`;

/** Envoy Gateway ignores a policy that it does not accept; each Gateway or route that it names is an ancestor. */
const envoyPolicy = `local accepted = false
if obj.status ~= nil then
  for _, ancestor in ipairs(obj.status.ancestors or {}) do
    for _, condition in ipairs(ancestor.conditions or {}) do
      if condition.type == "Accepted" then
        if condition.status ~= "True" then return {status = "Degraded", message = condition.message or condition.reason} end
        accepted = true
      end
    end
  end
end
if accepted then return {status = "Healthy", message = "Envoy Gateway has accepted this policy"} end
return {status = "Progressing", message = "Envoy Gateway has not looked at this policy yet"}
`;

/** By `group_Kind`. */
const checks: Readonly<Record<string, string>> = {
  "templates.gatekeeper.sh_ConstraintTemplate": constraintTemplate,
  "monitoring.coreos.com_Alertmanager": byCondition("Available", "the operator has not started all pods yet"),
  "policy.sigstore.dev_ClusterImagePolicy": byCondition("Ready", "the controller has not taken this policy in yet"),
};

/** By `group/Kind` with a star, which a key of a ConfigMap cannot have: Argo CD takes these as one text. */
const wideChecks: Readonly<Record<string, string>> = {
  "constraints.gatekeeper.sh/*": constraint,
  "gateway.envoyproxy.io/*Policy": envoyPolicy,
};

/**
 * How Argo CD compares and judges objects of add-ons, as keys of argocd-cm. Health is Lua for kinds that it has no check for: it
 * knows those of cert-manager, External Secrets, KEDA, Gateway API, Prometheus and Argo Rollouts itself (resource_customizations).
 */
export const resourceKeys: Readonly<Record<string, string>> = {
  // The API server writes the rules of a ClusterRole that is made of others.
  "resource.compareoptions": "ignoreAggregatedRoles: true\n",
  "resource.customizations": stringify(
    Object.fromEntries(Object.entries(wideChecks).map(([kinds, lua]) => [kinds, { "health.lua": lua }])),
  ),
  ...Object.fromEntries(Object.entries(checks).map(([kind, lua]) => [`resource.customizations.health.${kind}`, lua])),
};
