import { isDeepStrictEqual } from "node:util";
import type { EditedFile } from "../tree/edit";
import type { OverlayFiles, PinnedComponent } from "../tree/pins";

/** An overlay that changes nothing. Kustomize refuses one without any field. */
export function emptyOverlay(stage: string): string {
  return `apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nmetadata: { name: ${stage} }\n`;
}

/** Makes an overlay what another one is, or removes it. @param of the directory of the stage or the ring that gets it */
export function overlayEdits(from: OverlayFiles | undefined, to: OverlayFiles | undefined, of: string): EditedFile[] {
  const at = (path: string) => `${of}/overlay/${path}`;
  const written = [...(from ?? [])].flatMap(([path, text]) =>
    to?.get(path) === text ? [] : [{ path: at(path), text }],
  );
  const gone = [...(to?.keys() ?? [])].filter((path) => !from?.has(path));
  return [...written, ...gone.map((path) => ({ path: at(path), text: null }))];
}

export function sameOverlays(a: OverlayFiles | undefined, b: OverlayFiles | undefined): boolean {
  return isDeepStrictEqual(a, b);
}

/** What a stage needs that gets a component for the first time: an overlay is always named, and its difference is its own. */
export function firstOverlay({ directory, overlays }: PinnedComponent, stage: string): EditedFile[] {
  if (overlays.has(stage)) return [];
  return [{ path: `${directory}/stages/${stage}/overlay/kustomization.yaml`, text: emptyOverlay(stage) }];
}
