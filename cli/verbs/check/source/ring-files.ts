import type { CheckInput } from "../input";
import type { Component, StagePin } from "./inventory";

/** What a ring of a stage has of a component, while something is on its way through the stage. */
export interface RingFiles {
  component: Component;
  stage: string;
  ring: string;
  /** The place of the ring in its stage, from 0. */
  place: number;
  pin?: StagePin;
  /** The path of its values file. */
  values?: string;
}

/** The files of every ring that its stage lists; a ring without files is not there. */
export function ringFiles({ inventory, tree }: CheckInput): RingFiles[] {
  const found: RingFiles[] = [];
  for (const component of inventory.components.values()) {
    for (const [stage, { rings }] of tree.stages) {
      for (const [place, ring] of rings.entries()) {
        const pin = component.ringPins.get(stage)?.get(ring);
        const path = `${component.directory}/stages/${stage}/rings/${ring}/values.yaml`;
        const values = inventory.files.has(path) ? path : undefined;
        if (!pin && !values) continue;
        found.push({ component, stage, ring, place, ...(pin && { pin }), ...(values && { values }) });
      }
    }
  }
  return found;
}
