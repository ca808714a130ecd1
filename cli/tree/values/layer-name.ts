import { layers } from "../../../model/layers";
import { overlays } from "../../../model/overlays";
import { roleOf } from "../file-roles";

/** The name of the layer that a file of the tree belongs to. */
export function layerName(path: string): string {
  const { role } = roleOf(path);
  const overlay = overlays.find((one) => one.role === role);
  if (overlay) return overlay.name;
  if (["base", "cluster", "stage", "region", "chart"].includes(role)) return role;
  return layers.find((layer) => layer.role === role)?.name ?? "file";
}
